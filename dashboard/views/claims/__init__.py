"""What a document claims, held against its own arithmetic, itself and the data."""
