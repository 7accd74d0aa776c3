"""Which series and which spans an SLO's figures need: all of it known before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from dashboard.views.counted.series_index import Series
from slo.burn import default_policy, policy_windows
from slo.lengths import DAY_S, HOUR_S, MINUTE_S
from slo.objective import Slo
from slo.policy import Policy
from slo.spans import CalendarWindow, Span, Window, length_label

SHOWN_S = (5 * MINUTE_S, HOUR_S, 6 * HOUR_S, 3 * DAY_S)
HISTORY_DAYS = 28

_default_policy = cache(default_policy)


@dataclass(frozen=True, slots=True)
class Looked:
    """A window at a moment: the whole period in force, and the part of it that is counted."""

    window: Window
    whole: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read for one SLO: its windows, the lengths whose burn counts, and its past days.

    `further` are the windows shown beside the one that decides. `lengths` maps the seconds that a policy row asks for to the span that answers: the same,
    except where the series' bins are wider.
    """

    slo: Slo
    series: Series
    at: int
    whole: Span
    span: Span
    policy: Policy
    lengths: Mapping[int, Span]
    past: tuple[tuple[Span, Span], ...]
    further: tuple[Looked, ...] = ()

    @property
    def looked(self) -> Looked:
        """The window that decides alerts and `check`."""
        return Looked(self.slo.window, self.whole, self.span)

    @property
    def members(self) -> int:
        """How many series are expected to report."""
        return self.series.members(self.at)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every span to read, in the order in which the answers are taken apart."""
        past = (span for pair in self.past for span in pair)
        further = (one.span for one in self.further)
        return (self.span, *self.lengths.values(), *further, *past)


def planned(slo: Slo, series: Series, as_of: int, *, history: bool) -> Plan:
    """What to read for the SLO at the last moment that its data reach."""
    at = reached(series, as_of)
    whole, span = in_force(slo.window, at)
    policy = policy_of(slo, whole.length_s)
    fitted = _on_bins(span, series.bin_s)
    return Plan(
        slo=slo,
        series=series,
        at=at,
        whole=whole,
        span=fitted,
        policy=policy,
        lengths=_lengths(policy, at, series.bin_s, whole.length_s),
        past=_past(slo.window, at, series.bin_s) if history else (),
        further=tuple(looked_at(window, at, series.bin_s) for window in slo.further),
    )


def looked_at(window: Window, at: int, bin_s: int) -> Looked:
    """The window in force at a moment, and its part before that in whole bins."""
    whole, span = in_force(window, at)
    return Looked(window, whole, _on_bins(span, bin_s))


def policy_of(slo: Slo, window_s: int) -> Policy:
    """The SLO's own rows, or those that fit its objective, guarded alike."""
    if slo.policy is not None:
        return slo.policy
    rows = _default_policy(slo.objective, window_s)
    if not slo.min_bad_events:
        return rows
    return tuple(replace(row, min_bad_events=slo.min_bad_events) for row in rows)


def reached(series: Series, as_of: int) -> int:
    """The end of the last whole bin that the series have by then; of none the moment itself."""
    until = as_of if series.until is None else min(as_of, series.until)
    return until - until % series.bin_s


def moved(plan: Plan, at: int, *, history: bool) -> Plan:
    """The same plan for data that end at an earlier moment."""
    return planned(plan.slo, replace(plan.series, until=at), at, history=history)


def in_force(window: Window, at: int) -> tuple[Span, Span]:
    """The whole period that holds the last second before `at`, and its part before `at`.

    So the month that ends at midnight is judged whole at midnight, not the empty one that begins.
    """
    whole = window.whole(at - 1 if isinstance(window, CalendarWindow) else at)
    return whole, Span(whole.since, at)


def labelled(lengths: Iterable[Span]) -> dict[str, Span]:
    """The spans by their length as people write it, the shortest first."""
    ordered = sorted(set(lengths), key=lambda span: span.length_s)
    return {length_label(span.length_s): span for span in ordered}


def _lengths(policy: Policy, at: int, bin_s: int, window_s: int) -> dict[int, Span]:
    shown = (length for length in SHOWN_S if length <= window_s)
    wanted = sorted({*policy_windows(policy), *shown})
    return {length: _on_bins(Span(at - length, at), bin_s) for length in wanted}


def _past(window: Window, at: int, bin_s: int) -> tuple[tuple[Span, Span], ...]:
    """For each of the last days (UTC), and for now: the window then in force, and that day."""
    midnight = at - at % DAY_S
    ends = [midnight - DAY_S * back for back in reversed(range(HISTORY_DAYS - 1))]
    days = [(Span(end - DAY_S, end), end) for end in ends]
    days.append((Span(at - DAY_S, at), at))
    return tuple((_on_bins(in_force(window, end)[1], bin_s), day) for day, end in days)


def _on_bins(span: Span, bin_s: int) -> Span:
    """The span widened backwards to whole bins, at least one of them."""
    since = min(span.since - span.since % bin_s, span.until - bin_s)
    return Span(since, span.until)
