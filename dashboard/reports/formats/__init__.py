"""The formats of a report: a file here is the registration, its `FORMAT` the rest."""
