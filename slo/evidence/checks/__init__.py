"""Was it the migration? What else could explain a change, and how much data would tell."""
