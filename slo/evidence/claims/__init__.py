"""What a document claims: its figures as values, and whether they follow from each other."""
