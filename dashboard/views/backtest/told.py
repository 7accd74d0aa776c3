"""What a backtest says, in words: the verdict, the figures side by side, each page, what was missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from collectors.store.widths import MINUTE_S
from dashboard.views.backtest.besides import (
    beside_words,
    excused_words,
    left_out_words,
    uncounted_words,
)
from dashboard.views.backtest.making import OWN, Member, Side, Tried
from dashboard.views.backtest.paged import (
    SHOWN,
    TITLE,
    delay_words,
    member_pages_block,
    pages_block,
    row_words,
)
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.slos.marks import Mark
from dashboard.views.words import (
    NOTHING,
    cut_words,
    decimal_words,
    duration_words,
    moment_words,
    percent_words,
    share_words,
    span_words,
)
from slo.backtest import Met
from slo.lengths import DAY_S
from slo.policy import Severity
from slo.splits import value_words

_MONTH_D = 30
_FigureRow = tuple[str, str, Callable[[Side], Cell]]


def headline(made: Tried) -> str:
    """The verdict on each policy; once where both did the same."""
    first, *others = [_verdict(made, one) for one in made.sides]
    if not others:
        return f"{made.slo.name} {first}"
    one, other = (_name(side) for side in made.sides)
    if first == others[0]:
        return f"{made.slo.name}: {one} and {other} both {first}"
    return f"{made.slo.name}: {one} {first}; {other} {others[0]}"


def scope(made: Tried) -> str:
    """Over which time, in what steps, and what the pages are held against."""
    days = Fraction(made.span.length_s, DAY_S)
    step = "by the minute"
    if made.minutes_from is not None:
        step = f"by the minute since {moment_words(made.minutes_from)}, by 15 minutes before"
    elif made.bin_s != MINUTE_S:
        step = "by 15 minutes, as finely as it is kept"
    span = f"{span_words(made.span)} ({decimal_words(days, 0)} d), {step}"
    left_out = left_out_words(made.sides[0]) if made.sides else ""
    held = "held against " if made.records.found else ""
    return f"{span}; {held}{made.records.says}{left_out}"


def blocks(made: Tried) -> tuple[Block, ...]:
    """The figures, then of each policy its pages and what it missed."""
    listed = [block for one in made.sides for block in _listed(made, one)]
    return (_figures(made), *listed)


def short(side: Side) -> str:
    """What a policy is called above its column."""
    return "Its own" if side.candidate.name == OWN else cut_words(side.candidate.name, 40)


def _verdict(made: Tried, side: Side) -> str:
    """How often it paged, how often rightly, what it missed: as far as there is something to miss."""
    pages, right = len(side.found.pages), sum(side.found.right)
    said = [f"would have paged {_times(pages)}" if pages else "would never have paged"]
    if pages and made.records.found:
        said.append(_rightly(right, pages))
    met = side.found.met
    if met:
        found = sum(one.page is not None for one in met)
        said.append(_for_words(found, len(met), made.records.noun))
    if side.member_pages:
        said.append(f"and {_times(side.member_pages)} for single members")
    return ", ".join(said)


def _for_words(found: int, count: int, noun: str) -> str:
    """For how many of what was recorded.

    >>> _for_words(1, 1, "incident"), _for_words(0, 1, "incident")
    ('for the only incident', 'not for the only incident')
    >>> _for_words(2, 2, "outage"), _for_words(1, 2, "outage"), _for_words(0, 2, "outage")
    ('for all of 2 outages', 'for 1 of 2 outages', 'for none of 2 outages')
    """
    if count == 1:
        return f"{'' if found else 'not '}for the only {noun}"
    share = "all" if found == count else f"{found:,}" if found else "none"
    return f"for {share} of {count:,} {noun}s"


def _rightly(right: int, pages: int) -> str:
    if pages == 1:
        return "rightly" if right else "for nothing recorded"
    share = "all" if right == pages else f"{right:,}" if right else "none"
    return f"{share} of them rightly"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _name(side: Side) -> str:
    return "its own policy" if side.candidate.name == OWN else f'"{side.candidate.name}"'


def _figures(made: Tried) -> Block:
    """A row a figure, a column a policy."""
    rows = tuple(
        (Cell(name, note=note), *(cell_of(side) for side in made.sides))
        for name, note, cell_of in _figure_rows(made)
    )
    heads = [Heading(short(one), is_figure=True) for one in made.sides]
    below = tuple(f"{short(one)}: {one.candidate.says}: {_rows_words(one)}." for one in made.sides)
    return Block(
        title="What would have gone out",
        headings=(Heading("Figure"), *heads),
        rows=rows,
        below=(*below, *beside_words(made)),
    )


def _rows_words(side: Side) -> str:
    told = (f"{row.severity.value} {row_words(row)}" for row in side.found.policy)
    return ", ".join(told) or "no rows"


def _figure_rows(made: Tried) -> tuple[_FigureRow, ...]:
    """The name of each figure, what it is, and its cell in the column of a policy."""
    noun = made.records.noun
    grouped: tuple[_FigureRow, ...] = (
        ("Pages of members", "while none of the sum stood", _member_pages),
        (f"{noun.capitalize()}s found with them", "had a page of the sum or of a member", _by_any),
    )
    return (
        ("Pages", "alerts that wake someone", _pages),
        ("Pages in 30 days", "", _monthly),
        ("Tickets", "alerts that wait for the morning", _tickets),
        ("Time firing", "a row of a page; of the time measured", _firing),
        (f"{noun.capitalize()}s found", "recall: had a page", _recall),
        ("Pages that were right", f"precision: an {noun} was going on", _precision),
        ("Until paged", f"median from the beginning of an {noun}", _delay),
        ("Until clear", f"median from the end of an {noun}", _reset),
        *(grouped if _has_members(made) else ()),
    )


def _pages(side: Side) -> Cell:
    return Cell(f"{len(side.found.pages):,}")


def _monthly(side: Side) -> Cell:
    days = Fraction(side.found.measured_s, DAY_S)
    if not days:
        return Cell(NOTHING)
    return Cell(decimal_words(Fraction(len(side.found.pages) * _MONTH_D) / days, 1))


def _tickets(side: Side) -> Cell:
    return Cell(f"{len(side.found.tickets):,}")


def _firing(side: Side) -> Cell:
    return _time(side.found.firing_s[Severity.PAGE], side.found.measured_s)


def _recall(side: Side) -> Cell:
    met = side.found.met
    return _share(sum(one.page is not None for one in met), len(met), side.found.recall)


def _precision(side: Side) -> Cell:
    return _share(sum(side.found.right), len(side.found.right), side.found.precision)


def _delay(side: Side) -> Cell:
    return _lasted(side.found.delay_s)


def _reset(side: Side) -> Cell:
    return _lasted(side.found.reset_s)


def _member_pages(side: Side) -> Cell:
    return Cell(f"{side.member_pages:,}")


def _by_any(side: Side) -> Cell:
    hit, of = side.found_by_any, len(side.found.met)
    return _share(hit, of, Fraction(hit, of) if of else None)


def _has_members(made: Tried) -> bool:
    return any(one.members for one in made.sides)


def _lasted(seconds: int | None) -> Cell:
    if seconds is None:
        return Cell(NOTHING)
    return Cell(duration_words(seconds) if seconds else "at once")


def _time(spent_s: int, measured_s: int) -> Cell:
    if not spent_s or not measured_s:
        return Cell("none")
    return Cell(duration_words(spent_s), note=share_words(Fraction(spent_s, measured_s)))


def _share(hit: int, of: int, share: Fraction | None) -> Cell:
    if share is None:
        return Cell(NOTHING)
    return Cell(f"{hit:,} of {of:,}", note=percent_words(share, 0))


def _listed(made: Tried, side: Side) -> Iterator[Block]:
    name = "" if len(made.sides) == 1 else f", {short(side).lower()}"
    if side.found.pages:
        yield pages_block(made, side, name)
    if side.member_pages:
        yield member_pages_block(made, side, name)
    missed = [one for one in side.found.met if one.page is None]
    if missed or side.found.unmeasured:
        yield _missed(made, side, missed, name)


def _missed(made: Tried, side: Side, missed: Sequence[Met], name: str) -> Block:
    noun = made.records.noun
    paged = side.first_to_page
    rows = [_miss(side, one, paged.get(one.recorded.key)) for one in missed[::-1][:SHOWN]]
    blind = [
        (Cell(moment_words(one.span.since)), Cell(_called(one.key, one.title)), Cell(NOTHING),
         Cell(uncounted_words(side, one), mark=Mark.FROZEN))
        for one in side.found.unmeasured[::-1][: SHOWN - len(rows)]
    ]  # fmt: skip
    more = len(missed) + len(side.found.unmeasured) - len(rows) - len(blind)
    heads = ("Began", noun.capitalize(), "Lasted", "Why")
    return Block(
        title=f"{noun.capitalize()}s without a page{name}",
        note="the latest first",
        headings=tuple(Heading(one) for one in heads),
        rows=(*rows, *blind),
        below=(f"and {more:,} more; burnline backtest --json lists all",) if more > 0 else (),
    )


def _miss(side: Side, one: Met, member: Member | None) -> tuple[Cell, ...]:
    lasted = "goes on" if one.recorded.is_open else duration_words(one.recorded.span.length_s)
    why = excused_words(side, one.recorded) or "burnt too little to page"
    if member is not None:
        why = f"{cut_words(value_words(member.slo.member), TITLE)} alone paged"
    elif one.ticket is not None:
        late_s = one.ticket.span.since - one.recorded.span.since
        why = f"a ticket alone, {delay_words(late_s)}" if late_s >= 0 else "a ticket stood already"
    called = _called(one.recorded.key, one.recorded.title)
    return Cell(moment_words(one.recorded.span.since)), Cell(called), Cell(lasted), Cell(why)


def _called(key: str, title: str) -> str:
    return cut_words(f"{key} {title}".strip(), TITLE)
