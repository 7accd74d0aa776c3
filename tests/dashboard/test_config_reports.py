"""A `[[report]]` is checked like every other table: each problem on its line, with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.config import Config, load
from dashboard.config.report_def import ReportDef
from slo.errors import ConfigError
from slo.periods import ReportPeriod

SOURCE = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
SLO = '[[slo]]\nname = "a"\nservice = "checkout"\nobjective = 99\nuptime = "up"\n'
LINES = (SOURCE + SLO).count("\n")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(*reports: str, top: str = "") -> Config:
    tables = "".join(f"[[report]]\n{report}\n" for report in reports)
    Path("config.toml").write_text(top + SOURCE + SLO + tables, encoding="utf-8")
    return load(Path("config.toml"), {})


def report(keys: str, top: str = "") -> ReportDef:
    (found,) = configured(f'name = "weekly"\n{keys}', top=top).reports
    return found


def problem(*reports: str) -> str:
    with pytest.raises(ConfigError) as caught:
        configured(*reports)
    return caught.value.what


def test_a_name_alone_is_a_weekly_report_of_everything_in_every_format(tmp_path: Path) -> None:
    found = report("")

    assert (found.period, found.cron.text) == (ReportPeriod.WEEK, "0 7 * * mon")
    assert found.service is None
    assert found.formats == ("html", "markdown", "csv", "json")
    assert found.folder == tmp_path / "reports"
    assert found.zone.key == "UTC"


@pytest.mark.parametrize(
    ("period", "cron"),
    [("day", "0 7 * * *"), ("month", "0 7 1 * *"), ("quarter", "0 7 1 1,4,7,10 *")],
)
def test_a_report_without_schedule_is_made_the_morning_after_its_period(
    period: str, cron: str
) -> None:
    assert report(f'period = "{period}"').cron.text == cron


def test_the_zone_is_the_reports_own_and_else_the_files() -> None:
    top = 'timezone = "Europe/Berlin"\n'

    assert report("", top).zone.key == "Europe/Berlin"
    assert report('timezone = "Asia/Kathmandu"', top).zone.key == "Asia/Kathmandu"


def test_a_service_is_known_by_the_slos_that_name_it() -> None:
    assert report('service = "checkout"').service == "checkout"


@pytest.mark.parametrize(
    ("keys", "line", "said"),
    [
        ('service = "chekout"', 3, 'of a service "chekout" (did you mean "checkout"?)'),
        ('cron = "0 7 * * monday"', 3, 'cron: "monday" is no day of the week'),
        ('cron = "0 7 31 2 *"', 3, "cron: never comes: no month has that day"),
        ('cron = "weekly"', 3, "cron: must have five fields"),
        ('period = "year"', 3, "period: must be one of"),
        ('timezone = "Europe/Berln"', 3, 'did you mean "Europe/Berlin"?'),
        ('formats = ["html", "markdwn"]', 3, '"markdwn" is no format (did you mean "markdown"?)'),
        ('formats = ["csv", "html", "csv"]', 3, 'formats 3: "csv" stands there twice'),
        ('folder = "/"', 3, "folder: is the root of the file system; name a folder"),
        ('folder = "//"', 3, "folder: is the root of the file system; name a folder"),
        ("formats = []", 3, "formats: must not be empty"),
        ('folder = "../elsewhere"', 3, 'folder: must be the path of a folder such as "reports"'),
        ('folder = ""', 3, "folder: must be the path of a folder"),
        ('formt = ["html"]', 3, 'formt: unknown key (did you mean "formats"?)'),
    ],
)
def test_what_cannot_be_is_told_on_its_line(keys: str, line: int, said: str) -> None:
    found = problem(f'name = "weekly"\n{keys}')

    assert found.startswith(f'config.toml:{LINES + line}: report "weekly": ')
    assert said in found


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Weekly",
        "a b",
        "../a",
        "a/b",
        ".hidden",
        "-rf",
        "é",
        "a\\u0000",
        "a" * 81,
        "a" * 300,
        "..",
        "../../x",
        "a\\nb",
    ],
)
def test_a_name_that_could_leave_the_folder_or_is_no_slug_is_refused(name: str) -> None:
    assert "it names files" in problem(f'name = "{name}"')


def test_a_report_without_name_and_two_of_one_name_are_refused() -> None:
    assert 'name: missing; add for example name = "weekly"' in problem("")
    assert f"already defined at config.toml:{LINES + 1}" in problem('name = "a"', 'name = "a"')


def test_single_brackets_are_told_to_be_double() -> None:
    Path("config.toml").write_text(f'{SOURCE}{SLO}[report]\nname = "a"\n')

    with pytest.raises(ConfigError, match="write \\[\\[report\\]\\] with two brackets"):
        load(Path("config.toml"), {})


def test_a_wrong_slo_makes_no_second_problem_of_its_service() -> None:
    Path("config.toml").write_text(
        SOURCE + SLO.replace("99", "0.99") + '[[report]]\nname = "a"\nservice = "checkout"\n'
    )

    with pytest.raises(ConfigError) as caught:
        load(Path("config.toml"), {})

    assert len(caught.value.what.splitlines()) == 1


CLOUD = (
    '[[migration]]\nname = "cloud"\nbefore = [2025-01-01, 2025-07-01]\n'
    "after = [2025-10-01, 2026-04-01]\n"
    '[[migration.metric]]\nid = "incidents"\nkind = "event_rate"\nevents = "incident"\n'
)
DESK = CLOUD.replace("cloud", "desk")


def test_a_report_is_about_budgets_unless_it_says_delivery_or_a_migration() -> None:
    assert (report("").about, report("").migration) == ("budgets", None)
    assert report('about = "delivery"\nservice = "anything"').about == "delivery"
    found = report('about = "migration"', CLOUD)
    assert (found.about, found.migration) == ("migration", "cloud")
    named = report('about = "migration"\nmigration = "desk"', CLOUD + DESK)
    assert named.migration == "desk"


@pytest.mark.parametrize(
    ("keys", "top", "said"),
    [
        (
            'about = "delivry"',
            CLOUD,
            'about: must be one of "budgets" or "delivery" or "migration" (did you mean',
        ),
        ('about = "migration"', "", "about: there is no [[migration]] to tell of"),
        (
            'about = "migration"',
            CLOUD + DESK,
            "migration: missing; there are several: cloud, desk",
        ),
        (
            'about = "migration"\nmigration = "clud"',
            CLOUD,
            'migration: no [[migration]] is called "clud" (did you mean "cloud"?)',
        ),
        (
            'migration = "cloud"',
            CLOUD,
            'migration: does not go with about = "budgets"; it is for about = "migration"',
        ),
        (
            'about = "migration"\nservice = "checkout"',
            CLOUD,
            'service: does not go with about = "migration"; it is for about = "budgets" or "delivery"',
        ),
        (
            'about = "delivery"\nservice = "chekout"',
            '[[service]]\nname = "checkout"\n',
            'service: no service is called "chekout" (did you mean "checkout"?)',
        ),
    ],
)
def test_what_a_report_cannot_be_about_is_told(keys: str, top: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(f'name = "weekly"\n{keys}', top=top)

    (found,) = caught.value.what.splitlines()
    assert said in found


def test_a_wrong_migration_makes_no_second_problem_of_its_report() -> None:
    wrong = CLOUD.replace("2026-04-01", "2025-10-01")

    with pytest.raises(ConfigError) as caught:
        configured('name = "weekly"\nabout = "migration"\nmigration = "cloud"', top=wrong)

    assert len(caught.value.what.splitlines()) == 1
