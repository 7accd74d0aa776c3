"""The steps that bring a store to this schema: forward only, each in its own file."""
