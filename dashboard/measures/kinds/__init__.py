"""The kinds there are: a file here with a `KIND` is one."""
