"""How burnline itself and its sources stand."""
