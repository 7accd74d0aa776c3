"""How long things took in either period: medians, with those that have not ended yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Generic, Literal, TypeVar

from dashboard.measures import happened
from dashboard.measures.arithmetic import lasted
from dashboard.measures.contract import Asked, Measured, Steps, Unit
from dashboard.measures.days import Days, days_of
from dashboard.measures.observed import covered, observed_events, until_look
from dashboard.measures.rates import whole_span
from slo.delivery.facts import Deployment, Incident, PipelineRun
from slo.delivery.figures import (
    Happened,
    acknowledge_times,
    detect_times,
    lead_times,
    median_s,
    pipeline_times,
    recoveries,
    restore_times,
)
from slo.evidence.comparison import Comparison, Lasted
from slo.evidence.durations import compared_durations
from slo.evidence.exact import alpha_of
from slo.facts import EventKind

Which = Literal["pipeline", "lead", "recovery", "restore", "detect", "acknowledge"]
Thing = TypeVar("Thing", bound=Happened)
_HODGES_LEHMANN = (
    "change = the median of all ratios of one after to one before; it need not be the ratio of the"
    " medians"
)
_KAPLAN_MEIER = (
    "change = median after ÷ median before, in which what is open lasts at least so far"
    " (Kaplan-Meier)"
)
_UNTOLD = {
    "detect": "do not say when somebody noticed",
    "acknowledge": "do not say who took them when",
}


@dataclass(frozen=True, slots=True)
class _Meant(Generic[Thing]):
    """The things of which each lasted, how their durations are found, and what is counted.

    `untold` says why some have no duration; "" where that is no news.
    """

    found: happened.Found[Thing]
    times: Callable[[Sequence[Thing]], Lasted]
    counted: str
    says: str
    untold: str = ""


def lengths_measured(which: Which, asked: Asked) -> Measured:
    """The durations of what began in either period; open ones last at least until the look."""
    if which == "pipeline":
        return _measured(_runs(asked), asked)
    if which in {"lead", "recovery"}:
        return _measured(_lead(asked) if which == "lead" else _recovery(asked), asked)
    return _measured(_incidents(which, asked), asked)


def _runs(asked: Asked) -> _Meant[PipelineRun]:
    def times(mine: Sequence[PipelineRun]) -> Lasted:
        return pipeline_times(mine, as_of=asked.as_of)

    says = "from the beginning of a run to its end, of runs that passed; running ones are open"
    return _Meant(happened.found_runs(asked), times, "pipeline runs", says, "did not pass")


def _lead(asked: Asked) -> _Meant[Deployment]:
    def times(mine: Sequence[Deployment]) -> Lasted:
        return lead_times(mine).lasted

    says = f"from {asked.rules.lead_from} of a change to its deployment"
    return _Meant(
        happened.found_deployments(asked),
        times,
        "deployments",
        says,
        "do not say when their change was ready",
    )


def _recovery(asked: Asked) -> _Meant[Deployment]:
    failed = happened.found_failures(asked)

    def times(mine: Sequence[Deployment]) -> Lasted:
        return recoveries(mine, failed, as_of=asked.as_of)

    says = "from a failed deployment to the service restored; those still failing are open"
    blamed = observed_events(asked, (EventKind.INCIDENT,))
    found = replace(happened.found_deployments(asked), beside=blamed)
    return _Meant(found, times, "failed deployments", says)


def _incidents(which: Which, asked: Asked) -> _Meant[Incident]:
    def times(mine: Sequence[Incident]) -> Lasted:
        if which == "restore":
            return restore_times(mine, as_of=asked.as_of)
        if which == "detect":
            return detect_times(mine)
        return acknowledge_times(mine, as_of=asked.as_of)

    says = {
        "restore": "from the beginning of the impact to its end; what goes on is open",
        "detect": "from the beginning of the impact until somebody noticed, where that was noted",
        "acknowledge": "from an incident's creation to the first to take it",
    }
    return _Meant(
        happened.found_incidents(asked), times, "incidents", says[which], _UNTOLD.get(which, "")
    )


def lasted_compared(
    found: happened.Found[Thing], times: Callable[[Sequence[Thing]], Lasted], asked: Asked
) -> Comparison:
    """How long what began in either period took."""
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    before, after = (times(found.within(span)) for span in spans)
    compared = compared_durations(before, after, confidence=asked.confidence)
    return covered(compared, *map(found.coverage, spans))


def _measured(meant: _Meant[Thing], asked: Asked) -> Measured:
    found = meant.found
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    mine = [found.within(span) for span in spans]
    before, after = (meant.times(each) for each in mine)
    weeks = [_weeks(meant, days_of(span, asked.zone)) for span in spans]
    whole = days_of(whole_span(asked), asked.zone)
    medians = (median_s(meant.times(each).ended_s) for each in meant.found.by_day(whole))
    compared = lasted_compared(found, meant.times, asked)
    return Measured(
        comparison=compared,
        unit=Unit.SECONDS,
        counted=meant.counted,
        days=tuple(zip(whole.begins, medians, strict=True)),
        weeks_before=weeks[0],
        weeks_after=weeks[1],
        means=(_mean(before), _mean(after)),
        steps=(("lasted", meant.says), *_steps(before, after), *happened.sources_say(found, asked)),
        remarks=(
            *_disagreeing(compared, alpha_of(asked.confidence)),
            *_untold(before, after, [len(each) for each in mine], meant),
            *found.observed.remarks,
        ),
        query=happened.query_of(found, asked),
    )


def _weeks(meant: _Meant[Thing], days: Days) -> tuple[float, ...]:
    """The median of each whole week in which anything ended."""
    daily = meant.found.by_day(days)
    sums = ([one for day in daily[week] for one in day] for week in days.weeks())
    medians = (median_s(meant.times(each).ended_s) for each in sums)
    return tuple(one for one in medians if one is not None)


def _steps(before: Lasted, after: Lasted) -> Steps:
    """The medians, and the means beside them: one long duration moves the one and not the other."""
    said = [("formula", _KAPLAN_MEIER if before.open_s or after.open_s else _HODGES_LEHMANN)]
    for name, each in (("before", before), ("after", after)):
        still = f", {len(each.open_s):,} still open" if each.open_s else ""
        said.append((f"durations {name}", f"{len(each.ended_s):,} ended{still}"))
        median, mean = median_s(each.ended_s), _mean(each)
        if median is not None and mean is not None:
            said.append((f"median of those that ended {name}", lasted(median)))
            said.append((f"mean of those that ended {name}", lasted(mean)))
    return tuple(said)


def _mean(lasted_: Lasted) -> float | None:
    return fmean(lasted_.ended_s) if lasted_.ended_s else None


def _disagreeing(found: Comparison, alpha: float) -> tuple[str, ...]:
    """Why two things that stand beside each other point to different sides, where they do."""
    before, after = found.before, found.after
    if found.is_rising is None or before.estimate is None or after.estimate is None:
        return ()
    if not (before.still_open or after.still_open):
        if (after.estimate - before.estimate) * (1 if found.is_rising else -1) >= 0:
            return ()
        pairs, middle = ("longer", "shorter") if found.is_rising else ("shorter", "longer")
        said = f"of all pairs of one before and one after most are {pairs} after"
        return (f"{said}, and that is the change; the median alone is {middle}",)
    if found.interval is None or found.p_value is None:
        return ()
    is_apart, is_told = not found.interval.contains(1.0), found.p_value < alpha
    if is_apart is is_told:
        return ()
    still, of = before.still_open + after.still_open, before.n + after.n
    ways = ("range", "test") if is_apart else ("test", "range")
    said = (
        f"by the {ways[0]} it changed, by the {ways[1]} not: the range is that of the two medians"
    )
    weighs = f"the log-rank test weighs all of them, of which {still:,} of {of:,} have not ended"
    return (f"{said}, {weighs}",)


def _untold(
    before: Lasted, after: Lasted, counts: Sequence[int], meant: _Meant[Thing]
) -> tuple[str, ...]:
    """How many things have no duration, and why."""
    without = [
        count - len(each.ended_s) - len(each.open_s)
        for count, each in zip(counts, (before, after), strict=True)
    ]
    if not meant.untold or not any(without):
        return ()
    counts_say = f"{without[0]:,} before, {without[1]:,} after"
    return (f"{meant.counted} that {meant.untold}: {counts_say}; they are left out",)
