"""What is seen of an HTTP address right now: up, down or unknown, and why."""
