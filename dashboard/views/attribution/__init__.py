"""Who spent the budget of an SLO: deploys, incidents, and what nobody did."""
