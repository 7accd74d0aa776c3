"""What is true: the values and the arithmetic of service level objectives."""
