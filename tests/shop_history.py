"""Two hours of a shop with two replicas, scraped every 15 s, with everything that bites.

replica a   serves evenly; its first 500 comes after half an hour, seven between two scrapes
replica b   restarts after an hour; five failed scrapes after an hour and a half
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BEGIN = 1_767_268_800  # a whole quarter hour
STEP_S = 15
LENGTH_S = 7_200
EDGES = ("0.1", "0.25", "0.5", "1.0", "+Inf")
FIRST_ERRORS, RESTART, FAILED = 1_800, 3_600, range(5_400, 5_475)

Key = tuple[str, str]


@dataclass
class Truth:
    """What the shop did, minute by minute."""

    total: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    bad: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    under: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))


def events(replica: str, second: int) -> dict[str, int]:
    """Requests by code in the 15 seconds before a scrape."""
    wave = (second // STEP_S) % 7
    bad = 0
    if replica == "a" and second >= FIRST_ERRORS:
        bad = 7 if second == FIRST_ERRORS else wave % 3
    return {"200": 10 + wave, "500": bad}


def spread(count: int) -> list[int]:
    """How many of so many requests lie at or under each edge."""
    return [count * share // 10 for share in (3, 6, 8, 9, 10)]


def write(path: Path) -> Truth:
    """Write what Prometheus would have stored, and return what happened."""
    truth, samples = Truth(), dict[str, list[str]]()
    for replica in ("a", "b"):
        for line, value, second in _life(replica, truth):
            samples.setdefault(line, []).append(f"{line} {value} {BEGIN + second}")
    families = {"up": "gauge", "shop_requests": "counter", "shop_seconds": "histogram"}
    lines = []
    for family, kind in families.items():
        lines.append(f"# TYPE {family} {kind}")
        lines += [row for line in samples if line.startswith(family) for row in samples[line]]
    path.write_text("\n".join([*lines, "# EOF", ""]))
    return truth


def _life(replica: str, truth: Truth) -> Iterator[tuple[str, int, int]]:
    target = f'job="shop",instance="{replica}"'
    counts: dict[str, int] = defaultdict(int)
    buckets = [0] * len(EDGES)
    for second in range(0, LENGTH_S + 1, STEP_S):
        if replica == "b" and second == RESTART:
            counts.clear()
            buckets = [0] * len(EDGES)
        happened = events(replica, second) if second else {}
        for code, count in happened.items():
            counts[code] += count
        fast = spread(sum(happened.values()))
        buckets = [bucket + count for bucket, count in zip(buckets, fast, strict=True)]
        _enter(truth, second, happened, fast)
        failed = replica == "b" and second in FAILED
        yield f"up{{{target}}}", 0 if failed else 1, second
        if failed:
            continue
        for code, count in counts.items():
            if count:
                yield f'shop_requests_total{{{target},code="{code}"}}', count, second
        for edge, count in zip(EDGES, buckets, strict=True):
            yield f'shop_seconds_bucket{{{target},le="{edge}"}}', count, second
        yield f"shop_seconds_count{{{target}}}", buckets[-1], second


def _enter(truth: Truth, second: int, happened: dict[str, int], fast: list[int]) -> None:
    minute = BEGIN + (-(-second // 60) - 1) * 60
    truth.total[minute] += sum(happened.values())
    truth.bad[minute] += happened.get("500", 0)
    for edge, count in zip(EDGES, fast, strict=True):
        truth.under[minute, edge] += count
