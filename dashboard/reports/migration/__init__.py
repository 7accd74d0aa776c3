"""The report of a migration: for people and for spreadsheets."""
