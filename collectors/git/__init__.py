"""A local git repository, read through the git program: never its network, never its hooks."""
