"""Configurations as text, and what is read of them or wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.config import Config, load
from slo.errors import ConfigError

EIGHT_LINES = """\
[[source]]
kind = "prometheus"
url = "http://127.0.0.1:9090"

[[slo]]
name = "checkout-latency"          # 95 % of requests under 500 ms (p95 < 500 ms), over 30 days
objective = 95
histogram = 'http_request_duration_seconds_bucket{job="checkout"}'
latency = "500ms"
"""
SOURCE = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
SLO = '[[slo]]\nname = "a"\nobjective = 99.9\n'


def configured(
    text: str, *, env: dict[str, str] | None = None, name: str = "config.toml"
) -> Config:
    Path(name).write_text(text, encoding="utf-8")
    return load(Path(name), env or {})


def problems(text: str, **kwargs: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        configured(text, **kwargs)
    return caught.value.what.split("\n")
