"""What people read of the parts of an SLO: its members, and the values its bad events have."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dashboard.views.addresses import objective_address
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.counted.breakdown import Breakdown, Share
from dashboard.views.counted.families import is_retired, part_words
from dashboard.views.shares import whose_words
from dashboard.views.slos.marks import level_mark, level_tone, now_mark
from dashboard.views.slos.overview import by_need, needs_attention
from dashboard.views.slos.row_words import left_words, level_words, now_words, sli_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    burn_words,
    count_words,
    cut_words,
    duration_words,
    near_words,
    share_words,
)
from slo.indicator import MOST_MEMBERS, Combined, Composite
from slo.promise import near_percent

SHOWN = 12
_LONGEST = 60
_MEMBERS = (
    Heading("Member"),
    Heading("Now"),
    Heading("Left", is_figure=True),
    Heading("SLI", is_figure=True),
    Heading("Burn 1 h", is_figure=True),
    Heading("Bad", is_figure=True),
)


def members_block(view: SloView) -> Block:
    """Each part in a row, those that need someone first."""
    retired = [one for one in view.parts if is_retired(one, view) and view.composite is None]
    ordered = [*by_need(one for one in view.parts if one not in retired), *retired]
    words = (_composed(view),) if view.slo.composed else (_grouped(view),)
    return Block(
        title="Members",
        note=_counted(view),
        words=words,
        headings=_MEMBERS,
        rows=tuple(_member(view, one) for one in ordered[:SHOWN]),
        below=tuple(_below(view, ordered[SHOWN:])),
    )


def breakdown_block(view: SloView, found: Breakdown) -> Block:
    """The values with the most bad events, and a sentence about the first."""
    title = f"Bad {_unit(view)} by {found.label}"
    note = _since(view, found)
    if not found.shares:
        return Block(title, note, (_nothing(view, found),))
    rest = whose_words(found.rest)
    below = (f"All other values together are {rest}.",) if found.rest else ()
    return Block(
        title=title,
        note=note,
        words=(breakdown_sentence(view, found),),
        headings=(
            Heading(found.label),
            Heading(f"Bad {_unit(view)}", is_figure=True),
            Heading("Share", is_figure=True),
            Heading("Normally", is_figure=True),
        ),
        rows=tuple(_row(view, found, one) for one in found.shares),
        below=below,
    )


def breakdown_sentence(view: SloView, found: Breakdown) -> str:
    """What most of the bad events have in common, and whether that is news; empty without any."""
    if not found.shares:
        return ""
    first = found.shares[0]
    normally = "" if first.normal is None else f", normally {whose_words(first.normal)}"
    said = f"{_value(found.label, first.value)} is {whose_words(first.share)}"
    return f"{said} of bad {_unit(view)} {_since(view, found)}{normally}."


def members_sentence(view: SloView) -> str:
    """Which members fire, on the page of what burns; empty where none does."""
    firing = [one for one in by_need(view.parts) if one.firing]
    if not firing:
        return ""
    named = ", ".join(cut_words(part_words(one), _LONGEST) for one in firing[:3])
    more = f" and {len(firing) - 3} more" if len(firing) > 3 else ""  # noqa: PLR2004 - as above
    fire = "fires" if len(firing) == 1 else "fire"
    return f"Of {len(view.parts)} members {named}{more} {fire}."


def _since(view: SloView, found: Breakdown) -> str:
    if found.is_onset:
        return f"since {near_words(found.span.since, view.as_of)}"
    return f"in the last {duration_words(found.span.length_s)}"


def _nothing(view: SloView, found: Breakdown) -> str:
    if not found.bad:
        return f"There were no bad {_unit(view)} {_since(view, found)}."
    return "None of them is known by this label yet: they are told apart as they are collected."


def _row(view: SloView, found: Breakdown, one: Share) -> tuple[Cell, ...]:
    normal = "none" if one.normal is None else whose_words(one.normal)
    return (
        Cell(_value(found.label, one.value)),
        Cell(_amount(view, one.bad)),
        Cell(whose_words(one.share)),
        Cell(normal),
    )


def _value(label: str, value: str) -> str:
    return cut_words(value, _LONGEST) if value else f"no {label}"


def _unit(view: SloView) -> str:
    return "time" if view.slo.is_time_like else "events"


def _amount(view: SloView, bad: float) -> str:
    return duration_words(int(bad)) if view.slo.is_time_like else count_words(bad)


def _counted(view: SloView) -> str:
    """How many there are, and how many of them need someone."""
    many = len(view.parts)
    values = f"{many} of {many + view.beyond} values; " if view.beyond else ""
    troubled = sum(
        needs_attention(one) for one in view.parts if view.slo.composed or not is_retired(one, view)
    )
    return (
        f"{values}{troubled} of {many} to look at" if troubled else f"{values}all {many} in order"
    )


def _grouped(view: SloView) -> str:
    labels = " and ".join(view.slo.group_by)
    return (
        f"Each value of {labels} has a budget of its own, by the same objective; the figures above"
        " are of all of them together."
    )


def _composed(view: SloView) -> str:
    """How it is made of its members, and what theirs is held to here."""
    percent = f"{view.objective_percent:f} %"
    return (
        f"{_made(view, percent)} What is left and burns of each is held to {percent} here, whatever"
        " it promises by itself."
    )


def _made(view: SloView, percent: str) -> str:
    made = view.promised.indicator
    match made.method if isinstance(made, Composite) else None:
        case Combined.WORST_MEMBER:
            return f"It stands as the member that keeps {percent} least, over one window for all."
        case Combined.WEIGHTED_BURN:
            return (
                f"The burn of each member against {percent} counts by its weight; the figures above"
                " are time, as good as the SLIs are by these weights."
            )
        case Combined.UNION_OF_BAD_SLICES:
            return (
                f"A minute is bad when it is for any member, and {percent} of them must be good; it"
                " is unknown while a member is not measured and none is bad."
            )
        case _:
            return f"The events of all members are summed and held to {percent}."


def _member(view: SloView, one: SloView) -> tuple[Cell, ...]:
    """One part; its name leads to its page."""
    gone = view.composite is None and not view.slo.composed and is_retired(one, view)
    now = Cell("gone") if gone else Cell(now_words(one), now_mark(one), now_mark(one).tone)
    mark = level_mark(one)
    tally = one.tally
    return (
        _named(view, one),
        now,
        Cell(left_words(one), mark, level_tone(one), note=level_words(one)),
        Cell(sli_words(one)),
        Cell(burn_words(None if one.stale else one.burn_rate("1h"))),
        Cell("–" if tally is None else _amount(one, tally.bad)),
    )


def _named(view: SloView, one: SloView) -> Cell:
    """The part by name, with its share of the weights where it has one."""
    made = view.promised.indicator
    weights = (
        dict(zip(made.members, made.weights, strict=False)) if isinstance(made, Composite) else {}
    )
    note = (
        f"{near_percent(weights[one.name] / sum(weights.values()))} of the weight"
        if weights
        else ""
    )
    name = cut_words(part_words(one), _LONGEST)
    return Cell(name, note=note, address=objective_address(one.name))


def _below(view: SloView, hidden: Sequence[SloView]) -> list[str]:
    """How many are not shown, and which events are of no member."""
    found = []
    if hidden:
        troubled = sum(needs_attention(one) for one in hidden)
        state = f"{troubled} of them to look at" if troubled else "all of them in order"
        found.append(
            f"{len(hidden)} more members, {state}; burnline status --json lists every one."
        )
    rest = _rest(view)
    if rest:
        found.append(
            f"{share_words(rest)} of the {_unit(view)} have values beyond the first {MOST_MEMBERS}:"
            " they count in the sum alone."
        )
    return found


def _rest(view: SloView) -> Fraction | None:
    """The share of the sum's events that no member has; None while every value is a member."""
    if view.slo.composed or len(view.parts) < MOST_MEMBERS or view.tally is None:
        return None
    mine = sum(Fraction(one.tally.total) for one in view.parts if one.tally)
    whole = Fraction(view.tally.total)
    return max(Fraction(0), 1 - mine / whole) if whole else None
