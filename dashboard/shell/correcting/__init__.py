"""How corrections come in: as people say them, from files, from incidents that were planned."""
