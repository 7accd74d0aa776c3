"""Facts come in: sources, scheduling, and the local store they fill."""
