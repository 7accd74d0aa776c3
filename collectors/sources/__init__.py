"""The source kinds, one file each; being in this folder is the registration."""
