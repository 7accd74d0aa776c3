"""Which series and which spans an SLO's figures need: all of it known before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from collectors.store.ids import StoredSeries
from slo.burn import Policy, default_policy, policy_windows
from slo.indicator import Indicator
from slo.objective import Slo
from slo.rules import tally_pick
from slo.selector import Selector
from slo.spans import CalendarWindow, Span, Window, length_label

SHOWN_S = (300, 3_600, 21_600, 259_200)
HISTORY_DAYS = 28
_DAY_S = 86_400
_BASE_BIN_S = 60
_RETIRED_S = 3_600

_default_policy = cache(default_policy)


@dataclass(frozen=True, slots=True)
class Series:
    """The stored series that answer one indicator, those for its bounds apart."""

    ids: tuple[int, ...] = ()
    low_ids: tuple[int, ...] = ()
    high_ids: tuple[int, ...] = ()
    bin_s: int = _BASE_BIN_S
    until: int | None = None
    lives: tuple[Span, ...] = ()

    def members(self, at: int) -> int:
        """How many of them still reported in the hour before `at`, at least one.

        A route that was retired counts in the window's sums, but to expect minutes of it would
        water down what the others burn.
        """
        return sum(life.since < at and life.until > at - _RETIRED_S for life in self.lives) or 1

    @property
    def is_bounded(self) -> bool:
        """Whether the counts are an estimate between two that are known."""
        return bool(self.low_ids and self.high_ids)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read for one SLO: its window, the lengths whose burn counts, and its past days.

    `lengths` maps the seconds that a policy row asks for to the span that answers: the same,
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

    @property
    def members(self) -> int:
        """How many series are expected to report."""
        return self.series.members(self.at)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every span to read, in the order in which the answers are taken apart."""
        past = (span for pair in self.past for span in pair)
        return (self.span, *self.lengths.values(), *past)


class Index:
    """The stored series by what identifies them, so that an indicator finds its own at once."""

    def __init__(self, stored: Iterable[StoredSeries]) -> None:
        """Sort the series by source, name and rule, and those by each of their labels."""
        self._named: dict[tuple[str, str, str], list[StoredSeries]] = {}
        self._labelled: dict[tuple[str, str, str, tuple[str, str]], list[StoredSeries]] = {}
        for one in stored:
            name = (one.key.source, one.key.name, one.key.rule)
            self._named.setdefault(name, []).append(one)
            for label in one.key.labels:
                self._labelled.setdefault((*name, label), []).append(one)

    def answering(self, source: str, indicator: Indicator) -> Series:
        """The tally series of a source that answer an indicator; none of them is no error."""
        pick = tally_pick(indicator)
        name = (source, pick.name)
        main = self._of((*name, pick.rule), pick.selector)
        return Series(
            ids=_ids(main),
            low_ids=_ids(self._of((*name, f"{pick.rule}|low"), pick.selector)),
            high_ids=_ids(self._of((*name, f"{pick.rule}|high"), pick.selector)),
            bin_s=max((one.key.bin_s for one in main), default=_BASE_BIN_S),
            until=max((life.until for life in _lives(main)), default=None),
            lives=_lives(main),
        )

    def spread(self, source: str, indicator: Indicator) -> tuple[int, ...]:
        """The histograms of what an indicator counts: their rule is empty."""
        pick = tally_pick(indicator)
        return _ids(self._of((source, pick.name, ""), pick.selector))

    def _of(self, name: tuple[str, str, str], wanted: Selector | None) -> list[StoredSeries]:
        if wanted is None:
            return [one for one in self._named.get(name, ()) if not one.key.labels]
        found = self._named.get(name, [])
        for matcher in wanted.matchers:
            if matcher.op == "=" and matcher.value:
                label = (matcher.label, matcher.value)
                found = min(found, self._labelled.get((*name, label), []), key=len)
        return [one for one in found if wanted.matches(one.key.name, dict(one.key.labels))]


def _ids(found: Iterable[StoredSeries]) -> tuple[int, ...]:
    return tuple(one.id for one in found)


def _lives(found: Iterable[StoredSeries]) -> tuple[Span, ...]:
    """From when to when each has rows."""
    return tuple(
        Span(one.since, one.until)
        for one in found
        if one.since is not None and one.until is not None
    )


def planned(slo: Slo, series: Series, as_of: int, *, history: bool) -> Plan:
    """What to read for the SLO at the last moment that its data reach."""
    at = reached(series, as_of)
    whole, span = in_force(slo.window, at)
    policy = _default_policy(slo.objective, whole.length_s) if slo.policy is None else slo.policy
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
    )


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
    midnight = at - at % _DAY_S
    ends = [midnight - _DAY_S * back for back in reversed(range(HISTORY_DAYS - 1))]
    days = [(Span(end - _DAY_S, end), end) for end in ends]
    days.append((Span(at - _DAY_S, at), at))
    return tuple((_on_bins(in_force(window, end)[1], bin_s), day) for day, end in days)


def _on_bins(span: Span, bin_s: int) -> Span:
    """The span widened backwards to whole bins, at least one of them."""
    since = min(span.since - span.since % bin_s, span.until - bin_s)
    return Span(since, span.until)
