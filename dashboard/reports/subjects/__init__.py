"""What reports can be about: a file here with a `SUBJECT` is one."""
