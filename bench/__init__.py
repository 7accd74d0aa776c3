"""Speed, beside Prometheus and VictoriaMetrics on the same generated data in one run."""
