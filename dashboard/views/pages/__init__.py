"""Everything that one page shows, as one value."""
