"""Which stored series answer an indicator, and when each of them reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.store.ids import StoredSeries
from slo.indicator import Indicator
from slo.rules import tally_pick
from slo.selector import Selector
from slo.spans import Span

BASE_BIN_S = 60
_RETIRED_S = 3_600


@dataclass(frozen=True, slots=True)
class Series:
    """The stored series that answer one indicator, those for its bounds apart."""

    ids: tuple[int, ...] = ()
    low_ids: tuple[int, ...] = ()
    high_ids: tuple[int, ...] = ()
    bin_s: int = BASE_BIN_S
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
            bin_s=max((one.key.bin_s for one in main), default=BASE_BIN_S),
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
