"""How files become facts: reading, formats, times, mapping and batches, each a pure function."""
