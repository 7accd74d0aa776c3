"""Which label tells how a request ended, and which of its values are bad; unknown ones are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from collectors.fetch.failures import shown
from collectors.prometheus.discovery.asking import Metric, Service
from collectors.prometheus.discovery.catalogue import Statuses
from dashboard.views.words import share_words
from slo.selector import Matcher

_MOST_UNKNOWN = 8
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Split:
    """The events of a service as good and bad; `label` is None where that is not known.

    `excluded` leaves the events out that nobody knows to be good or bad.
    """

    label: str | None
    bad_pattern: str
    good_events: float
    bad_events: float
    excluded: tuple[Matcher, ...]
    notes: tuple[str, ...]


def split(metric: Metric, service: Service) -> Split:
    """Good and bad by the first label whose values are all known, or else by one that has some."""
    tried = list(_tried(metric.family.statuses, service))
    tried.sort(key=lambda each: len(each.unknown))
    known = next((each for each in tried if each.is_useful), None)
    if known is not None:
        return known.split()
    return Split(None, "", 0, 0, (), tuple(each.unrecognised() for each in tried))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One label read as a status: the events of each of its values, and which are which."""

    label: str
    statuses: Statuses
    events: Mapping[str, float]

    @property
    def bad(self) -> list[str]:
        return [value for value in self.events if re.fullmatch(self.statuses.bad, value)]

    @property
    def good(self) -> list[str]:
        known = [value for value in self.events if re.fullmatch(self.statuses.good, value)]
        return [value for value in known if value not in self.bad]

    @property
    def unknown(self) -> list[str]:
        return [value for value in self.events if value not in self.bad and value not in self.good]

    @property
    def is_useful(self) -> bool:
        """Whether it tells good from bad at all, and its unknown values can be named."""
        return bool(self.good or self.bad) and len(self.unknown) <= _MOST_UNKNOWN

    def split(self) -> Split:
        counted = f'Bad: {self.label}=~"{self.statuses.bad}" (there is {_listed(self.bad)}).'
        good = f" Good: {_listed(self.good)}. {self.statuses.because}."
        notes = [counted + good.replace("Good: none. ", "")]
        if self.unknown:
            every = sum(self.events.values()) or 1.0
            share = Fraction(sum(self.events[value] for value in self.unknown)) / Fraction(every)
            notes.append(
                f"ASK: is {self.label} = {_listed(self.unknown)} good or bad? That was"
                f" {share_words(share)} of the requests; they count as neither until you say:"
                " to call them good, remove != from both lines; to call them bad, add them to `bad`."
            )
        return Split(
            self.label,
            self.statuses.bad,
            sum(self.events[value] for value in self.good),
            sum(self.events[value] for value in self.bad),
            tuple(Matcher(self.label, "!=", value) for value in sorted(self.unknown)),
            tuple(notes),
        )

    def unrecognised(self) -> str:
        return f"ASK: what do the values of {self.label} mean? There are {_listed(self.unknown)}."


def _tried(statuses: Sequence[Statuses], service: Service) -> Iterator[_Reading]:
    """Every label of the catalogue that the series of the service have."""
    for meaning in statuses:
        for label in meaning.labels:
            events: dict[str, float] = {}
            for labels, count in service.detail:
                events[labels.get(label, "")] = events.get(labels.get(label, ""), 0.0) + count
            if any(events):
                yield _Reading(label, meaning, dict(sorted(events.items())))


def _listed(values: Sequence[str]) -> str:
    said = ", ".join(shown(value) or '""' for value in values[:_MOST_SHOWN])
    more = len(values) - _MOST_SHOWN
    return (said or "none") + (f" and {more} more" if more > 0 else "")
