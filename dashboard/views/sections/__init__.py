"""The parts of the page of one SLO below its charts: one file each, found by their names."""
