"""Shares of what failed: cases exactly, requests by whole local days, nobody's silence as none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import DAY_S, series
from delivery_builders import at, deployment, incident, run, span
from measure_builders import BERLIN, asked, evenly, measured, told

from collectors.store.corrections import target_of
from collectors.store.store import Store
from dashboard.measures import registry
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import EventRow, TallyRows
from slo.indicator import Ratio
from slo.spans import Span, moment

BEFORE, AFTER = span("2026-01-01", "2026-02-01"), span("2026-02-01", "2026-03-01")


def deployed(of: Span, count: int, failed: int) -> list[EventRow]:
    return [
        deployment(f"{m}", moment(m).isoformat(), failed=place < failed)
        for place, m in enumerate(evenly(of, count))
    ]


def requests(
    of: Span, good: float, total: float, *, every_s: int = 3_600, **labels: str
) -> TallyRows:
    """So many requests in the first minute of every hour."""
    moments = np.arange(of.since, of.until, every_s)
    counts = (np.full(len(moments), each) for each in (good, total))
    seconds = np.full(len(moments), 60)
    return TallyRows(series(**labels), moments, *counts, seconds, of.until)


def test_the_worked_change_fail_rate_comes_out(store: Store) -> None:
    told(store, [*deployed(BEFORE, 26, 6), *deployed(AFTER, 104, 5)])

    found = measured("share", asked(store, BEFORE, AFTER), share="change-fail")

    compared = found.comparison
    assert (compared.before.hits, compared.before.n) == (6, 26)
    assert (compared.after.hits, compared.after.n) == (5, 104)
    assert compared.change == pytest.approx(-0.1827, abs=5e-5)
    assert compared.p_value == pytest.approx(0.0084, abs=5e-5)
    assert compared.interval is not None
    assert compared.interval.low == pytest.approx(-0.3744, abs=5e-5)
    assert compared.interval.high == pytest.approx(-0.0483, abs=5e-5)
    assert dict(found.steps)["failed before"] == "6 ÷ 26 = 23.0769 %"


def test_an_incident_after_a_deployment_of_its_service_makes_it_fail(store: Store) -> None:
    told(
        store,
        [
            deployment("a", "2026-01-05T10:00"),
            deployment("b", "2026-01-06T10:00", service="login"),
            incident("i", "2026-01-05T11:00", "2026-01-05T12:00"),
            incident("j", "2026-01-05T11:30", "2026-01-05T12:00"),
        ],
    )
    look = asked(store, BEFORE, AFTER)

    every = measured("share", look, share="change-fail").comparison.before
    login = measured("share", replace(look, services=("login",)), share="change-fail")

    assert (every.hits, every.n) == (1, 2)
    assert (login.comparison.before.hits, login.comparison.before.n) == (0, 1)


def test_runs_that_were_cancelled_or_never_began_neither_pass_nor_fail(store: Store) -> None:
    ends = ["success", "success", "success", "failure", "cancelled", "startup_failure"]
    told(store, [run(str(n), f"2026-01-0{n + 1}T10:00", conclusion=e) for n, e in enumerate(ends)])

    found = measured("share", asked(store, BEFORE, AFTER), share="pipeline-failure").comparison

    assert (found.before.hits, found.before.n) == (1, 4)
    assert found.after.estimate is None


def test_where_nobody_said_what_was_planned_there_is_no_rework_rate(store: Store) -> None:
    told(store, [deployment("a", "2026-01-05T10:00"), deployment("b", "2026-01-06T10:00")])

    found = measured("share", asked(store, BEFORE, AFTER), share="rework").comparison

    assert (found.before.estimate, found.before.n) == (None, 0)


def test_requests_are_counted_by_day_and_drawn_by_day(store: Store) -> None:
    told(store, [requests(BEFORE, 99, 100), requests(AFTER, 199, 200)])

    found = measured("share", asked(store, BEFORE, AFTER), total="requests", goal="<= 1 %")

    compared = found.comparison
    assert compared.before.estimate == pytest.approx(0.01)
    assert compared.after.estimate == pytest.approx(0.005)
    assert (compared.before.n, compared.after.n, found.counted) == (31, 28, "days")
    assert compared.change == pytest.approx(-0.005)
    assert (compared.before.interval, compared.interval) == (None, None)
    assert found.remarks == (
        "all weeks before and after gave the same value, so its range is not known",
    )
    # One minute of every hour was measured.
    assert compared.before.coverage == pytest.approx(1 / 60)
    assert {value for _, value in found.days} == {0.01, 0.005}
    assert dict(found.steps)["failed after"] == "672 ÷ 134,400 = 0.5 %"


def test_requests_under_a_correction_count_on_neither_side_and_are_told(store: Store) -> None:
    """A day of announced work in which all failed; of budgets it may be good, not of a comparison."""
    work = Span(BEFORE.since + DAY_S, BEFORE.since + 2 * DAY_S)
    calm = Span(work.until, BEFORE.until)
    first = requests(Span(BEFORE.since, work.since), 99, 100)
    told(store, [first, requests(work, 0, 100), requests(calm, 99, 100)])
    told(store, [requests(AFTER, 99, 100)])
    look = asked(store, BEFORE, AFTER)
    raw = measured("share", look, total="requests")
    said = Correction(
        key="c",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("checkout",)),
        when=work,
        reason="work",
        author="Ada",
    )
    target = target_of("shop", Ratio("requests"))
    store.corrections.put(said, (target,), actor="unverified", now=AFTER.until)

    found = measured("share", look, total="requests")

    # 30 days of 24 hours with one of 100 failed; on the day of the work all 2,400.
    assert raw.comparison.before.hits == 720 + 2_400
    assert (found.comparison.before.hits, found.comparison.after.hits) == (720, 28 * 24)
    assert "left out" not in dict(raw.steps)
    assert dict(found.steps)["left out"].endswith(": 2,400 before, 0 after")


def test_fewer_than_two_weeks_of_days_with_requests_cannot_tell(store: Store) -> None:
    week = Span(AFTER.since, AFTER.since + 7 * DAY_S)
    told(store, [requests(BEFORE, 99, 100), requests(week, 199, 200)])

    found = measured("share", asked(store, BEFORE, AFTER), total="requests").comparison

    assert (found.after.n, found.best_p) == (7, 1.0)
    assert "14 days" in found.enough


def test_days_of_requests_are_local(store: Store) -> None:
    told(store, [requests(Span(at("2026-03-28T23:00"), at("2026-03-29T22:00")), 0, 1)])
    look = asked(
        store,
        span("2026-03-28T23:00", "2026-03-29T22:00"),
        span("2026-03-29T22:00", "2026-03-30T22:00"),
    )

    found = measured("share", replace(look, zone=BERLIN), total="requests")

    assert [value for _, value in found.days] == [1.0, None]
    assert dict(found.steps)["failed before"] == "23 ÷ 23 = 100 %"


def test_old_and_new_requests_stand_side_by_side(store: Store) -> None:
    told(store, [requests(BEFORE, 98, 100, side="old"), requests(BEFORE, 99, 100, side="new")])
    old = registry.load("share").options.model_validate({"total": 'requests{side="old"}'})
    look = replace(asked(store, BEFORE, BEFORE), old=old)

    found = measured("share", look, total='requests{side="new"}')

    assert found.comparison.before.estimate == pytest.approx(0.02)
    assert found.comparison.after.estimate == pytest.approx(0.01)
    assert ({v for _, v in found.days_old}, {v for _, v in found.days}) == ({0.02}, {0.01})
