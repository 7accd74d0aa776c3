"""Was it the migration? Flags on the rows, and one sentence for each thing that a sceptic asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.measures.arithmetic import p_words
from dashboard.views.migration.days import dated_day
from dashboard.views.migration.doubts import Doubt, doubt
from dashboard.views.migration.load import Load
from dashboard.views.migration.model import MigrationReport, Row
from dashboard.views.migration.plan import plan_notes
from dashboard.views.rounding import rounded
from dashboard.views.words import count_words
from slo.evidence.exact import alpha_of
from slo.evidence.terms import Flag, Multiple, Role, Verdict

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_NAMED = 3
_ADJUSTED = {
    Multiple.HOLM: "adjusted together",
    Multiple.BH: "adjusted together by their false discoveries",
    Multiple.NONE: "not adjusted for being several",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def doubted(report: MigrationReport, load: Load, controls: Sequence[str] = ()) -> MigrationReport:
    """The report with its flags and notes; `controls` are what services by themselves say."""
    alpha = alpha_of(report.migration.confidence)
    doubts = [doubt(row, report.migration.zone, alpha) for row in report.rows]
    notes = (
        *_look(report),
        *_tested(report),
        *_largest(doubts),
        *_placebo(doubts),
        *controls,
        *load.notes,
        *_season(doubts),
        *_weekdays(doubts),
        *_clusters(doubts),
        *_moved(report),
        *plan_notes(report.rows, report.migration.multiple, alpha),
    )
    shared = (*load.flags, *((Flag.INTERIM,) if report.is_interim else ()))
    rows = tuple(_flagged(one, shared) for one in doubts)
    return replace(report, rows=rows, notes=notes)


def _flagged(one: Doubt, shared: Sequence[Flag]) -> Row:
    """The row with its own flags, and those of all where it has a verdict."""
    is_told = one.row.metric.role is Role.GOAL and one.row.verdict is not Verdict.NOT_TESTED
    flags = (*one.row.flags, *one.flags, *(shared if is_told else ()))
    steps = tuple(_placebo_steps(one))
    made = one.row.measured
    if made is not None and steps:
        made = replace(made, steps=(*made.steps, *steps))
    return replace(one.row, flags=flags, measured=made)


def _placebo_steps(one: Doubt) -> Iterator[tuple[str, str]]:
    """The halves of before and what their test says, to be read beside the verdict's own."""
    if one.placebo is None:
        return
    found, p_value = one.placebo.comparison, one.placebo.comparison.p_value
    sides = f"n {found.before.n:,} and {found.after.n:,}"
    said = "no p-value" if p_value is None else f"p-value {p_words(p_value)}"
    best = "" if one.placebo_can_tell else ", too few to tell any trend"
    yield "first half of before against its second", f"{sides}, {said}{best}"


def _look(report: MigrationReport) -> Iterator[str]:
    if report.is_interim:
        planned = dated_day(report.migration.evaluate_at, report.migration.zone)
        yield (
            f"An early look: verdicts count on {planned}, and looking often finds changes"
            " that are none."
        )


def _tested(report: MigrationReport) -> Iterator[str]:
    """How many measures share the risk of a verdict by chance."""
    tested = sum(row.p_adjusted is not None for row in report.rows)
    if not tested:
        return
    noun = "measure" if tested == 1 else "measures"
    how = "" if tested == 1 else f", {_ADJUSTED[report.migration.multiple]}"
    yield f"{_counted(tested)} {noun} tested{how}; figures in explain."


def _largest(doubts: Sequence[Doubt]) -> Iterator[str]:
    for one in doubts:
        if not one.has_changed or one.without_largest is None:
            continue
        title = one.row.metric.title
        if one.rests_on_one:
            yield f"{title} rests on one outage: without the largest there is no such verdict."
        else:
            yield f"{title} stands without its largest outage."


def _placebo(doubts: Sequence[Doubt]) -> Iterator[str]:
    """Whether what changed was changing before; finding no trend is no proof that there is none."""
    tried = [one for one in doubts if one.has_changed and one.placebo is not None]
    trends = [one for one in tried if one.is_trend]
    mute = [one for one in tried if not one.is_trend and not one.placebo_can_tell]
    calm = len(tried) - len(trends) - len(mute)
    if trends:
        yield (
            f"{_titles(trends)}: changing the same way already before the migration began, so an"
            " earlier trend may explain it."
        )
    if calm:
        alone = calm == len(tried) == 1
        of = "" if alone else f" of {_counted(calm).lower()} measure{'' if calm == 1 else 's'}"
        yield (
            f"Placebo{of}: no trend was found inside the period before; figures of the halves"
            " in explain."
        )
    if mute:
        yield f"{_titles(mute)}: too little before to tell whether an earlier trend explains it."


def _season(doubts: Sequence[Doubt]) -> Iterator[str]:
    if any(one.season is not None and one.season.is_seasonal for one in doubts):
        yield "Different months of the year on both sides: season not ruled out."


def _weekdays(doubts: Sequence[Doubt]) -> Iterator[str]:
    uneven = [one for one in doubts if one.weekdays is not None and one.weekdays.is_uneven]
    if not uneven:
        return
    found = uneven[0].weekdays
    assert found is not None
    yield (
        f"Not the same weekdays on both sides: {_WEEKDAYS[found.weekday]}s are"
        f" {rounded(found.before * 100, 0)} % of the days before and"
        f" {rounded(found.after * 100, 0)} % after ({_titles(uneven)})."
    )


def _clusters(doubts: Sequence[Doubt]) -> Iterator[str]:
    for one in doubts:
        if one.clusters is not None:
            yield (
                f"{one.row.metric.title}: the counts come in clusters, {rounded(one.clusters, 1)}"
                " times the scatter of chance, so they are tested as that many times fewer."
            )


def _moved(report: MigrationReport) -> Iterator[str]:
    """Which services have moved, which are left, and what still comes to the old system."""
    progress = report.progress
    if progress is None:
        return
    left = [one for one in progress.services if one.moved_on is None]
    moved = len(progress.services) - len(left)
    names = f"; left: {_listed([one.service for one in left])}" if left else ""
    yield f"{moved} of {len(progress.services)} services have moved all their traffic{names}."
    still = sorted(
        (one for one in progress.services if one.still_old), key=lambda one: -one.still_old
    )
    if still:
        count = count_words(round(progress.whole.still_old))
        named = _listed([one.service for one in still])
        last = dated_day(report.as_of - 1, report.migration.zone)
        yield (f"In the 7 days to {last} {count} requests still came to the old system ({named}).")


def _titles(doubts: Sequence[Doubt]) -> str:
    return _listed([one.row.metric.title for one in doubts])


def _listed(names: Sequence[str]) -> str:
    """The names as a phrase; those beyond the third are counted."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _counted(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
