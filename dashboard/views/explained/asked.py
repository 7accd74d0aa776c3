"""Where the counts of a span can be asked for again: the source's own query, with a link."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.explained.step import Step
from dashboard.views.happened.links import prometheus_link
from dashboard.views.slos.queries import source_query
from dashboard.views.upkeep.scene import Scene
from slo.objective import Slo
from slo.spans import Span


def asked_steps(scene: Scene, slo: Slo, span: Span) -> Iterator[Step]:
    """The query of the SLO's source over the span, and its address where one answers queries."""
    source = next((one for one in scene.config.sources if one.name == slo.source), None)
    query = source_query(slo, "" if source is None else source.kind, span)
    if not query:
        return
    yield "query", query
    yield from link_steps(scene, slo, query, span)


def link_steps(scene: Scene, slo: Slo, query: str, span: Span) -> Iterator[Step]:
    """Where a query can be asked again, of a source that answers one."""
    source = next((one for one in scene.config.sources if one.name == slo.source), None)
    if source is None or source.kind != "prometheus":
        return
    link = prometheus_link(source.address, query, span)
    if link is not None:
        yield "link", link.address
