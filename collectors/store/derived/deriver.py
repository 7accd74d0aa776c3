"""What follows from stored points: tallies per rule, and histograms of raw latencies.

Uptime     the observations of all probes that a selector matches -> seconds up and known
Latency    the samples of one series -> events at or under each threshold, and buckets
Ratio      the samples of one series, each 1 or 0 -> requests that were good, out of all
Gauge      the samples of one series -> seconds in which they keep to a bound
RawRatio   the samples of one series, each from 0 to 1 -> seconds as good as they say
Sliced     the tallies of any of these, reported ones too -> seconds of slices

A rule that was derived once is followed for ever, whether or not it is configured today: the
figures of a store depend on its facts, not on who asked for them when.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from collectors.store.derived.following import Following
from collectors.store.derived.probing import all_probes, asked_probes, follow_probes
from collectors.store.derived.refit import refit
from collectors.store.derived.sampling import follow_samples
from collectors.store.derived.slices import follow_slices
from collectors.store.ids import SeriesBook
from collectors.store.levels import Stretch
from collectors.store.points import Touched
from slo.facts import SeriesKey, SeriesKind
from slo.indicator import Latency, Ratio, Sliced, Split, Uptime, Wanted
from slo.rules import tally_pick


class Deriver:
    """Derives the series of one source within one transaction."""

    def __init__(self, connection: Connection, source: str, book: SeriesBook) -> None:
        """Nothing is read until something changed."""
        self._ground = Following(connection, source, book)

    def follow(
        self,
        touched: Sequence[Touched],
        wanted: Sequence[Wanted],
        counted: Sequence[Stretch] = (),
    ) -> None:
        """Derive anew what the changed points bear on, then the slices of all changed counts.

        `counted` is where counts changed that were reported, not derived.
        """
        self._ground.changed.extend(counted)
        if touched:
            self._follow_points(touched, with_bases(wanted))
        if self._ground.changed:
            follow_slices(self._ground, wanted)

    def ensure(self, wanted: Sequence[Wanted]) -> None:
        """Derive from all that is stored what no earlier configuration asked for."""
        known = self._ground.derived()
        for one in with_bases(wanted):
            self._ensure(one, known)
        follow_slices(self._ground, wanted)

    def _follow_points(self, touched: Sequence[Touched], wanted: Sequence[Wanted]) -> None:
        known = self._ground.derived()
        for probes in all_probes(known, wanted):
            follow_probes(self._ground, probes, touched)
        by_series: dict[SeriesKey, list[Touched]] = {}
        for one in touched:
            if one.key.kind is SeriesKind.SAMPLE:
                by_series.setdefault(one.key, []).append(one)
        for key, changes in by_series.items():
            follow_samples(self._ground, key, changes, known, wanted)

    def _ensure(self, wanted: Wanted, known: Sequence[SeriesKey]) -> None:
        match wanted:
            case Uptime() | Split(of=Uptime()):
                for probes in asked_probes(wanted):
                    follow_probes(self._ground, probes, ())
            case Latency(histogram=str(text), threshold_s=threshold_s):
                ground = self._ground
                refit(ground.connection, ground.book, ground.source, text, threshold_s)
            case Split() | Sliced() | Ratio(good=str()) | Ratio(bad=str()):
                pass
            case _:
                selector = tally_pick(wanted).selector
                for base in self._ground.members(selector, SeriesKind.SAMPLE) if selector else ():
                    follow_samples(self._ground, base.key, (), known, [wanted])


def with_bases(wanted: Sequence[Wanted]) -> list[Wanted]:
    """What is wanted, and what slices are made of."""
    made_of: list[Wanted] = []
    for one in wanted:
        match one:
            case Sliced(of=of):
                made_of.append(of)
            case Split(of=Sliced(of=of), by=by, is_breakdown=is_breakdown):
                made_of.append(Split(of, by, is_breakdown))
    return [*wanted, *made_of]
