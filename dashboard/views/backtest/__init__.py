"""Policies tried on what is stored: the history read, the alerts that would have gone, in words."""
