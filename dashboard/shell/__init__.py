"""What commands share: what was invoked, moments and reach, collecting, importing, judging."""
