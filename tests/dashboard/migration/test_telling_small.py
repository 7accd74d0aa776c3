"""What stands in small beside the report's figures: means, the share within a goal, what is said once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from told_builders import compared, goal, measured, metric, report, row

from dashboard.measures.contract import Unit
from dashboard.views.migration.model import Beside
from dashboard.views.migration.telling import told
from dashboard.views.migration.told import ToldRow
from slo.evidence.comparison import Interval, Side
from slo.evidence.terms import GoalResult, Verdict
from slo.spans import Span

H_S = 3_600.0


def _restored(*means_h: float | None, after_h: float = 3.9) -> ToldRow:
    found = measured(
        compared(2.9 * H_S, after_h * H_S, n=(331, 163)),
        Unit.SECONDS,
        "incidents",
        means=tuple(None if one is None else one * H_S for one in means_h),
    )
    return told(report(row(metric(), found, Verdict.NO_EVIDENCE))).rows[0]


@pytest.mark.parametrize(
    ("means", "after_h", "said"),
    [
        ((18.0, 15.0), 3.9, ", means 18 h → 15 h"),
        ((15.0, 15.0), 3.9, ", means 15 h → 15 h"),
        ((15.0, 18.0), 2.9, ", means 15 h → 18 h"),
        ((15.0, 18.0), 3.9, ""),
        ((None, 15.0), 3.9, ""),
        ((None, None), 3.9, ""),
    ],
)
def test_means_stand_beside_medians_where_they_go_another_way(
    means: tuple[float | None, float | None], after_h: float, said: str
) -> None:
    assert _restored(*means, after_h=after_h).name[1] == f"331 and 163 incidents{said}"


@pytest.mark.parametrize(
    ("under", "said"),
    [
        (
            Side(estimate=0.983, n=180, interval=Interval(0.957, 0.998)),
            "< 500 ms · 98.3 % at or under, 95.7 to 99.8 %",
        ),
        (Side(estimate=1.0, n=180), "< 500 ms · 100 % at or under"),
        (Side(estimate=None, n=0), "< 500 ms"),
        (None, "< 500 ms"),
    ],
)
def test_the_goal_of_a_percentile_says_how_much_was_at_or_under_it(
    under: Side | None, said: str
) -> None:
    found = measured(compared(0.68, 0.39), Unit.SECONDS, "days", under_goal=under)
    one = row(metric(**goal("< 500ms", 0.5)), found, Verdict.IMPROVED, goal=GoalResult.MET)

    assert told(report(one)).rows[0].goal == ("met", said)


def test_of_several_tables_side_by_side_the_first_alone_is_called_the_strongest_evidence() -> None:
    made = report(row(metric(), None, Verdict.NOT_ENOUGH))
    span = Span(made.migration.before.until, made.migration.after.since)
    found = measured(compared(0.82, 0.48), Unit.SECONDS)
    besides = tuple(Beside("p95", "Old", name, span, 48, found) for name in ("Canary", "New"))

    first, second = told(replace(made, besides=besides)).besides

    assert first.note == "both ran, 6 Apr to 23 May 2026 (48 d); the strongest evidence here"
    assert second.note == "both ran, 6 Apr to 23 May 2026 (48 d)"


FEW = "At least 6 outages in both periods together, of which there are 2."


@pytest.mark.parametrize(
    ("enough", "said", "reasons"),
    [
        (FEW, "needs 6 outages in all, has 2", ()),
        (
            "At least 4 of the kind in each of the periods, of which there are 3 and 2.",
            "needs 4 in each, has 3 and 2",
            (),
        ),
        (
            "At least one of the kind in each of the periods.",
            "enough: one in each",
            ("At least one of the kind in each of the periods.",),
        ),
    ],
)
def test_how_many_are_needed_and_how_many_there_are_is_said_once(
    enough: str, said: str, reasons: tuple[str, ...]
) -> None:
    found = measured(
        compared(0.9997, 1.0, p_value=None, enough=enough, n=(2, 1)), Unit.RATIO, "outages"
    )
    one = row(metric(), found, Verdict.NOT_ENOUGH, reasons=(enough, "Clusters were united."))

    told_of = told(report(one)).rows[0]

    assert told_of.evidence == ("not enough data", said)
    assert told_of.reasons == (*reasons, "Clusters were united.")


def test_a_measure_that_is_not_refused_for_it_keeps_the_reason() -> None:
    found = measured(compared(0.9997, 1.0, enough=FEW), Unit.RATIO)
    one = row(metric(), found, Verdict.NOT_TESTED, reasons=(FEW,))

    assert told(report(one)).rows[0].reasons == (FEW,)
