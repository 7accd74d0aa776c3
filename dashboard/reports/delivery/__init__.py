"""The report of delivery and incidents: for people and for spreadsheets."""
