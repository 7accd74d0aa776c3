"""Everything the page of one SLO shows: its figures, its course, its alert rows, its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.config import Service, SourceDef
from dashboard.views.attribution.falls import Cause, fall_causes
from dashboard.views.attribution.making import spending
from dashboard.views.blocks import Block
from dashboard.views.counted.course import CourseView, course_view
from dashboard.views.counted.figures import evaluate
from dashboard.views.counted.quantiles import Quantiles, is_offered, quantiles
from dashboard.views.counted.traffic import last_week
from dashboard.views.counted.zoom import Zoom, zooms
from dashboard.views.explained.step import Step
from dashboard.views.explained.stored import stored_steps
from dashboard.views.happened.links import Link, prometheus_link, service_links
from dashboard.views.machines.explain import steps
from dashboard.views.pages.definitions import DefinitionView, definition_view
from dashboard.views.pages.fleet import board_of
from dashboard.views.pages.objective_words import owner_words
from dashboard.views.pages.strip import Figure, strip
from dashboard.views.pages.unfound import Unfound, unfound
from dashboard.views.sections.registry import all_sections
from dashboard.views.slos.alert_rows import AlertRow, alert_rows
from dashboard.views.slos.queries import source_query
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.board import Board
from dashboard.views.upkeep.scene import Scene
from slo.objective import Slo
from slo.spans import Span
from slo.splits import is_of

MARKS = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor asks of the page: which SLO, which stretch, whether the percentile too."""

    name: str
    zoom: Zoom = Zoom.WINDOW
    with_quantile: bool = False


@dataclass(frozen=True, slots=True)
class LinkedFigure:
    """A figure of the strip, and where its query can be asked; empty where nowhere."""

    figure: Figure
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectivePage:
    """One SLO at one moment; `zooms` are the stretches that can be chosen."""

    view: SloView
    board: Board
    owner: str
    figures: tuple[LinkedFigure, ...]
    links: tuple[Link, ...]
    zooms: tuple[Zoom, ...]
    course: CourseView
    causes: tuple[Cause, ...]
    rows: tuple[AlertRow, ...]
    steps: tuple[Step, ...]
    definition: DefinitionView
    offers_quantile: bool
    quantiles: Quantiles | None = None
    sections: tuple[Drawn, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One section of the page that has something to show."""

    blocks: tuple[Block, ...]
    is_folded: bool


def objective_page(scene: Scene, wish: Wish) -> ObjectivePage | Unfound:
    """The page of the SLO that is asked for, or which ones there are."""
    config, reader = scene.config, scene.reader
    sources = {source.name: source for source in config.sources}
    promised = _promised(config.slos, wish.name)
    known = () if promised is None else _known(scene, promised)
    view = next((one for one in known if one.name == wish.name), None)
    if promised is None or view is None:
        members = [one.name for one in known[1:]]
        names = members or [one.name for one in config.slos]
        return unfound(wish.name, names, str(config.path))
    slo = view.slo
    offered = zooms(view)
    zoom = wish.zoom if wish.zoom in offered else Zoom.WINDOW
    course = course_view(reader, view, zoom, sources.get(slo.source))
    service = next((one for one in config.services if one.name == slo.service), None)
    falls = course.cliffs[:MARKS]
    return ObjectivePage(
        view=view,
        board=board_of(scene, (view,)),
        owner=_owner(service, slo.service),
        figures=_linked(view, strip(view, last_week(reader, view)), sources.get(slo.source)),
        links=_links(view, course, service, sources.get(slo.source)),
        zooms=offered,
        course=course,
        causes=fall_causes(
            falls, spending(scene.reader, scene.config.delivery, view) if falls else None
        ),
        rows=alert_rows(view),
        steps=steps(view, stored_steps(scene, view)),
        definition=definition_view(
            view,
            reader.definitions(promised.name),
            scene.as_of,
            scene.config.channels_of(view.promised),
        ),
        offers_quantile=is_offered(view),
        quantiles=quantiles(reader, view, course) if wish.with_quantile else None,
        sections=tuple(_sections(scene, view)),
    )


def _promised(slos: Sequence[Slo], name: str) -> Slo | None:
    """The SLO of that name, or the one of whose group it may be a member."""
    whole = next((one for one in slos if one.name == name), None)
    return whole or next((one for one in slos if one.group_by and is_of(name, one.name)), None)


def _known(scene: Scene, promised: Slo) -> tuple[SloView, ...]:
    """The view of the SLO, then those of its members."""
    sources = {source.name: source for source in scene.config.sources}
    (view,) = evaluate([promised], scene.reader, as_of=scene.as_of, sources=sources, edges=True)
    return (view, *view.parts)


def _sections(scene: Scene, view: SloView) -> Iterator[Drawn]:
    for _, section in all_sections():
        blocks = tuple(section.make(scene, view))
        if blocks:
            yield Drawn(blocks, section.is_folded)


def _owner(service: Service | None, name: str) -> str:
    return owner_words(service.owner, service.team, name) if service else owner_words("", "", name)


def _linked(
    view: SloView, figures: Sequence[Figure], source: SourceDef | None
) -> tuple[LinkedFigure, ...]:
    return tuple(LinkedFigure(one, _query_address(view, one.span, source)) for one in figures)


def _query_address(view: SloView, span: Span | None, source: SourceDef | None) -> str:
    """Where the counts of a span can be asked for again; empty where nobody answers queries."""
    if span is None or source is None or source.kind != "prometheus":
        return ""
    query = source_query(view.slo, source.kind, span)
    link = prometheus_link(source.address, query, span)
    return "" if link is None else link.address


def _links(
    view: SloView, course: CourseView, service: Service | None, source: SourceDef | None
) -> tuple[Link, ...]:
    """The query, then the service's own links, all at the range that the chart shows."""
    address = _query_address(view, view.span, source)
    asked = (Link("Prometheus", address),) if address else ()
    return (*asked, *service_links(service, view.service, course.axis))
