"""Services that moved on days of their own, and those that had not moved yet."""

from __future__ import annotations

from collections.abc import Mapping

from told_builders import compared, day, measured, metric, migration, row

from dashboard.config.migration_def import MetricDef, MovedService
from dashboard.measures.contract import Measured, Unit
from dashboard.views.migration.controls import controls_words
from dashboard.views.migration.windows import Windows
from slo.evidence.comparison import Count
from slo.evidence.rates import compared_rates
from slo.evidence.terms import Role, Verdict

LOOK = day("2026-11-22")
FOUND = measured(compared(2.5, 0.5, (0.04, 0.71), n=(15, 3)), Unit.PER_MONTH)
RATE = row(metric(title="Incidents", kind="event_rate"), FOUND, Verdict.IMPROVED)


class Counted:
    """Counts of each service, as a measure gives them; which windows were asked for is kept."""

    def __init__(self, counts: Mapping[str, tuple[int, int]]) -> None:
        self._counts = counts
        self.asked: dict[str, Windows] = {}

    def __call__(self, of: MetricDef, spans: Windows) -> Measured:
        self.asked[of.service] = spans
        before, after = self._counts[of.service]
        found = compared_rates(
            Count(before, spans.before.length_s), Count(after, spans.after.length_s)
        )
        return measured(found, Unit.PER_MONTH)


def _service(name: str, cutover: str | None) -> MovedService:
    return MovedService(name=name, cutover=None if cutover is None else day(cutover))


def test_each_service_is_compared_with_itself_around_its_own_cutover() -> None:
    one = migration(services=(_service("cart", "2026-04-10"), _service("mail", "2026-05-20")))
    counted = Counted({"cart": (20, 5), "mail": (20, 5)})
    said = controls_words(one, [RATE], LOOK, counted)

    # Equal windows: 10 events after against 40 before, a quarter.
    assert len(said) == 1
    assert said[0].startswith(
        "Incidents, each service against itself around its own cutover: 0.25x as often (0.1"
    )
    assert counted.asked["cart"].after.since == day("2026-04-10")
    assert counted.asked["mail"].before.until == day("2026-05-20")


def test_services_not_moved_yet_are_the_controls() -> None:
    services = (
        _service("cart", "2026-04-10"),
        _service("mail", "2026-05-20"),
        _service("old", None),
    )
    counts = {"cart": (20, 5), "mail": (20, 5), "old": (40, 20)}
    said = controls_words(migration(services=services), [RATE], LOOK, Counted(counts))

    # A quarter of as many where moved, half of as many where not: half as often as there.
    assert len(said) == 2
    assert said[1].startswith(
        "Incidents, moved services against those not moved yet: 0.50x as often"
    )


def test_one_moved_service_is_no_comparison_of_services() -> None:
    one = migration(services=(_service("cart", "2026-04-10"), _service("old", None)))

    assert controls_words(one, [RATE], LOOK, Counted({})) == ()


def test_only_rates_of_all_services_that_were_judged_are_told_by_service() -> None:
    one = migration(services=(_service("cart", "2026-04-10"), _service("mail", "2026-05-20")))
    rows = [
        row(metric(service="cart"), FOUND, Verdict.IMPROVED),
        row(metric(role=Role.CONTEXT), FOUND, Verdict.NOT_TESTED),
        row(metric(), FOUND, Verdict.NOT_COMPARABLE),
        row(metric(), measured(compared(0.8, 0.4), Unit.SECONDS), Verdict.IMPROVED),
        row(metric(), None, Verdict.NOT_ENOUGH),
    ]

    assert controls_words(one, rows, LOOK, Counted({})) == ()


def test_services_without_an_event_say_nothing() -> None:
    one = migration(services=(_service("cart", "2026-04-10"), _service("mail", "2026-05-20")))

    assert controls_words(one, [RATE], LOOK, Counted({"cart": (0, 0), "mail": (0, 0)})) == ()


def test_a_service_that_moves_after_the_look_is_a_control_over_the_same_days_until_then() -> None:
    services = (
        _service("cart", "2026-04-10"),
        _service("pay", "2026-04-10"),
        _service("mail", "2026-10-20"),
    )
    one = migration(services=services)
    counted = Counted({"cart": (20, 5), "pay": (20, 5), "mail": (30, 30)})
    look = day("2026-10-01")
    said = controls_words(one, [RATE], look, counted)

    assert len(said) == 2
    assert counted.asked["mail"].before == one.before
    assert counted.asked["mail"].after.until == look
