"""Did the migration work: the report of before and after, as values and in words."""
