"""From what a server holds to a configuration that promises something of it."""
