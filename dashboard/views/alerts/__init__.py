"""What becomes of alerts, and what is told of them to whom."""
