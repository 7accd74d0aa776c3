"""The one bounded way to ask over HTTP: deadlines, sizes, peers, retries, and a sentence for every failure."""
