"""Every kind of indicator from a real Prometheus, judged by Prometheus itself.

The query that a page shows is put to the server that the counts came from. Its range is asked for
one second shorter, so that no version of it counts the sample at the very beginning. A sample at
the edge of two slices is in the earlier one there and in the later one here, so slices of samples
are such that one sample decides none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from conftest import StartPrometheus
from verdict_builders import Shop, an_slo

from collectors.contract import Named
from collectors.run import Lane, Pace, collect_once
from collectors.sources.prometheus import SOURCE, Options
from collectors.store.store import Store
from dashboard.views.counted.figures import evaluate
from dashboard.views.slos.queries import source_query
from slo.indicator import Gauge, Indicator, Latency, Op, Ratio, RawRatio, Sliced, bases
from slo.spans import RollingWindow, Span

pytestmark = [pytest.mark.prometheus]

SINCE = 1_767_268_800
HOURS = 2
UNTIL = SINCE + HOURS * 3_600
NOW = UNTIL + 120
WINDOW = RollingWindow(3_600)

REQUESTS = Ratio("requests_total", bad="errors_total")
KINDS: dict[str, Indicator] = {
    "depth": Gauge("depth", Op.LT, 100.0),
    "free": Gauge("depth", Op.GTE, 100.0),
    "points": Gauge("p95_seconds", Op.LTE, 0.5, percentile="p95"),
    "ok": RawRatio("ok_ratio"),
    "failing": RawRatio("ok_ratio", is_failure=True),
    "slices of requests": Sliced(REQUESTS, 300, Fraction(9, 10)),
    "requests by slices": Sliced(REQUESTS, 300),
    "slices of points": Sliced(
        Gauge("p95_seconds", Op.LTE, 0.5, percentile="p95"), 900, Fraction(4, 5)
    ),
    "slices of samples": Sliced(Latency(0.5, samples="p95_seconds"), 900, Fraction(1, 2)),
}


def history(path: Path) -> Path:
    """Two hours by the minute; the last minute of an hour is as the last of the one before."""
    lines: dict[str, list[str]] = {name: [] for name in ("depth", "p95_seconds", "ok_ratio")}
    counted: dict[str, list[str]] = {"requests": [], "errors": []}
    requests = errors = 0
    for minute in range(HOURS * 60 + 1):
        at, place = SINCE + 60 * minute, minute % 60
        lines["depth"].append(f"depth {150 if place % 7 == 3 else 20} {at}")
        lines["p95_seconds"].append(f"p95_seconds {0.8 if 20 <= place < 33 else 0.2} {at}")
        lines["ok_ratio"].append(f"ok_ratio {0.5 if 10 <= place < 20 else 0.75} {at}")
        requests += 10 * (1 + place % 5)
        errors += 8 if 40 <= place < 52 else 0
        counted["requests"].append(f"requests_total {requests} {at}")
        counted["errors"].append(f"errors_total {errors} {at}")
    text = "".join(
        f"# TYPE {name} gauge\n" + "\n".join(rows) + "\n" for name, rows in lines.items()
    )
    text += "".join(
        f"# TYPE {name} counter\n" + "\n".join(rows) + "\n" for name, rows in counted.items()
    )
    path.write_text(f"{text}# EOF\n")
    return path


@contextmanager
def collected(folder: Path, url: str) -> Iterator[Store]:
    named = Named("shop", "config.toml:1", bases(KINDS.values()))
    source = SOURCE.build(named, Options(url=url))
    lane = Lane("shop", source, tuple(KINDS.values()), backfill_s=NOW - SINCE, settle_s=30)
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOW) as store:
        run = collect_once(lane, store, NOW, Pace(lambda: NOW, lambda: 0.0, lambda _: None))
        assert run.error is None, run.error
        yield store


def asked(url: str, query: str, at: int) -> Fraction:
    """What Prometheus says of the query at the moment."""
    with urlopen(f"{url}/api/v1/query?{urlencode({'query': query, 'time': at})}") as answer:
        (found,) = json.load(answer)["data"]["result"]
    return Fraction(found["value"][1])


def test_prometheus_gives_the_same_figure_for_the_query_of_every_kind(
    tmp_path: Path, prometheus: StartPrometheus
) -> None:
    server = prometheus(openmetrics=history(tmp_path / "history.om"))
    slos = [
        an_slo("90", name=name, window=WINDOW, indicator=indicator)
        for name, indicator in KINDS.items()
    ]

    with collected(tmp_path, server.url) as store:
        views = evaluate(slos, store.reader, as_of=UNTIL, sources={"shop": Shop("prometheus")})

    for view in views:
        assert view.sli is not None, view.name
        assert view.tally is not None
        assert view.tally.total == 3_600, view.name
        query = source_query(view.slo, "prometheus", Span(UNTIL - 3_599, UNTIL))
        theirs = asked(server.url, query.partition("  #")[0], UNTIL)
        assert float(view.sli) == pytest.approx(float(theirs), abs=1e-9), view.name


def test_what_is_no_ratio_is_told_and_what_is_missing_is_said_to_be(
    tmp_path: Path, prometheus: StartPrometheus
) -> None:
    text = "# TYPE percent gauge\npercent 99 {0}\npercent 98 {1}\n# EOF\n"
    path = tmp_path / "history.om"
    path.write_text(text.format(UNTIL - 120, UNTIL - 60))
    server = prometheus(openmetrics=path)
    wanted = (RawRatio("percent"), Gauge("nothing_there", Op.LT, 1.0))
    source = SOURCE.build(Named("shop", "config.toml:1", wanted), Options(url=server.url))
    lane = Lane("shop", source, wanted, backfill_s=3_600, settle_s=30)

    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOW) as store:
        run = collect_once(lane, store, NOW, Pace(lambda: NOW, lambda: 0.0, lambda _: None))

    assert any("2 of 2 values of percent are no ratio from 0 to 1" in one for one in run.warnings)
    assert run.silences["samples nothing_there"] == (
        "nothing found: no series matches samples nothing_there"
    )
