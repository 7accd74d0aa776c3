"""The whole report out of real stores that real files were collected into."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import moved_shop
import orjson
import pytest
from moved_shop import CONFIG, LAST, MOVED, MOVES
from told_builders import DAY_S, day
from verdict_builders import burnline

from collectors.store.reader import Reader
from collectors.store.store import Store
from dashboard import wiring
from dashboard.views.machines.migration import document
from dashboard.views.migration.making import migration_report
from dashboard.views.migration.model import MigrationReport, Row
from dashboard.views.migration.telling import told
from dashboard.views.upkeep.scene import Scene
from slo.evidence.terms import Flag, GoalResult, Verdict

_LATER = day("2026-08-01")
_OWN = (
    CONFIG + '\n[[migration.break]]\nat = 2026-02-02\ntext = "a new probe"\nmetrics = ["uptime"]\n'
)


def collected(folder: Path) -> Path:
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    return folder


def made(folder: Path, as_of: int = _LATER) -> MigrationReport:
    config = wiring.configured(folder / "config.toml")
    with wiring.reader(config) as reader:
        return migration_report(Scene(config, reader, as_of, is_fixed=True), config.migrations[0])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moved")
    moved_shop.write(folder)
    return collected(folder)


@pytest.fixture(scope="module")
def report(shop: Path) -> MigrationReport:
    return made(shop)


def _rows(report: MigrationReport) -> dict[str, Row]:
    return {row.metric.id: row for row in report.rows}


def test_what_was_put_into_the_files_is_what_the_report_finds(report: MigrationReport) -> None:
    rows = _rows(report)

    assert {name: row.verdict for name, row in rows.items()} == {
        "p95": Verdict.IMPROVED,
        "uptime": Verdict.IMPROVED,
        "incidents": Verdict.IMPROVED,
        "deployments": Verdict.IMPROVED,
    }
    # Every week gave the same p95: nobody knows its range.
    assert rows["p95"].goal is GoalResult.NOT_CERTAIN
    found = rows["incidents"].comparison
    assert found is not None
    assert (found.before.n, found.after.n) == (14, 2)
    assert found.change == pytest.approx(2 / 14)


def test_the_uptime_is_the_hours_that_the_probe_was_down(report: MigrationReport) -> None:
    found = _rows(report)["uptime"].comparison
    assert found is not None

    # 14 and 1 hours down of 70 days each.
    assert found.before.estimate == pytest.approx(1 - 14 / (70 * 24))
    assert found.after.estimate == pytest.approx(1 - 1 / (70 * 24))
    assert (found.before.n, found.after.n) == (14, 1)


def test_what_was_measured_between_the_periods_is_shown_and_compared_with_nothing(
    report: MigrationReport,
) -> None:
    between = {row.metric.id: row.during for row in report.rows}
    found = {
        name: None if one is None else one.comparison.after.estimate
        for name, one in between.items()
    }
    entry = document(report)["metrics"]

    # The old level and no outage, incident or deployment lie between 16 and 30 March.
    assert found == {"p95": 0.82, "uptime": 1.0, "incidents": 0.0, "deployments": 0.0}
    assert isinstance(entry, list)
    assert [one["during"] for one in entry] == list(found.values())
    assert dict(report.rows[0].steps)["during the cutover"] == "820 ms, never compared"


def test_the_words_of_a_real_report_begin_with_the_verdict(report: MigrationReport) -> None:
    said = told(report)

    assert said.headline == "To the cloud: 4 improved"
    assert said.periods == (
        "Before 5 Jan to 15 Mar 2026 (70 d) · after 30 Mar to 7 Jun 2026 (70 d)"
        " · the cutover, 16 Mar to 29 Mar, is left out of both · days in UTC"
    )
    assert said.generated == "Generated figures (source shop)"


def test_the_traffic_moves_by_ten_of_a_hundred_a_day_and_mail_stays(
    report: MigrationReport,
) -> None:
    assert report.progress is not None
    cart, mail = report.progress.services

    assert cart.days[:2] == ((MOVES, Fraction(1, 10)), (MOVES + DAY_S, Fraction(1, 5)))
    assert (cart.moved_on, cart.still_old) == (MOVES + 9 * DAY_S, 0)
    assert (mail.moved_on, mail.still_old) == (None, 350)
    # 10 of cart's 100 beside mail's 50.
    assert report.progress.whole.days[0] == (MOVES, Fraction(10, 150))
    assert "1 of 2 services have moved all their traffic; left: mail." in report.notes


def test_as_much_traffic_on_both_sides_is_said(report: MigrationReport) -> None:
    assert "Traffic a day: the same on both sides." in report.notes


def test_old_and_new_are_compared_over_the_days_on_which_both_ran(report: MigrationReport) -> None:
    (one,) = report.besides

    assert (one.span.since, one.span.until, one.days) == (MOVES, MOVED, 14)
    (table,) = told(report).besides
    assert table.title == "Old against canary, same days"
    assert table.note == "both ran, 16 Mar to 29 Mar 2026 (14 d); the strongest evidence here"
    assert table.rows[0][:3] == ("p95", "820 ms", "480 ms")


def test_an_early_look_knows_nothing_of_what_came_later(tmp_path: Path, shop: Path) -> None:
    at = MOVED + 35 * DAY_S + 12 * 3_600 + 17  # just after noon's requests, within their bin
    moved_shop.write(tmp_path, until=at)
    collected(tmp_path)
    early, of_all = made(tmp_path, at), made(shop, at)

    assert early.is_interim
    assert all(Flag.INTERIM in row.flags for row in early.rows)
    assert document(early, with_steps=False) == document(of_all, with_steps=False)
    assert early.notes == of_all.notes
    assert early.progress == of_all.progress


def test_after_the_planned_look_a_report_never_changes(shop: Path) -> None:
    assert made(shop, LAST) == made(shop, LAST + 400 * DAY_S)


def test_before_the_period_after_begins_every_row_says_so(shop: Path) -> None:
    early = made(shop, MOVES + DAY_S)

    assert {row.verdict for row in early.rows} == {Verdict.NOT_ENOUGH}
    assert {row.reasons for row in early.rows} == {("The period after has not begun.",)}
    assert told(early).rows[0].before == ("820 ms", "")
    assert told(early).rows[0].evidence == ("not enough data", "after has not begun")


def test_before_anything_begins_there_is_a_report_all_the_same(shop: Path) -> None:
    assert told(made(shop, day("2025-01-01"))).headline == "To the cloud: 4 not enough data"


def test_a_store_without_a_row_refuses_every_verdict(tmp_path: Path) -> None:
    moved_shop.write(tmp_path)
    Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=LAST).close()
    empty = made(tmp_path)

    assert {row.verdict for row in empty.rows} == {Verdict.NOT_ENOUGH}
    assert (empty.progress, empty.besides) == (None, ())
    assert all(cell[0] == "–" for row in told(empty).rows for cell in (row.before, row.after))


def test_a_break_in_the_configuration_takes_one_verdict_and_no_other(
    tmp_path: Path, shop: Path
) -> None:
    (tmp_path / "config.toml").write_text(_OWN.replace("burnline.db", str(shop / "burnline.db")))
    rows = _rows(made(tmp_path))

    assert rows["uptime"].verdict is Verdict.NOT_COMPARABLE
    assert rows["uptime"].reasons[0] == "The measurement changed on 2 Feb 2026: a new probe."
    assert rows["p95"].verdict is Verdict.IMPROVED


def test_an_annotation_that_breaks_a_measure_is_respected_from_then_on(tmp_path: Path) -> None:
    moved_shop.write(tmp_path)
    collected(tmp_path)
    words = ("annotate", "another feed", "--at", "2026-02-02T00:00:00Z", "--breaks", "incidents")
    assert burnline(*words, folder=tmp_path).code == 0
    found = made(tmp_path)

    assert _rows(found)["incidents"].verdict is Verdict.NOT_COMPARABLE
    assert [one.text for one in found.migration.breaks] == ["another feed"]


def test_a_service_with_its_own_cutover_is_compared_around_it(tmp_path: Path, shop: Path) -> None:
    own = CONFIG.replace('id = "incidents"', 'id = "incidents"\nservice = "api"')
    own += '\n[[migration.service]]\nname = "api"\ncutover = 2026-03-23\nsettle = "14d"\n'
    (tmp_path / "config.toml").write_text(own.replace("burnline.db", str(shop / "burnline.db")))
    row = _rows(made(tmp_path))["incidents"]

    assert (row.before.since, row.before.until) == (day("2026-01-12"), day("2026-03-23"))
    assert (row.after.since, row.after.until) == (day("2026-04-06"), LAST)


def test_steps_explain_each_row_down_to_its_query(report: MigrationReport) -> None:
    steps = dict(_rows(report)["incidents"].steps)

    assert steps["before"] == "5 Jan to 15 Mar 2026 (70 d)"
    assert {
        "p-value",
        "p-value, adjusted (Holm)",
        "method",
        "query before",
        "query after",
        "verdict",
    } <= set(steps)


def test_the_document_can_be_read_by_machines(report: MigrationReport) -> None:
    assert orjson.loads(orjson.dumps(document(report)))["name"] == "cloud"


def test_one_reader_serves_several_looks(shop: Path) -> None:
    config = wiring.configured(shop / "config.toml")
    with Reader.open(config.store_url) as reader:
        scene = Scene(config, reader, _LATER, is_fixed=True)
        first, second = (migration_report(scene, config.migrations[0]) for _ in range(2))

    assert first == second
