"""The local store: facts in, tallies and histograms out, on SQLite and PostgreSQL."""
