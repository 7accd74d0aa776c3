"""The kinds of channel: one file each, its name is the kind."""
