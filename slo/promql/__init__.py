"""What the queries in SLO files of other tools count, as far as counts can be told from them."""
