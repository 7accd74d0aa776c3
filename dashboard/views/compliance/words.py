"""Which months or quarters kept their promise, in words: one block for the page and the shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from zoneinfo import ZoneInfo

from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.compliance.making import Kept, Record
from dashboard.views.slos.dates import day_words
from dashboard.views.slos.marks import Mark, Tone
from dashboard.views.words import (
    NOTHING,
    budget_words,
    decimal_words,
    decimals_of,
    duration_words,
    percent_words,
    share_words,
)
from slo.compliance import Compliance
from slo.coverage import ENOUGH
from slo.judgement import Level, State, level_of
from slo.objective import Slo, counted_word
from slo.periods import NamedPeriod, ReportPeriod
from slo.promise import bad_word
from slo.spans import moment

_MEASURED = Fraction(99, 100)
_NOTHING_YET = "Nothing was measured yet, so no period was kept or missed."
_PLENTY = 100
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOUNS = {ReportPeriod.MONTH: "Months", ReportPeriod.QUARTER: "Quarters"}


def block(record: Record, by: ReportPeriod, *, title: str = "", most: int | None = None) -> Block:
    """The periods with the latest first; `most` of them, the older ones counted."""
    shown = record.periods[:most]
    older = len(record.periods) - len(shown)
    return Block(
        title=title or f"{_NOUNS[by]} kept: {summary_words(record)}",
        note=f"midnight to midnight, {record.zone.key}",
        words=() if shown else (_NOTHING_YET,),
        headings=_headings(record.slo, by) if shown else (),
        rows=tuple(_row(kept, record) for kept in shown),
        below=tuple(_below(shown, older, by)),
    )


def period_words(period: NamedPeriod) -> str:
    """A month or a quarter as people call it.

    >>> from slo.periods import last_complete
    >>> utc = ZoneInfo("UTC")
    >>> [period_words(last_complete(kind, utc, 1_795_392_000)) for kind in _NOUNS]
    ['Oct 2026', 'Q3 2026']
    """
    local = moment(period.span.since).astimezone(period.zone)
    if period.kind is ReportPeriod.QUARTER:
        return f"Q{(local.month + 2) // 3} {local.year}"
    return f"{_MONTHS[local.month - 1]} {local.year}"


def result_words(kept: Kept) -> str:
    """Whether the promise was kept; of a running period so far, of a measured one alone.

    Of one that was measured for less than a half it says for how much.
    """
    verdict = kept.compliance.is_kept
    if verdict is None:
        return kept.state.words if kept.state is not State.OK else "no traffic"
    word = "kept" if verdict else "missed"
    if kept.is_running:
        return f"{word} so far"
    return word if kept.counts else f"{word}, of {share_words(kept.coverage)} measured"


def summary_words(record: Record) -> str:
    """How many of the periods that ended kept their promise, and how the running one stands.

    A period of which less than half was measured is not among them.
    """
    judged = [one for one in record.periods if one.counts and not one.is_running]
    held = sum(one.compliance.is_kept is True for one in judged)
    said = [f"{held:,} of {len(judged):,}"] if judged else []
    running = next((kept for kept in record.periods if kept.is_running), None)
    if running is not None and running.compliance.is_kept is not None:
        said.append(f"this {running.period.kind.value} {result_words(running)}")
    few = any(one.compliance.is_kept is not None for one in record.periods)
    return ", ".join(said) or ("none was measured for a half" if few else "none was measured")


def _headings(slo: Slo, by: ReportPeriod) -> tuple[Heading, ...]:
    bad = f"{bad_word(slo.indicator)}".capitalize()
    return (
        Heading(by.value.capitalize()),
        Heading("Result"),
        Heading("Target", is_figure=True),
        Heading("SLI", is_figure=True),
        Heading(f"{bad} of allowed", is_figure=True),
        Heading("Budget left", is_figure=True),
    )


def _row(kept: Kept, record: Record) -> tuple[Cell, ...]:
    made, zone = kept.compliance, record.zone
    return (
        Cell(period_words(kept.period), note=_until(kept, zone)),
        _result(kept, record.slo),
        _target(kept, zone),
        _sli(kept, made),
        Cell(_spent(kept, made)),
        Cell(budget_words(made.remaining), note=_ahead(kept)),
    )


def _until(kept: Kept, zone: ZoneInfo) -> str:
    """Up to when a running period goes."""
    if not kept.is_running:
        return ""
    local = moment(kept.span.until).astimezone(zone)
    return f"to {day_words(kept.span.until, zone)} {local:%H:%M}"


def _targets(kept: Kept) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{one.slo.objective.percent:f} %" for one in kept.parts))


def _target(kept: Kept, zone: ZoneInfo) -> Cell:
    """The target; of several the last, and from which day on each held."""
    first, *others = kept.parts
    changes = [
        f"{one.slo.objective.percent:f} % from {day_words(one.span.since, zone)}"
        for before, one in zip(kept.parts, others, strict=False)
        if one.slo.objective != before.slo.objective
    ]
    return Cell(f"{first.slo.objective.percent:f} %", note=", ".join(changes))


def uncorrected_words(sli: Fraction | None, raw: Fraction | None, decimals: int) -> str:
    """The SLI as it was measured, beside the one that counts; not told twice in the same digits.

    >>> uncorrected_words(Fraction(99, 100), Fraction(98, 100), 1)
    '98.0 % uncorrected'
    >>> uncorrected_words(Fraction(98, 100), Fraction(98, 100), 1)
    'the same uncorrected'
    """
    said = percent_words(raw, decimals)
    return "the same uncorrected" if said == percent_words(sli, decimals) else f"{said} uncorrected"


def _sli(kept: Kept, made: Compliance) -> Cell:
    """The SLI, how much of the time it rests on, and what it was before corrections."""
    decimals = max(decimals_of(one.slo.objective.percent) for one in kept.parts)
    is_estimated = made.tally is not None and made.tally.estimated_s > 0
    about = "≈ " if is_estimated and made.sli is not None else ""
    notes = []
    if kept.is_corrected:
        notes.append(uncorrected_words(made.sli, kept.uncorrected.sli, decimals))
    is_said = not kept.counts and not kept.is_running
    if made.sli is not None and not is_said and (kept.coverage or 0) < _MEASURED:
        notes.append(f"{share_words(kept.coverage)} measured")
    return Cell(f"{about}{percent_words(made.sli, decimals)}", note=", ".join(notes))


def _spent(kept: Kept, made: Compliance) -> str:
    """How much was bad, of how much may have been."""
    if not made.allowed:
        return NOTHING
    return f"{_amount(kept, made.bad)} of {_amount(kept, made.allowed)}"


def _amount(kept: Kept, amount: Fraction) -> str:
    """Events or time, rounded down; of few events a tenth is shown."""
    if kept.parts[-1].slo.is_time_like:
        return duration_words(int(amount))
    is_plenty = amount >= _PLENTY or amount.denominator == 1
    return decimal_words(amount, 0 if is_plenty else 1)


def _ahead(kept: Kept) -> str:
    """What will be left of the whole period's budget."""
    if kept.projected is None:
        return ""
    return f"{budget_words(kept.projected)} of the whole {kept.period.kind.value}"


def _tone(kept: Kept) -> Tone:
    """Only a period that still runs asks for anything."""
    if not kept.is_running:
        return Tone.PLAIN
    level = level_of(kept.compliance.remaining)
    return {Level.SPENT: Tone.RED, Level.LOW: Tone.AMBER}.get(level, Tone.PLAIN)


def _result(kept: Kept, slo: Slo) -> Cell:
    """The verdict; of a composite with the member that kept least."""
    verdict, member = kept.compliance.is_kept, kept.parts[-1].slo.name
    note = "" if member == slo.name else f"{member} the least"
    if verdict is None:
        return Cell(result_words(kept), Mark.FROZEN, note=note)
    mark = Mark.QUIET if verdict else Mark.SPENT
    return Cell(result_words(kept), mark, _tone(kept), note)


def _below(shown: Sequence[Kept], older: int, by: ReportPeriod) -> Iterator[str]:
    if any(kept.projected is not None for kept in shown):
        yield (
            f"Of the whole {by.value}: if the rest of it has the same target and traffic and nothing"
            " else is bad."
        )
    if any(len(_targets(kept)) > 1 for kept in shown):
        yield (
            f"A {by.value} with two targets may have as many bad as each part allows by its own, "
            "added up."
        )
    if any(kept.compliance.is_kept is not None and not kept.counts for kept in shown):
        yield f"A {by.value} is counted once {share_words(ENOUGH)} of the whole was measured."
    if older:
        noun = by.value if older == 1 else f"{by.value}s"
        yield f"{older} {noun} before; burnline slo compliance shows them all."


def counted_in(slo: Slo) -> str:
    """What the counts of the SLO are, for who reads them by machine."""
    return "seconds" if slo.is_time_like else counted_word(slo.indicator)
