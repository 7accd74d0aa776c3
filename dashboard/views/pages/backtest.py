"""Everything the page *Backtest* shows: policies side by side on the history of one objective."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dashboard.views.backtest import advice as advice_words
from dashboard.views.backtest import told
from dashboard.views.backtest.advising import advised
from dashboard.views.backtest.making import OWN, Side, Tried, own_policy, tried
from dashboard.views.blocks import Block
from dashboard.views.counted.families import family
from dashboard.views.counted.series_index import Index
from dashboard.views.explained.advised import advice_steps
from dashboard.views.explained.backtested import backtest_steps
from dashboard.views.explained.step import Step
from dashboard.views.pages.unfound import Unfound, unfound
from dashboard.views.upkeep.board import SourceLine
from dashboard.views.upkeep.notice import Notice, no_objectives, notice_of
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_lines import source_lines
from dashboard.views.words import moment_words
from slo.errors import BurnlineError
from slo.known_policies import KNOWN, candidate
from slo.lengths import DAY_S
from slo.objective import Slo
from slo.spans import Span

NONE = "none"
FIRST = (OWN, *(one.name for one in KNOWN))
SECOND = (NONE, *FIRST)
DAYS = ("28", "90", "365", "all")


@dataclass(frozen=True, slots=True)
class BacktestWish:
    """What is asked for; `days` empty is all that is stored, `second` empty no other policy."""

    slo: str
    days: int | None
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A line of the picture: what stands there, and from when to when; `is_alert` wakes someone."""

    name: str
    spans: tuple[Span, ...]
    is_alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestPage:
    """The page of one objective; `names` are all that can be chosen."""

    slo: Slo
    names: tuple[str, ...]
    headline: str
    scope: str
    generated: str
    span: Span
    lanes: tuple[Lane, ...]
    blocks: tuple[Block, ...]
    months: Block
    steps: tuple[Step, ...]
    advice_steps: tuple[Step, ...]
    sources: tuple[SourceLine, ...]
    digest: str

    @property
    def data_words(self) -> str:
        """Up to when the history is, for the foot of the page."""
        return f"History to {moment_words(self.span.until)}"


@dataclass(frozen=True, slots=True)
class Nothing:
    """A page whose objective has no history: why, with the choice of the others."""

    names: tuple[str, ...]
    chosen: str
    notice: Notice


def choices(scene: Scene) -> dict[str, Slo]:
    """All that is promised, in the order of the configuration, by name.

    The members of a group come after it.
    """
    slos = scene.config.slos
    if not any(one.group_by for one in slos):
        return {one.name: one for one in slos}
    index = Index.of_tallies(scene.reader)
    return {one.name: one for slo in slos for one in _apart(slo, index)}


def _apart(slo: Slo, index: Index) -> Iterator[Slo]:
    """The SLO with the members of its group; those of a composite stand for themselves."""
    return iter((slo,)) if slo.composed else family(slo, index).slos


def backtest_page(scene: Scene, wish: BacktestWish) -> BacktestPage | Nothing | Unfound | Notice:
    """The page of the objective or member that is wished for, of the first where none is.

    Else which there are, or a notice where there is nothing to choose.
    """
    offered = choices(scene)
    if not offered:
        return no_objectives(scene.config.path)
    names = tuple(offered)
    name = wish.slo or names[0]
    if name not in offered:
        return unfound(name, names, str(scene.config.path))
    try:
        return _page(scene, offered[name], names, wish)
    except BurnlineError as error:
        return Nothing(names, name, notice_of(error))


def _page(scene: Scene, slo: Slo, names: tuple[str, ...], wish: BacktestWish) -> BacktestPage:
    wanted = dict.fromkeys(one for one in (wish.first, wish.second) if one)
    sides = [own_policy(slo) if one == OWN else candidate(one) for one in wanted]
    days = wish.days
    asked = None if days is None else Span(scene.as_of - days * DAY_S, scene.as_of)
    made = tried(scene, slo, sides, asked)
    advice = advised(scene, slo)
    return BacktestPage(
        slo=slo,
        names=names,
        headline=told.headline(made),
        scope=told.scope(made),
        generated="generated history" if made.is_generated else "",
        span=made.span,
        lanes=_lanes(made),
        blocks=told.blocks(made),
        months=replace(
            advice_words.block(slo, advice), words=(advice_words.headline(slo, advice),)
        ),
        steps=backtest_steps(scene, made),
        advice_steps=advice_steps(scene, slo, advice),
        sources=source_lines(scene),
        digest=scene.config.digest,
    )


def _lanes(made: Tried) -> tuple[Lane, ...]:
    """What was recorded, then the pages of each policy."""
    noted = tuple(one.span.clipped_to(made.span) for one in made.records.found)
    recorded = Lane(name=f"{made.records.noun.capitalize()}s", spans=noted)
    return (recorded, *(lane for side in made.sides for lane in _of_side(made, side)))


def _of_side(made: Tried, side: Side) -> Iterator[Lane]:
    """The pages of a policy; those of single members of a group below them."""
    name = "" if len(made.sides) == 1 else f", {told.short(side).lower()}"
    spans = tuple(page.span for page in side.found.pages)
    yield Lane(name=f"Pages{name}", spans=spans, is_alert=True)
    if side.members:
        of = tuple(sorted(page.span for one in side.members for page in one.found.pages))
        yield Lane(name=f"Of members{name}", spans=of, is_alert=True)


def lanes_alt(page: BacktestPage) -> str:
    """The picture in words."""
    counted = "; ".join(f"{one.name}: {len(one.spans):,}" for one in page.lanes)
    return f"When each was, {moment_words(page.span.since)} to {moment_words(page.span.until)}. {counted}"
