"""What a small shop's last weeks look like: a history made up by arithmetic, to try things on.

Each minute is a pure function of its own time, so writing the files again a day later adds a
day and changes nothing that was already collected. Nothing in it was ever measured; the
shipped configuration and the file names say `generated`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slo.facts import Integers, Reals

DAYS = 60
_MINUTE_S, _PROBE_S, _DAY_S = 60, 300, 86_400


@dataclass(frozen=True, slots=True)
class Trouble:
    """A stretch of every so many days in which one thing goes wrong."""

    every_days: int
    on_day: int
    since_hour: float
    lasts_minutes: int

    def during(self, at: Integers) -> NDArray[np.bool_]:
        """Which of the moments lie in it."""
        since_s = int(self.since_hour * 3_600)
        in_day = at % _DAY_S - since_s
        right_day: NDArray[np.bool_] = at // _DAY_S % self.every_days == self.on_day
        on_time: NDArray[np.bool_] = (in_day >= 0) & (in_day < self.lasts_minutes * _MINUTE_S)
        return on_time & right_day


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the shop: its traffic, its ordinary failures and its troubles."""

    name: str
    per_minute: float
    failing: float
    failing_in_trouble: float
    latency_ms: float
    troubles: tuple[Trouble, ...]

    def in_trouble(self, at: Integers) -> NDArray[np.bool_]:
        """Which of the moments lie in any of its troubles."""
        troubled = np.zeros(len(at), dtype=np.bool_)
        for trouble in self.troubles:
            troubled |= trouble.during(at)
        return troubled


SERVICES = (
    Service("checkout", 220.0, 0.0002, 0.06, 180.0, (Trouble(9, 4, 13.5, 22),)),
    Service("search", 640.0, 0.0009, 0.35, 240.0, (Trouble(6, 1, 9.0, 35), Trouble(11, 7, 20, 50))),
    Service("catalogue", 90.0, 0.0056, 0.90, 410.0, (Trouble(5, 2, 2.25, 45),)),
)


def write(folder: Path, now: int, *, days: int = DAYS) -> tuple[Path, ...]:
    """The files written: `days` days of requests and probes that end with the minute before `now`."""
    folder.mkdir(parents=True, exist_ok=True)
    since = now // _MINUTE_S * _MINUTE_S - days * _DAY_S
    requests, probes = folder / "requests.generated.csv.gz", folder / "probes.generated.csv.gz"
    _pack(requests, "at,service,good,total", _request_rows(since, now))
    _pack(probes, "at,service,state,latency_ms", _probe_rows(since, now))
    return requests, probes


def _pack(path: Path, head: str, rows: Iterable[str]) -> None:
    """Write a gz without a time in it: the same rows are the same bytes."""
    body = "\n".join([head, *rows, ""]).encode()
    path.write_bytes(gzip.compress(body, compresslevel=6, mtime=0))


def _request_rows(since: int, now: int) -> list[str]:
    at = np.arange(since, now // _MINUTE_S * _MINUTE_S, _MINUTE_S, dtype=np.int64)
    columns = [_requests(service, at, salt) for salt, service in enumerate(SERVICES)]
    return _interleaved(at, columns)


def _requests(service: Service, at: Integers, salt: int) -> list[str]:
    total = np.floor(service.per_minute * _daily(at) + 8 * _chance(at, salt)).astype(np.int64)
    share = np.where(service.in_trouble(at), service.failing_in_trouble, service.failing)
    # A fraction of a failure becomes a whole one as often as the fraction says.
    bad = np.floor(total * share + _chance(at, salt + 100)).astype(np.int64)
    counts = zip((total - bad).tolist(), total.tolist(), strict=True)
    return [f"{service.name},{good},{events}" for good, events in counts]


def _probe_rows(since: int, now: int) -> list[str]:
    first = -(-since // _PROBE_S) * _PROBE_S
    at = np.arange(first, now, _PROBE_S, dtype=np.int64)
    columns = [_probes(service, at, salt) for salt, service in enumerate(SERVICES)]
    return _interleaved(at, columns)


def _probes(service: Service, at: Integers, salt: int) -> list[str]:
    trouble = service.in_trouble(at)
    down = trouble & (_chance(at, salt + 200) < service.failing_in_trouble)
    latency_ms = _latency_ms(service, at, salt + 300) * np.where(trouble, 3.0, 1.0)
    seen = zip(down.tolist(), latency_ms.tolist(), strict=True)
    return [f"{service.name},down," if d else f"{service.name},up,{ms:.0f}" for d, ms in seen]


def _interleaved(at: Integers, columns: list[list[str]]) -> list[str]:
    """The services' rows in the order of time, as a log has them."""
    moments = _texts(at)
    rows = zip(moments, *columns, strict=True)
    return [f"{moment},{text}" for moment, *texts in rows for text in texts]


def _texts(at: Integers) -> list[str]:
    """RFC 3339 UTC texts of epoch seconds."""
    texts = np.datetime_as_string(at.astype("datetime64[s]"), timezone="UTC")
    return [str(text) for text in texts]


def _daily(at: Integers) -> Reals:
    """Traffic over its mean: quiet at night, busiest in the afternoon (UTC)."""
    return 1.0 - 0.7 * np.cos(2 * np.pi * (at % _DAY_S - 10_800) / _DAY_S)


def _latency_ms(service: Service, at: Integers, salt: int) -> Reals:
    """A long-tailed latency around the service's usual one."""
    tail = -np.log1p(-_chance(at, salt) * 0.999)
    return service.latency_ms * (0.6 + 0.4 * tail) * (0.8 + 0.2 * _daily(at))


def _chance(at: Integers, salt: int) -> Reals:
    """One number in [0, 1) for each moment, the same whenever and wherever it is asked.

    Source: the finalizer of SplitMix64 (Steele, Lea, Flood, 2014), by which no generator has
    to be run up to the moment.
    """
    step = np.uint64((salt + 1) * 0x9E3779B97F4A7C15 % 2**64)
    x = at.astype(np.uint64) * step
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return (x >> np.uint64(11)).astype(np.float64) / float(1 << 53)
