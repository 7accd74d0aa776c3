"""A Prometheus collector with the waiting taken out, asked for one hour of one probe."""

from __future__ import annotations

from typing import Any

from collectors.contract import Batch
from collectors.fetch.retry import Retry
from collectors.fetch.terms import Terms
from collectors.prometheus.client import Client
from collectors.prometheus.collector import PrometheusCollector
from slo.indicator import Indicator, Uptime
from slo.rules import stream_name
from slo.spans import Span

SINCE = 1_767_268_800
HOUR = Span(SINCE, SINCE + 3_600)
NOW = HOUR.until + 60


def collector(
    url: str,
    *indicators: Indicator,
    slept: list[float] | None = None,
    longest_s: float = 60.0,
    max_raw_series: int = 500,
    **terms: Any,
) -> PrometheusCollector:
    """A collector that notes its pauses instead of making them, jitter at its longest."""
    said = Terms("hostile", f'source "hostile", {url}', **terms)
    pauses = [] if slept is None else slept
    retry = Retry(pauses.append, lambda _, longest: longest, longest_s)
    read = {stream_name(one): one for one in indicators or (Uptime("up"),)}
    client = Client.open(url, said, retry)
    return PrometheusCollector(client, "hostile", read, 300, 86_400, max_raw_series, 60)


def asked(one: PrometheusCollector, span: Span = HOUR) -> list[Batch]:
    """All batches of its first stream over the span."""
    return list(one.collect(one.streams[0], span, span.until + 60))


def ask(url: str, *, probe: str = "up", **terms: Any) -> list[Batch]:
    """All batches of one probe over the hour."""
    return asked(collector(url, Uptime(probe), **terms))
