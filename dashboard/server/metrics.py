"""`/metrics`: the view's series in the text that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response

from dashboard import serving
from dashboard.server.ready import hindrance, opened
from dashboard.views.machines.exposition import Family, families, standing
from slo.errors import BurnlineError

_FRESH = {"Cache-Control": "no-store"}


class Exposed:
    """Hands families over to a registry: what Prometheus' own client calls a collector."""

    def __init__(self, told: Iterable[Family]) -> None:
        """Hand these over."""
        self._told = tuple(told)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families with their samples."""
        for family in self._told:
            made = GaugeMetricFamily(family.name, family.meaning, labels=family.labels)
            for labels, value in family.samples:
                made.add_metric(labels, value)
            yield made


def metrics(request: Request) -> Response:
    """Everything there is to scrape at this moment; less where the store cannot be read."""
    registry = CollectorRegistry()
    registry.register(Exposed(_told()))
    encode, kind = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(registry), headers=_FRESH, media_type=kind)


def _told() -> tuple[Family, ...]:
    served = serving.current()
    own = standing(served.load(), is_in_force=served.problem is None, is_ready=hindrance() is None)
    try:
        with opened() as scene:
            return (*own, *families(scene))
    except BurnlineError:
        return own
