"""Rates: exact counts over the time in which somebody could have told, half-open and by local days."""

from __future__ import annotations

from dataclasses import replace

import pytest
from delivery_builders import at, deployment, incident, row, run, span
from measure_builders import BERLIN, NOW, UTC, asked, evenly, measured, told

from collectors.store.store import Store
from dashboard.measures.contract import Unit
from dashboard.views.sentence import sentence
from slo.delivery.facts import DeliveryRules
from slo.facts import EventKind, EventRow
from slo.spans import Span, moment

BEFORE, AFTER = span("2025-06-03", "2025-12-02"), span("2025-12-02", "2026-06-02")
LOOK = at("2026-06-02")
MONTH_D = 365.2425 / 12


def at_moments(kind: EventKind, moments: list[int], name: str = "e") -> list[EventRow]:
    return [row(kind, f"{name}{m}", moment(m).isoformat()) for m in moments]


def spread(kind: EventKind, before: int, after: int) -> list[EventRow]:
    """So many in either period, and one the year before: the source was there."""
    early = at_moments(kind, [at("2024-06-01")])
    return early + at_moments(kind, [*evenly(BEFORE, before), *evenly(AFTER, after)])


def test_the_worked_rates_of_incidents_and_deployments_come_out(store: Store) -> None:
    told(store, spread(EventKind.INCIDENT, 15, 3), read_at=LOOK)
    told(store, spread(EventKind.DEPLOYMENT, 6, 26), read_at=LOOK)
    look = replace(asked(store, BEFORE, AFTER), as_of=LOOK)

    incidents = measured("event_rate", look, events="incident")
    deployments = measured("event_rate", look, events="deployment", unit="week")

    fewer, more = incidents.comparison, deployments.comparison
    assert (fewer.before.n, fewer.after.n, fewer.change) == (15, 3, pytest.approx(0.2))
    assert fewer.p_value == pytest.approx(0.00754, abs=5e-6)
    assert fewer.interval is not None
    assert fewer.interval.low == pytest.approx(0.0371, abs=5e-5)
    assert fewer.interval.high == pytest.approx(0.7070, abs=5e-5)
    assert fewer.before.estimate == pytest.approx(15 / 182 * MONTH_D)
    assert more.change == pytest.approx(26 / 6)
    assert more.p_value == pytest.approx(0.000535, abs=5e-7)
    assert more.after.estimate == pytest.approx(1.0)
    assert (incidents.unit, deployments.unit) == (Unit.PER_MONTH, Unit.PER_WEEK)
    assert (incidents.counted, fewer.clusters, incidents.remarks) == ("incidents", 1, ())
    assert (fewer.before.coverage, fewer.after.coverage) == (1, 1)
    assert deployments.weeks_after == (1.0,) * 26
    assert dict(deployments.steps)["rate after"] == "26 ÷ 182 d × 7 d = 1 a week"


def test_an_event_on_the_border_belongs_to_the_period_that_begins_there(store: Store) -> None:
    edges = [BEFORE.since, AFTER.since, AFTER.since - 1, AFTER.until]
    told(store, at_moments(EventKind.RELEASE, edges), read_at=NOW)

    found = measured(
        "event_rate", asked(store, BEFORE, span("2025-12-02", "2026-05-01")), events="release"
    )

    assert (found.comparison.before.n, found.comparison.after.n) == (2, 1)


def test_incidents_in_clusters_are_divided_by_their_size_before_the_test(
    store: Store,
) -> None:
    bursts = [m + k for m in evenly(BEFORE, 5) for k in range(4)]
    bursts += [m + k for m in evenly(AFTER, 1) for k in range(4)]
    told(store, at_moments(EventKind.INCIDENT, [at("2024-06-01"), *bursts]), read_at=LOOK)

    found = measured(
        "event_rate", replace(asked(store, BEFORE, AFTER), as_of=LOOK), events="incident"
    )

    # 52 weeks, six of them with 4: squares within 5 * 16 - 400/26 and 16 - 16/26, mean 24/52.
    squares = (80 - 400 / 26) + (16 - 16 / 26)
    assert found.comparison.clusters == pytest.approx(squares / 50 / (24 / 52))
    assert (found.comparison.before.n, found.comparison.after.n) == (20, 4)
    assert found.comparison.p_value > 0.05


def test_only_time_in_which_the_source_was_read_divides_the_count(store: Store) -> None:
    read_until = at("2026-03-03")
    told(store, spread(EventKind.RELEASE, 6, 26), read_at=read_until)

    found = measured(
        "event_rate", replace(asked(store, BEFORE, AFTER), as_of=LOOK), events="release"
    )

    after = found.comparison.after
    assert (after.n, after.exposure_s) == (13, 91 * 86_400)
    assert after.coverage == pytest.approx(0.5)
    assert after.estimate == pytest.approx(13 / 91 * MONTH_D)
    assert [value for at_, value in found.days if at_ >= read_until] == [None] * 91


def test_a_source_that_first_told_after_the_move_did_not_see_zero_before_it(store: Store) -> None:
    told(store, [deployment("d", "2025-01-01T00:00")], read_at=NOW)
    told(store, at_moments(EventKind.INCIDENT, evenly(AFTER, 8)), read_at=NOW)

    found = measured("event_rate", asked(store, BEFORE, AFTER), events="incident")

    assert (found.comparison.before.estimate, found.comparison.before.coverage) == (None, 0)
    assert found.comparison.change is None
    assert "what came earlier is not known" in found.remarks[0]


@pytest.mark.parametrize("name", ["a", "shop", "Shop"])
def test_the_sentence_of_a_late_source_names_it_as_it_is_written(store: Store, name: str) -> None:
    told(store, [deployment("d", "2025-01-01T00:00")], read_at=NOW)
    told(store, at_moments(EventKind.INCIDENT, evenly(AFTER, 8)), source=name, read_at=NOW)

    found = measured("event_rate", asked(store, BEFORE, AFTER), events="incident")

    assert sentence(found.remarks[0]).startswith(f"Source {name} told of nothing before ")


def test_a_source_that_knows_of_other_things_since_long_saw_zero_in_the_first_weeks(
    store: Store,
) -> None:
    told(store, [deployment("d", "2025-01-01T00:00")], read_at=NOW)
    told(store, at_moments(EventKind.INCIDENT, [at("2025-11-01")]), read_at=NOW)

    found = measured("event_rate", asked(store, BEFORE, AFTER), events="incident")

    assert (found.comparison.before.n, found.comparison.before.coverage) == (1, 1)


def test_a_new_tool_takes_over_from_an_old_one(store: Store) -> None:
    told(
        store, at_moments(EventKind.INCIDENT, evenly(BEFORE, 5)), source="old", read_at=AFTER.since
    )
    told(store, at_moments(EventKind.INCIDENT, evenly(AFTER, 5)), source="new", read_at=LOOK)

    both = measured(
        "event_rate", replace(asked(store, BEFORE, AFTER), as_of=LOOK), events="incident"
    )
    one = measured(
        "event_rate",
        replace(asked(store, BEFORE, AFTER), source="old", as_of=LOOK),
        events="incident",
    )

    assert dict(both.steps)["source"] == "new, old"
    assert both.comparison.after.n == 5
    assert (one.comparison.after.n, one.comparison.after.coverage) == (0, 0)


def test_services_severities_and_planned_work_are_told_apart(store: Store) -> None:
    told(
        store,
        [
            incident("a", "2025-07-01T00:00", severity="SEV1"),
            incident("b", "2025-07-02T00:00", severity="sev3"),
            incident("c", "2025-07-03T00:00", severity="SEV1", planned=True),
            incident("d", "2025-07-04T00:00", severity="SEV1", service="login"),
        ],
    )
    look = asked(store, BEFORE, AFTER)
    rules = DeliveryRules(severities=("SEV1",))

    def n(of: object, **options: object) -> int:
        return measured("event_rate", of, events="incident", **options).comparison.before.n

    assert n(look) == 3
    assert n(look, severity=["sev1"]) == 2
    assert n(replace(look, services=("checkout",)), severity=["sev1"]) == 1
    assert n(replace(look, rules=rules, services=("checkout",))) == 1


def test_rollbacks_are_no_deployments_and_rows_left_out_are_counted(store: Store) -> None:
    told(
        store,
        [
            deployment("a", "2025-07-01T00:00", version="1"),
            deployment("b", "2025-07-02T00:00", version="2"),
            deployment("c", "2025-07-03T00:00", rollback=True, version="1"),
            deployment("d", "2025-07-04T00:00", environment="staging"),
        ],
    )

    found = measured("event_rate", asked(store, BEFORE, AFTER), events="deployment")

    assert found.comparison.before.n == 2
    assert dict(found.steps)["rows left out"] == "1: deployed to another environment"


def test_days_are_local_and_those_of_changing_clocks_too(store: Store) -> None:
    told(
        store,
        [run(f"{d}-{h}", f"2026-03-{d}T{h:02}:30") for d in (27, 28, 29, 30) for h in range(24)],
    )
    look = asked(
        store,
        span("2026-03-27T23:00", "2026-03-28T23:00"),
        span("2026-03-28T23:00", "2026-03-29T22:00"),
    )

    found = measured("event_rate", replace(look, zone=BERLIN), events="pipeline_run")
    utc = measured("event_rate", replace(look, zone=UTC), events="pipeline_run")

    # As many a day, told a month.
    assert [at_ for at_, _ in found.days] == [look.before.since, look.after.since]
    assert [value for _, value in found.days] == pytest.approx([24 * MONTH_D, 23 * MONTH_D])
    assert [at_ % 86_400 for at_, _ in utc.days] == [0, 0, 0]
    assert found.comparison.after.exposure_s == 23 * 3_600


def test_the_time_between_the_periods_is_in_the_curve_and_in_no_count(store: Store) -> None:
    told(store, [deployment(f"d{d}", f"2026-01-{d:02}T12:00") for d in range(1, 31)])
    look = asked(store, span("2026-01-02", "2026-01-05"), span("2026-01-10", "2026-01-12"))

    found = measured("event_rate", look, events="deployment")

    assert (found.comparison.before.n, found.comparison.after.n) == (3, 2)
    assert [value for _, value in found.days] == pytest.approx([MONTH_D] * 10)


def test_days_and_weeks_are_in_the_unit_of_the_rate_and_counts_stand_beside(store: Store) -> None:
    told(store, spread(EventKind.INCIDENT, 26, 52), read_at=LOOK)

    found = measured(
        "event_rate", replace(asked(store, BEFORE, AFTER), as_of=LOOK), events="incident"
    )

    # One a week before and two after, told a month.
    assert found.weeks_before == pytest.approx((MONTH_D / 7,) * 26)
    assert found.weeks_after == pytest.approx((2 * MONTH_D / 7,) * 26)
    assert found.counts_before == (1,) * 26
    known = [value for at_, value in found.days if BEFORE.since <= at_ < BEFORE.until]
    assert sum(known) / len(known) == pytest.approx(found.comparison.before.estimate)


def test_no_events_on_either_side_change_nothing_and_prove_nothing(store: Store) -> None:
    told(store, at_moments(EventKind.RELEASE, [at("2024-01-01")]), read_at=LOOK)

    found = measured(
        "event_rate", replace(asked(store, BEFORE, AFTER), as_of=LOOK), events="release"
    )

    assert (found.comparison.before.estimate, found.comparison.after.estimate) == (0, 0)
    assert (found.comparison.change, found.comparison.best_p) == (None, 1.0)
    assert len(found.comparison.enough) > 20


def test_periods_may_be_the_other_way_round_or_one_second_long(store: Store) -> None:
    told(store, at_moments(EventKind.RELEASE, [at("2024-01-01"), AFTER.since]), read_at=LOOK)
    look = asked(store, AFTER, Span(BEFORE.since, BEFORE.since + 1))

    found = measured("event_rate", look, events="release")

    assert (found.comparison.before.n, found.comparison.after.n) == (1, 0)


def test_deployments_that_do_not_say_how_they_ended_show_no_runs_and_not_zero(
    store: Store,
) -> None:
    told(store, at_moments(EventKind.DEPLOYMENT, evenly(BEFORE, 8)))
    look = asked(store, BEFORE, AFTER)

    unseen = measured("event_rate", look, events="pipeline_run").comparison
    told(store, [deployment("x", "2025-08-01T00:00", status="failure")])
    seen = measured("event_rate", look, events="pipeline_run").comparison

    assert (unseen.before.estimate, unseen.before.coverage) == (None, 0)
    assert (seen.before.n, seen.before.coverage) == (1, pytest.approx(1, abs=0.07))


def test_incidents_that_do_not_say_how_severe_they_were_are_counted_as_left_out(
    store: Store,
) -> None:
    told(
        store, [incident("a", "2025-07-01T00:00"), incident("b", "2025-07-02T00:00", severity="1")]
    )

    found = measured("event_rate", asked(store, BEFORE, AFTER), events="incident", severity=["1"])

    assert found.comparison.before.n == 1
    assert dict(found.steps)["rows left out"] == "1: do not say how severe they were"
