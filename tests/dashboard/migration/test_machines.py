"""The report for machines and as a table of text."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from told_builders import compared, day, days, measured, metric, migration, mock_up, report, row

from dashboard.measures.arithmetic import p_words
from dashboard.measures.contract import Unit
from dashboard.views.machines.migration import document
from dashboard.views.machines.migration_table import explained, lines, listed
from dashboard.views.migration.model import MigrationReport
from dashboard.views.migration.telling import told
from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.terms import Verdict

SCHEMA = Path(__file__).parents[3] / "dashboard" / "schemas" / "migration-1.json"


def _valid(made: MigrationReport, **keys: Any) -> dict[str, Any]:
    """The document as machines read it, held to the published schema."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(document(made, **keys)))
    Draft202012Validator(orjson.loads(SCHEMA.read_bytes())).validate(found)
    return found


def test_the_document_of_the_mock_up_keeps_its_schema() -> None:
    found = _valid(mock_up())

    assert (found["schema"], found["name"]) == ("burnline.migration/1", "monolith")
    assert [one["id"] for one in found["metrics"]][:3] == ["api-p95", "uptime", "trains"]
    assert found["claims"] == []


def test_an_uptime_changes_in_points_and_never_in_percent() -> None:
    change = _valid(mock_up())["metrics"][1]["change"]

    assert change["percent"] is None
    assert math.isclose(change["points"], 0.17, abs_tol=1e-9)
    assert math.isclose(change["absolute"], 0.0017, abs_tol=1e-9)


def test_a_rate_changes_by_a_ratio_and_in_percent() -> None:
    change = _valid(mock_up())["metrics"][2]["change"]

    # 6 and 26 in as many days: 26 / 6 as often.
    assert math.isclose(change["ratio"], 26 / 6, rel_tol=1e-9)
    assert math.isclose(change["percent"], (26 / 6 - 1) * 100, rel_tol=1e-9)
    assert change["points"] is None


def test_means_and_the_share_within_a_goal_stand_in_the_document_and_are_null_elsewhere() -> None:
    under = Side(estimate=0.983, n=180, interval=Interval(0.957, math.inf))
    found = measured(compared(10.0, 13.0), Unit.SECONDS, means=(60.0, None), under_goal=under)
    told_of, bare = (
        _valid(report(row(metric(), each, Verdict.NO_EVIDENCE)))["metrics"][0]
        for each in (found, None)
    )

    assert told_of["means"] == {"before": 60.0, "after": None}
    assert told_of["under_goal"] == {"share": 0.983, "interval": {"low": 0.957, "high": None}}
    assert (bare["means"], bare["under_goal"]) == (None, None)


def test_what_is_unknown_or_infinite_is_null() -> None:
    side = Side(estimate=0.0, n=0), Side(estimate=1.0, n=9)
    endless = Comparison(
        before=side[0],
        after=side[1],
        scale=Scale.RATIO,
        change=math.inf,
        interval=Interval(0.66, math.inf),
        p_value=0.004,
        best_p=0.004,
    )
    unmade = row(metric("b"), None, Verdict.NOT_ENOUGH, reasons=("nothing was collected",))
    first, second = _valid(
        report(row(metric("a"), measured(endless, Unit.PER_MONTH), Verdict.WORSE), unmade)
    )["metrics"]

    assert first["change"] == {"absolute": 1.0, "percent": None, "ratio": None, "points": None}
    assert first["interval"] == {"low": 0.66, "high": None}
    assert set(second["before"].values()) == {None}
    assert (second["unit"], second["interval"], second["goal"]) == (None, None, None)


def test_steps_stand_in_the_document_only_where_they_are_asked_for() -> None:
    one = row(metric(), None, Verdict.NOT_ENOUGH, steps=(("before", "182 d"),))

    assert "steps" not in _valid(report(one))["metrics"][0]
    assert _valid(report(one), with_steps=True)["metrics"][0]["steps"] == [
        {"name": "before", "text": "182 d"}
    ]


def test_the_table_begins_with_the_verdict_and_no_line_is_wider_than_a_hundred() -> None:
    made = mock_up()
    said = lines(told(made), made.as_of)

    assert said[0].startswith("Monolith to services: 6 improved, 1 worse")
    assert said[1] == "Goals: 3 met, 4 met but not certain"
    assert max(map(len, said)) <= 100


def _line_with(text: str, made: MigrationReport) -> str:
    (line,) = [one for one in lines(told(made), made.as_of) if text in one]
    return line


def test_where_one_name_has_no_room_the_names_of_all_rows_stand_above_their_figures() -> None:
    made = mock_up()
    said = lines(told(made), made.as_of)

    for one in made.rows:
        (name,) = [line for line in said if line.startswith(f"{one.metric.title} · ")]
        assert said[said.index(name) + 1].startswith("  ")


def test_a_name_without_room_stands_above_its_row_and_is_never_cut_short() -> None:
    name = "API latency of the checkout and of everything that it calls, p95"
    made = report(
        row(
            metric(title=name),
            measured(compared(0.82, 0.49, (0.56, 0.64)), Unit.SECONDS, "days"),
            Verdict.IMPROVED,
        )
    )

    assert _line_with("API latency", made) == f"{name} · by day, 182 and 182 d"
    assert _line_with("820 ms", made).startswith("  ")


def test_only_what_was_not_observed_the_whole_time_is_named_below_the_table() -> None:
    made = mock_up()

    assert "Coverage before · after, where not whole: API latency, p95 100 % · 98 %." in lines(
        told(made), made.as_of
    )


def test_a_reason_stands_once_however_many_measures_it_is_about() -> None:
    rows = [
        row(metric(name), None, Verdict.NOT_ENOUGH, reasons=("nothing yet.", f"only {name}."))
        for name in ("a", "b")
    ]
    made = report(*rows)
    said = lines(told(made), made.as_of)

    assert said[-3:] == ("All measures: nothing yet.", "a: only a.", "b: only b.")


def test_explained_is_one_measure_or_all() -> None:
    rows = [
        row(metric(name), None, Verdict.NOT_ENOUGH, steps=(("before", f"of {name}"),))
        for name in ("a", "b")
    ]
    said = told(report(*rows))

    assert explained(said, "b") == ("b (b)", "before  of b")
    assert explained(said, "") == ("a (a)", "before  of a", "", "b (b)", "before  of b")


def test_several_migrations_are_listed_with_where_they_stand() -> None:
    early = migration(name="a", title="A", after=days("2027-01-01", "2027-03-01"))
    running = migration(name="bb", title="B", evaluate_at=day("2027-01-01"))
    done = migration(name="c", title="C")
    said = listed([early, running, done], day("2026-11-23"))

    assert said[0] == "a   A: evaluated on 22 Nov 2026"
    assert said[2] == "bb  B: interim; the planned look is on 1 Jan 2027"
    assert said[4] == "c   C: evaluated on 22 Nov 2026"
    assert listed([early], day("2026-01-01"))[0] == (
        "a  A: the period after has not begun; the planned look is on 22 Nov 2026"
    )


def test_p_values_keep_three_digits_that_count() -> None:
    assert [p_words(p) for p in (0.05, 0.00754, 0.0001, 6.96e-5, 1.0, 0.0)] == [
        "0.05",
        "0.00754",
        "0.0001",
        "under 0.0001",
        "1",
        "under 0.0001",
    ]
