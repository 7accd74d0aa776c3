"""The data of the bench: requests and failures a minute of many services, seeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from slo.facts import Integers
from slo.lengths import DAY_S, MINUTE_S

TOTAL, BAD = "bench_requests", "bench_failures"


@dataclass(frozen=True, slots=True)
class Traffic:
    """`services` services over `days` days of minutes that end at `until`."""

    services: int
    days: int
    until: int

    @property
    def since(self) -> int:
        """The first second."""
        return self.until - self.days * DAY_S

    @property
    def minutes(self) -> Integers:
        """The first second of each minute."""
        return np.arange(self.since, self.until, MINUTE_S, dtype=np.int64)

    @property
    def rows(self) -> int:
        """Minutes of all services together."""
        return self.services * self.days * DAY_S // MINUTE_S

    def names(self) -> list[str]:
        """The services' names."""
        return [f"svc_{number:04}" for number in range(self.services)]

    def counts(self, service: int) -> tuple[Integers, Integers]:
        """Bad and total events of each minute: daily traffic, a steady error rate, incidents."""
        chance = np.random.default_rng(service)
        at = self.minutes
        daily = 1 - 0.6 * np.cos(2 * np.pi * (at % DAY_S) / DAY_S)
        total = chance.poisson((20 + service % 50 * 10) * daily).astype(np.int64)
        rate = np.full(len(at), 0.0002)
        for begin in chance.integers(0, len(at), size=max(1, self.days // 15)):
            rate[begin : begin + int(chance.integers(5, 90))] = 0.2
        return chance.binomial(total, rate).astype(np.int64), total

    def counters(self) -> Iterator[tuple[str, str, Integers]]:
        """Metric, service and the counter's value at each minute's end, from 0 at `since`."""
        for number, name in enumerate(self.names()):
            bad, total = self.counts(number)
            for metric, counts in ((TOTAL, total), (BAD, bad)):
                yield metric, name, np.concatenate(([0], np.cumsum(counts)))

    @property
    def edges(self) -> Integers:
        """The moments at which the counters are sampled: every minute's end, and `since`."""
        return np.arange(self.since, self.until + 1, MINUTE_S, dtype=np.int64)
