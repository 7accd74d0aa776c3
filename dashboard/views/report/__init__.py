"""The report of a period: its figures, and what they say to people."""
