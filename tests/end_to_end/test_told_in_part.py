"""What a Prometheus tells in part, from its answer to the exit code of `burnline check`."""

from __future__ import annotations

from pathlib import Path

import pytest
from components.hostile import Hostile, matrix, reply
from prometheus_source import HOUR, NOW, SINCE, collector
from verdict_builders import Ran, burnline

from collectors.store.store import Store, WindowAsk
from slo.facts import SeriesKind
from slo.indicator import Indicator, Latency, Uptime
from slo.spans import Span
from slo.tally import Tally

CONFIG = """
[[source]]
name = "hostile"
kind = "prometheus"
url = "http://127.0.0.1:9090"

[[slo]]
name = "promise"
objective = 99
window = "1d"
%s
"""
UPTIME, PROBE = Uptime("up"), 'uptime = "up"'
SAMPLED, VALUES = Latency(0.5, samples="took"), 'samples = "took"\nlatency = "500ms"'
COUNTED, BUCKETS = Latency(0.25, histogram="h_bucket"), 'histogram = "h_bucket"\nlatency = "250ms"'
WARNED = {"warnings": ["store gateway down"]}


def values(name: str, *said: str) -> dict[str, object]:
    """An answer of one series that says these in turn, every half minute of the hour."""
    samples: list[list[object]] = [
        [SINCE + 30 * i, said[i % len(said)]] for i in range(HOUR.length_s // 30 + 1)
    ]
    return matrix(({"__name__": name}, samples))


def buckets(scale: int = 1) -> dict[str, object]:
    """An answer of one histogram with 10 requests each 15 s, 4 of them within 250 ms."""
    at = range(SINCE - 600, NOW, 15)
    return matrix(
        *(
            (
                {"__name__": "h_bucket", "le": le, "job": "a"},
                [[t, str((t - SINCE + 7_200) // 15 * rate * scale)] for t in at],
            )
            for le, rate in (("0.25", 4), ("0.5", 9), ("+Inf", 10))
        )
    )


def collected(
    store: Store, answer: dict[str, object], indicator: Indicator, now: int, span: Span = HOUR
) -> None:
    with Hostile(reply(answer)) as server:
        source = collector(server.url, indicator, max_raw_series=10**9)
        for batch in source.collect(source.streams[0], span, now):
            store.ingest("hostile", source.streams[0], batch, (indicator,), now=now)


def window(store: Store, indicator: Indicator) -> Tally:
    ids = tuple(one.id for one in store.reader.pick("hostile", indicator))
    found = store.reader.windows([WindowAsk(ids, (HOUR,))])[0][0]
    assert found is not None
    return found


def events(store: Store, span: Span = HOUR) -> float:
    ids = [one.id for one in store.reader.series("hostile", SeriesKind.HISTOGRAM)]
    found = store.reader.measured.histogram(ids, span)
    return 0.0 if found is None else float(found.count.sum())


def checked(folder: Path, answer: dict[str, object], indicator: Indicator, slo: str) -> Ran:
    (folder / "config.toml").write_text(CONFIG % slo)
    with Store.open(f"sqlite:///{folder}/burnline.db", now=NOW) as store:
        collected(store, answer, indicator, NOW)
    return burnline("check", "--json", "--as-of", "2026-01-01T13:00:00Z", folder=folder)


@pytest.mark.parametrize(
    ("answer", "indicator", "slo"),
    [
        (values("up", "1", "0"), UPTIME, PROBE),
        (values("took", "0.1", "0.9"), SAMPLED, VALUES),
        (buckets(), COUNTED, BUCKETS),
    ],
)
def test_what_pages_when_told_whole_is_a_ticket_when_told_in_part(
    tmp_path: Path, answer: dict[str, object], indicator: Indicator, slo: str
) -> None:
    for part in ("whole", "part"):
        (tmp_path / part).mkdir()

    whole = checked(tmp_path / "whole", answer, indicator, slo)
    part = checked(tmp_path / "part", answer | WARNED, indicator, slo)

    assert (whole.code, whole.slo["now"], whole.slo["state"]) == (2, "paging", "OK")
    assert (part.code, part.slo["now"], part.slo["state"]) == (1, "ticket", "PARTIAL")
    assert part.slo["sli"] == whole.slo["sli"]


@pytest.mark.parametrize("order", [("whole", "part"), ("part", "whole")])
def test_a_histogram_told_whole_stands_against_a_part_of_it_in_any_order(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    answers = {"whole": buckets(5), "part": buckets(1) | WARNED}

    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOW) as store:
        for place, which in enumerate(order):
            collected(store, answers[which], COUNTED, NOW + place)

        assert window(store, COUNTED).partial_s == 0
        assert events(store) == window(store, COUNTED).total == 60 * 4 * 10 * 5


def test_quarter_hours_of_a_page_with_warnings_are_partial_and_the_others_are_not(
    tmp_path: Path,
) -> None:
    later = Latency(0.5, histogram="h_bucket")

    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOW) as store:
        collected(store, buckets() | WARNED, COUNTED, NOW, Span(SINCE, SINCE + 1_800))
        collected(store, buckets(), COUNTED, NOW, Span(SINCE + 1_800, HOUR.until))
        store.ensure("hostile", (later,))

        assert window(store, COUNTED).partial_s == window(store, later).partial_s == 1_800
        assert events(store) == 60 * 4 * 10
