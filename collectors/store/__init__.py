"""The local store that sources fill and views read: one schema on SQLite and PostgreSQL."""
