"""The texts of a configuration with a migration, piece by piece."""

from __future__ import annotations

FILES = (
    '[[source]]\nname = "shop"\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "probes"\n'
)
PROMETHEUS = '[[source]]\nname = "prom"\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
PERIODS = """\
[[migration]]
name = "cloud"
before = [2025-01-01, 2025-07-01]
after = [2025-10-01, 2026-04-01]
"""
INCIDENTS = '[[migration.metric]]\nid = "incidents"\nkind = "event_rate"\nevents = "incident"\n'
LATENCY = """\
[[migration.metric]]
id = "p95"
kind = "latency_quantile"
samples = 'request_seconds{service="api"}'
"""
COST = '[[migration.metric]]\nid = "cost"\nkind = "snapshot"\ngauge = "cost"\n'
BESIDE = """\
[[migration.beside]]
title = "checkout"
kind = "latency_quantile"
old = 'request_seconds{side="old"}'
new = 'request_seconds{side="new"}'
"""
MOVED = '[[migration.service]]\nname = "checkout"\ncutover = 2025-08-14\n'
BREAK = '[[migration.break]]\nat = 2025-03-01\ntext = "fewer are published"\n'
