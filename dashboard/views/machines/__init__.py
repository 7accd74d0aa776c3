"""What commands and machines are told: check, status, explain, metrics."""
