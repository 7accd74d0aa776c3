"""What every kind of measure keeps to: no figure of nothing, nothing after the look, its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import series
from delivery_builders import at, deployment, incident, row, run, span
from measure_builders import NOW, asked, measured, seen, told, values

from collectors.store.store import Store
from dashboard.measures import registry
from slo.facts import EventKind, EventRow, HistogramRows, SeriesKind, TallyRows
from slo.indicator import Indicator
from slo.spans import moment

ROOT = Path(__file__).resolve().parents[3]
BEFORE, AFTER = span("2026-02-01", "2026-03-01"), span("2026-03-01", "2026-04-01")
LOOK = at("2026-03-20T10:07:00")

CASES: list[tuple[str, dict[str, Any]]] = [
    ("event_rate", {"events": "deployment"}),
    ("event_rate", {"events": "release", "unit": "quarter"}),
    ("event_rate", {"events": "incident", "unit": "year"}),
    ("event_rate", {"events": "pipeline_run", "unit": "week"}),
    ("uptime", {"uptime": "probe"}),
    ("uptime", {"events": "incident"}),
    ("share", {"share": "change-fail"}),
    ("share", {"share": "rework"}),
    ("share", {"share": "pipeline-failure"}),
    ("share", {"total": "requests"}),
    ("latency_quantile", {"samples": "seconds"}),
    ("latency_quantile", {"histogram": "seconds_bucket", "quantile": 50}),
    *(("duration", {"duration": each}) for each in ("pipeline", "lead", "recovery", "restore")),
    *(("duration", {"duration": each}) for each in ("detect", "acknowledge")),
    ("snapshot", {"gauge": "rating"}),
    ("snapshot", {"gauge": "rating", "take": "monthly-mean", "change": "ratio"}),
]
OF_EVERY_CASE = pytest.mark.parametrize(("kind", "options"), CASES, ids=str)


def facts(until: int) -> list[EventRow | Any]:
    """Something for every kind, every six hours of three months up to a moment."""
    moments = [*range(at("2026-01-01"), min(until, at("2026-04-20")), 6 * 3_600)]
    made: list[Any] = []
    for number, begun in enumerate(moments):
        when, ended = (_text(each) for each in (begun, begun + 1_800))
        noticed = _text(begun + 60)
        known = ended if begun + 1_800 <= until else None
        said: dict[str, Any] = {"failed": number % 5 == 0, "planned": number % 3 > 0}
        merged = {"merged_at": _text(begun - 7_200)}
        made += [
            deployment(f"d{number}", when, **said, **merged),
            run(f"r{number}", when, known, conclusion="success" if number % 4 else "failure"),
            row(EventKind.RELEASE, f"v{number}", when),
            incident(f"i{number}", when, known, detected_at=noticed, acknowledged_at=noticed),
        ]
    made.append(values([(m, 0.1 + (m % 7) / 10) for m in moments]))
    made.append(values([(m, 4 + (m % 3) / 10) for m in moments], "rating"))
    made.append(seen([(m, "d" if m % 5 == 0 else "u") for m in moments], valid_s=7 * 3_600))
    at_minutes = np.array(moments)
    counts = (np.full(len(moments), each) for each in (93.0, 100.0))
    made.append(TallyRows(series(), at_minutes, *counts, np.full(len(moments), 60), until))
    edges = (np.tile(each, len(moments)) for each in ([0.0, 0.5], [0.5, np.inf], [9.0, 1.0]))
    key = series("seconds_bucket", SeriesKind.HISTOGRAM, bin_s=900)
    made.append(HistogramRows(key, np.repeat(at_minutes, 2), *edges, until))
    return made


def _text(at_s: int) -> str:
    return moment(at_s).isoformat()


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """The store as it was at the look, and as it is now; all that any case asks for is derived."""
    folder = tmp_path_factory.mktemp("looks")
    wanted = [each for kind, options in CASES for each in _indicators(kind, options)]
    with ExitStack() as opened:
        made = []
        for until in (LOOK, NOW):
            store = opened.enter_context(Store.open(f"sqlite:///{folder}/{until}.db", now=NOW))
            told(store, facts(until))
            store.ensure("shop", wanted)
            made.append(store)
        yield made[0], made[1]


@OF_EVERY_CASE
def test_an_empty_store_gives_no_figure_and_never_zero(
    store: Store, kind: str, options: dict[str, Any]
) -> None:
    found = measured(kind, asked(store, BEFORE, AFTER), **options)

    compared = found.comparison
    assert (compared.before.estimate, compared.after.estimate) == (None, None)
    assert (compared.change, compared.interval) == (None, None)
    assert (compared.p_value, found.without_largest) == (None, None)
    assert compared.best_p in {None, 1.0}
    assert not compared.before.coverage
    assert {value for _, value in found.days} <= {None}
    assert (found.weeks_before, found.weeks_after) == ((), ())
    assert dict(found.steps)["source"] == "none"


@OF_EVERY_CASE
def test_nothing_after_the_look_changes_any_figure(
    looks: tuple[Store, Store], kind: str, options: dict[str, Any]
) -> None:
    then, later = (
        measured(kind, replace(asked(store, BEFORE, AFTER), as_of=LOOK), **options)
        for store in looks
    )

    assert then == later
    assert then.comparison.after.estimate is not None
    assert then.comparison.before.estimate is not None


@OF_EVERY_CASE
def test_periods_wholly_after_the_look_are_empty(
    looks: tuple[Store, Store], kind: str, options: dict[str, Any]
) -> None:
    early = replace(asked(looks[1], BEFORE, AFTER), as_of=at("2025-12-01"))

    found = measured(kind, early, **options)

    assert (found.comparison.before.estimate, found.comparison.after.estimate) == (None, None)
    assert found.days == ()


@OF_EVERY_CASE
def test_every_figure_says_how_it_was_made_and_from_what(
    looks: tuple[Store, Store], kind: str, options: dict[str, Any]
) -> None:
    found = measured(kind, asked(looks[1], BEFORE, AFTER), **options)

    steps = dict(found.steps)
    assert len(steps) == len(found.steps) >= 4
    assert found.query.count("<= t <") == 2
    assert steps["source"] == "shop"
    assert len(found.days) == 28 + 31
    begins = [begin for begin, _ in found.days]
    assert begins == sorted(set(begins))
    assert found.comparison.after.coverage is None or 0 < found.comparison.after.coverage <= 1


def _checked(kind: str, options: dict[str, Any]) -> Any:
    return registry.load(kind).options.model_validate(options)


def _indicators(kind: str, options: dict[str, Any]) -> Sequence[Indicator]:
    return registry.load(kind).indicators(_checked(kind, options))
