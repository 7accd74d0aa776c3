"""Deployments, pipeline runs, releases and incidents: what they are, and the figures made of them."""
