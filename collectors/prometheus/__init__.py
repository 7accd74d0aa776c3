"""Reading Prometheus: what to ask, what an answer says, and which facts follow from it."""
