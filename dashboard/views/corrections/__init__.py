"""What is said not to count as it was measured: which corrections bear on what, in words."""
