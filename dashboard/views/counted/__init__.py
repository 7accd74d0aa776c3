"""Where figures are made: what to read, what was read, and the arithmetic over it."""
