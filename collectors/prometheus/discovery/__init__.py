"""What a Prometheus already holds that an objective could be set on."""
