"""What a migration can be judged by: one file a kind of measure, from stored facts to a comparison."""
