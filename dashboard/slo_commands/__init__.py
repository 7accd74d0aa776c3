"""The commands `burnline slo …`, one file each: the name of the file is that of the command."""
