"""Whatever numbers a comparison holds, its words are words: no NaN, no infinity, never "+5x"."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from told_builders import compared, goal, measured, metric, report, row

from dashboard.measures.contract import Measured, Unit
from dashboard.views.machines.migration import document
from dashboard.views.machines.migration_table import lines
from dashboard.views.migration.explained import explained
from dashboard.views.migration.load import Load
from dashboard.views.migration.sceptic import doubted
from dashboard.views.migration.telling import told
from dashboard.views.rounding import exact, rounded
from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.terms import Goal, Op, Role, Verdict

_SIZES = st.floats(0, 1e9, allow_nan=False)
_SHARES = st.floats(0, 1)
_FACTORS = st.one_of(st.none(), st.floats(0, 1e9), st.just(float("inf")))


@st.composite
def _measured(draw: st.DrawFn) -> Measured:
    unit = draw(st.sampled_from(list(Unit)))
    values = _SHARES if unit is Unit.RATIO else _SIZES
    scale = draw(st.sampled_from(list(Scale)))
    sides = [draw(_side(values)) for _ in range(2)]
    change = draw(_FACTORS)
    if scale is Scale.DIFFERENCE:
        change = draw(st.one_of(st.none(), st.floats(-1e9, 1e9)))
    found = Comparison(
        before=sides[0],
        after=sides[1],
        scale=scale,
        change=change,
        interval=draw(st.one_of(st.none(), st.builds(Interval, _FACTORS, _FACTORS))),
        p_value=draw(st.one_of(st.none(), _SHARES)),
        best_p=draw(st.one_of(st.none(), _SHARES)),
        clusters=draw(st.floats(1, 50)),
    )
    counted = draw(st.sampled_from(["", "days", "outages", "values", "runs"]))
    return measured(found, unit, counted, label=draw(st.sampled_from(["", "points", "of 5", "%"])))


@st.composite
def _side(draw: st.DrawFn, values: st.SearchStrategy[float]) -> Side:
    n = draw(st.integers(0, 10**9))
    return Side(
        estimate=draw(st.one_of(st.none(), values)),
        n=n,
        exposure_s=draw(st.integers(0, 10**9)),
        hits=draw(st.one_of(st.none(), st.integers(0, n))),
        still_open=draw(st.integers(0, 9)),
        interval=draw(st.one_of(st.none(), st.builds(Interval, values, st.one_of(st.none(), values)))),
        coverage=draw(st.one_of(st.none(), _SHARES)),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    found=_measured(),
    verdict=st.sampled_from(list(Verdict)),
    role=st.sampled_from(list(Role)),
    goal=st.one_of(st.none(), st.builds(Goal, st.sampled_from(list(Op)), _SIZES)),
)
def test_any_comparison_can_be_told_explained_and_read_by_machines(
    found: Measured, verdict: Verdict, role: Role, goal: Goal | None
) -> None:
    one = row(metric(role=role, goal=goal, goal_text="< 5"), found, verdict)
    made = doubted(report(one), Load())
    said = "\n".join(
        [
            *lines(told(made), made.as_of),
            *(text for _, text in explained(made.migration, made.rows[0])),
        ]
    )

    assert not re.search(r"\b(nan|inf|None)\b", said)
    assert not re.search(r"\+[\d.,]+x", said)
    assert "-0" not in said
    document(made, with_steps=True)


@given(value=st.floats(-1e9, 1e9), decimals=st.integers(0, 4), limit=st.floats(-1e9, 1e9))
def test_a_rounded_number_lies_to_its_limit_as_the_exact_one_does(
    value: float, decimals: int, limit: float
) -> None:
    said = rounded(value, decimals, [limit]).replace(",", "").replace("−", "-")
    shown, held = exact(float(said)), exact(limit)

    # Where six decimals cannot tell them apart nothing is claimed.
    if abs(exact(value) - held) > exact(1e-6):
        assert (shown > held) == (exact(value) > held)


def test_a_share_has_more_digits_than_its_goal_where_these_do_not_tell_two_apart() -> None:
    found = measured(compared(0.9890, 0.9907, scale=Scale.DIFFERENCE), Unit.RATIO)
    one = told(report(row(metric(**goal(">= 100 %", 1.0)), found, Verdict.IMPROVED))).rows[0]

    assert (one.before[0], one.after[0], one.change[0]) == ("98.9 %", "99.1 %", "+0.2 pp")
