"""The share that failed in either period: of deployments, of pipeline runs, of requests by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from collectors.store.windows import WindowAsk
from dashboard.measures import happened
from dashboard.measures.arithmetic import percent, weeks_alike
from dashboard.measures.contract import Asked, Curve, Measured, Steps, Unit
from dashboard.measures.days import Days, days_of
from dashboard.measures.observed import covered, observed_events, share_of, until_look
from dashboard.measures.picked import query_of, series_say, tallies
from dashboard.measures.rates import whole_span
from slo.delivery.facts import Deployment
from slo.delivery.figures import Happened, change_fail, pipeline_failures, rework
from slo.evidence.comparison import Comparison, Hits
from slo.evidence.shares import compared_daily_shares, compared_shares
from slo.facts import EventKind
from slo.indicator import Ratio
from slo.lengths import HOUR_S
from slo.rules import ratio_name
from slo.spans import Span
from slo.tally import Tally

EventShare = Literal["change-fail", "rework", "pipeline-failure"]
Thing = TypeVar("Thing", bound=Happened)
_NOTHING = Hits(0, 0)


def events_measured(share: EventShare, asked: Asked) -> Measured:
    """The shares of deployments, or of runs, that failed."""
    if share == "pipeline-failure":
        runs = happened.found_runs(asked)
        return _measured(runs, pipeline_failures, asked, "runs that passed or failed")
    found = happened.found_deployments(asked)
    if share == "rework":
        return _measured(found, rework, asked, "deployments of which somebody said whether planned")
    failed = happened.found_failures(asked)

    def count(mine: Sequence[Deployment]) -> Hits:
        return change_fail(mine, failed)

    blamed = observed_events(asked, (EventKind.INCIDENT,))
    return _measured(replace(found, beside=blamed), count, asked, "deployments")


def share_compared(
    found: happened.Found[Thing], count: Callable[[Sequence[Thing]], Hits], asked: Asked
) -> Comparison:
    """How many of how many in either period."""
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    before, after = (count(found.within(span)) for span in spans)
    compared = compared_shares(before, after, confidence=asked.confidence)
    return covered(compared, *map(found.coverage, spans))


def _measured(
    found: happened.Found[Thing],
    count: Callable[[Sequence[Thing]], Hits],
    asked: Asked,
    counted: str,
) -> Measured:
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    before, after = (count(found.within(span)) for span in spans)
    weeks = [_weeks(_by_day(found, count, days_of(span, asked.zone))) for span in spans]
    whole = days_of(whole_span(asked), asked.zone)
    return Measured(
        comparison=share_compared(found, count, asked),
        unit=Unit.RATIO,
        counted=counted,
        days=_curve(whole, _by_day(found, count, whole).hits),
        weeks_before=weeks[0],
        weeks_after=weeks[1],
        steps=(*_steps(before, after), *happened.sources_say(found, asked)),
        remarks=found.observed.remarks,
        query=happened.query_of(found, asked),
    )


@dataclass(frozen=True, slots=True)
class _Daily:
    """What was counted on each local day; `left_out` is what corrections cover."""

    days: Days
    hits: tuple[Hits, ...]
    left_out: float = 0

    @property
    def sum(self) -> Hits:
        return _sum(self.hits)


def _by_day(
    found: happened.Found[Thing], count: Callable[[Sequence[Thing]], Hits], days: Days
) -> _Daily:
    return _Daily(days, tuple(map(count, found.by_day(days))))


def requests_measured(now: Ratio, old: Ratio, asked: Asked) -> Measured:
    """The shares of requests that failed, by local day; `old` tells of the first period.

    Requests under a correction count on neither side, also where an SLO calls them good: that
    keeps the size of a budget, and a comparison has none. Called good they would make the period
    with more announced work the better one.
    """
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    before, after = (
        _requests(which, days_of(span, asked.zone), asked)
        for which, span in zip((old, now), spans, strict=True)
    )
    compared = compared_daily_shares(
        before.hits, after.hits, confidence=asked.confidence, seed=asked.seed
    )
    shares = (
        share_of(_observed_s(which, span, asked), span)
        for which, span in zip((old, now), spans, strict=True)
    )
    whole = days_of(whole_span(asked), asked.zone)
    return Measured(
        comparison=covered(compared, *shares),
        unit=Unit.RATIO,
        counted="days",
        days=_curve(whole, _requests(now, whole, asked).hits),
        days_old=() if old == now else _curve(before.days, before.hits),
        weeks_before=_weeks(before),
        weeks_after=_weeks(after),
        steps=(
            *_steps(before.sum, after.sum),
            *_left_out(before, after),
            *series_say(tallies(asked, now), asked),
        ),
        remarks=weeks_alike(compared),
        query=query_of(asked, ratio_name(now), ratio_name(old)),
    )


def _requests(which: Ratio, days: Days, asked: Asked) -> _Daily:
    ids = _ids(which, asked)
    (found,) = asked.reader.windows([WindowAsk(ids, days.spans)])
    left_out = sum(one.excluded_total for one in found if one is not None)
    return _Daily(days, tuple(map(_failed, found)), left_out)


def _failed(tally: Tally | None) -> Hits:
    """What failed; extrapolated counts are rounded, what corrections cover is left out."""
    if tally is None:
        return _NOTHING
    counted = tally.corrected
    of = max(0, round(counted.total))
    return Hits(min(of, max(0, round(counted.bad))), of)


def _observed_s(which: Ratio, span: Span, asked: Asked) -> float:
    """The time in which any of the series was measured; several at once count as one."""
    rows = asked.reader.tally_rows(_ids(which, asked), HOUR_S, span)
    return float(np.minimum(rows.observed_s, HOUR_S).sum())


def _ids(which: Ratio, asked: Asked) -> tuple[int, ...]:
    return tuple(one.id for one in tallies(asked, which))


def _sum(hits: Sequence[Hits]) -> Hits:
    return Hits(sum(one.hits for one in hits), sum(one.of for one in hits))


def _weeks(daily: _Daily) -> tuple[float, ...]:
    """The share of each whole week in which anything was counted."""
    sums = [_sum(daily.hits[week]) for week in daily.days.weeks()]
    return tuple(one.hits / one.of for one in sums if one.of)


def _curve(days: Days, hits: Sequence[Hits]) -> Curve:
    shares = (one.hits / one.of if one.of else None for one in hits)
    return tuple(zip(days.begins, shares, strict=True))


def _steps(before: Hits, after: Hits) -> Steps:
    said = [("formula", "failed ÷ counted; change = after − before, in points")]
    for name, each in (("before", before), ("after", after)):
        share = percent(each.hits / each.of if each.of else None)
        said.append((f"failed {name}", f"{each.hits:,} ÷ {each.of:,} = {share}"))
    return tuple(said)


def _left_out(before: _Daily, after: _Daily) -> Steps:
    """How many requests corrections cover on either side; nothing where they cover none."""
    if not before.left_out and not after.left_out:
        return ()
    sides = f"{round(before.left_out):,} before, {round(after.left_out):,} after"
    return (
        (
            "left out",
            f"requests under corrections, also of budgets in which they are good: {sides}",
        ),
    )
