"""Programs for those who work on burnline; none of them is in the wheel."""
