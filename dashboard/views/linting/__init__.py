"""What is odd about a promise and its alert rows before anything burns."""
