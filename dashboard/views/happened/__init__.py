"""What happened beside the figures: deployments, incidents, their names and links."""
