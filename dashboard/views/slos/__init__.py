"""One SLO as every surface knows it, in a value and in words."""
