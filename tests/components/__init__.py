"""Real servers and programs for tests and benches: found, brought, started and stopped."""
