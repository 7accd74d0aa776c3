"""Who is held to have spent a fall of the budget, by the same arithmetic as the whole window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from collectors.store.widths import QUARTER_S, floor
from dashboard.views.attribution.making import Spender, Spending
from dashboard.views.words import cut_words, duration_words
from slo.cliffs import Cliff
from slo.spans import Span

_LONGEST = 30
# Whoever spent less than so much of what somebody is held to have spent is not named.
_LEAST = 5


class CauseKind(StrEnum):
    """Who is held to have spent a fall."""

    INCIDENT = "incident"
    DEPLOY = "deploy"
    UNKNOWN = "no known cause"


@dataclass(frozen=True, slots=True)
class Blame:
    """Who is held to have spent a stretch: `key` is the shortest, `name` short, `words` say more."""

    kind: CauseKind
    key: str
    name: str
    words: str


NOBODY = Blame(CauseKind.UNKNOWN, *[CauseKind.UNKNOWN.value] * 3)


@dataclass(frozen=True, slots=True)
class Cause:
    """A fall of the budget and who spent it."""

    cliff: Cliff
    blame: Blame


def fall_causes(falls: Sequence[Cliff], made: Spending | None) -> tuple[Cause, ...]:
    """Each fall with those who spent it."""
    return tuple(Cause(fall, blame(Span(fall.since, fall.until), made)) for fall in falls)


def blame(stretch: Span, made: Spending | None) -> Blame:
    """Those who spent in a stretch, the most first; nobody where they did not spend half of it.

    Bad events are counted in parts of quarter hours, as the budget is attributed: the table of who
    spent it and the chart name the same.
    """
    whole = Span(floor(stretch.since, QUARTER_S), stretch.until)
    spenders = () if made is None else _spenders(made, whole)
    if not spenders:
        return NOBODY
    first = spenders[0]
    kind = CauseKind.INCIDENT if first.suspect.is_incident else CauseKind.DEPLOY
    words = "; ".join(_said(one, stretch) for one in spenders)
    return Blame(kind, cut_words(first.short, _LONGEST), _name(spenders), words)


def _said(one: Spender, stretch: Span) -> str:
    """What it is called; of a change how long before it came, for hours make it doubtful."""
    before_s = stretch.since - one.suspect.at
    if one.suspect.is_incident or before_s <= 0:
        return one.name
    return f"{one.name}, {duration_words(before_s)} before"


def _name(spenders: Sequence[Spender]) -> str:
    """What there is room for beside the line."""
    first, *others = spenders
    if not others:
        return first.name if len(first.name) <= _LONGEST else cut_words(first.short, _LONGEST)
    more = f"{len(others)} more" if len(others) > 1 else cut_words(others[0].short, _LONGEST)
    return f"{cut_words(first.short, _LONGEST)} and {more}"


def _spenders(made: Spending, span: Span) -> list[Spender]:
    """Those who spent of the quarter hours of a fall, an incident before a deploy of as much."""
    spent = [(one.made_of.within(span), one) for one in made.spenders]
    known = sum(part for part, _ in spent)
    bad = float(made.counted.bad[made.counted.within(span)].sum())
    if not known or known * 2 < bad:
        return []
    named = [(part, one) for part, one in spent if part * _LEAST >= known]
    named.sort(key=lambda pair: (-pair[0], not pair[1].suspect.is_incident, pair[1].suspect.at))
    return [one for _, one in named]
