"""Reports on a schedule: when they are due, how they are written, where they are put."""
