"""What cannot be compared is refused on its line, all of it at once, each with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from migration_builders import INCIDENTS, PERIODS

from dashboard.config import load
from slo.errors import ConfigError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

SERVICES = '[[service]]\nname = "checkout"\n'


def problems(text: str) -> list[str]:
    Path("config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(Path("config.toml"), {}, with_sources=False)
    return [one.removeprefix("config.toml:") for one in caught.value.what.split("\n")]


def refused(text: str, said: str) -> None:
    """The one problem stands on the last line of the text."""
    (found,) = problems(text)
    assert found.startswith(f"{text.count(chr(10))}: "), found
    assert said in found, found


def periods(before: str, after: str) -> str:
    return f'[[migration]]\nname = "cloud"\nbefore = {before}\nafter = {after}\n'


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("[2025-07-01, 2025-01-01]", "ends before it begins; write [2025-01-01, 2025-07-01]"),
        ("[2025-01-01, 2025-01-01]", "is empty: the second day is the one after the last"),
        ("[2025-01-01]", "must be two days: the first, and the one after the last"),
        ("[]", "must be two days"),
        ("[2025-01-01, 2025-02-01, 2025-03-01]", "must be two days"),
        ("2025-01-01", "must be two days"),
        ('"2025"', "must be two days"),
        ("[2025-01-01T00:00:00, 2025-07-01]", "is a moment; write the day alone, such as 2025-01"),
        ("[2025-01-01T00:00:00Z, 2025-07-01]", "is a moment; write the day alone"),
        ('["2025-01-01T00:00", 2025-07-01]', "must be a day such as 2025-01-31"),
        ('["20250101", 2025-07-01]', "must be a day such as 2025-01-31"),
        ('["2025-W01-1", 2025-07-01]', "must be a day such as 2025-01-31"),
        ('["\u0662\u0660\u0662\u0665-01-01", 2025-07-01]', "must be a day such as 2025-01-31"),
        ('["2025-02-29", 2025-07-01]', "2025-02-29 is not in the calendar"),
        ('["1 Jan 2025", 2025-07-01]', "must be a day such as"),
        ("[20250101, 2025-07-01]", "must be a day such as"),
        ("[true, 2025-07-01]", "must be a day such as"),
        ("[07:32:00, 2025-07-01]", "must be a day such as"),
        ("[1970-12-31, 1975-07-01]", "must be a day of the years 1971 to 2199"),
        ("[0001-01-01, 2025-07-01]", "must be a day of the years 1971 to 2199"),
        ("[2025-01-01, 9999-12-31]", "must be a day of the years 1971 to 2199"),
        ("[1981-01-01, 2025-01-01]", "must not be longer than 20 years"),
    ],
)
def test_a_period_that_is_none_is_refused_on_its_line(before: str, said: str) -> None:
    (found,) = problems(periods(before, "[2025-10-01, 2026-04-01]") + INCIDENTS)

    assert found.startswith('3: migration "cloud": before')
    assert said in found


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("[2024-01-01, 2025-01-01]", "lies before the period before; swap the two"),
        ("[2024-10-01, 2025-02-01]", "begins on 2024-10-01, but before lasts until 2025-07-01"),
        ("[2025-06-30, 2026-04-01]", "begins on 2025-06-30, but before lasts until 2025-07-01"),
        ("[2025-01-01, 2025-07-01]", "they must not overlap"),
    ],
)
def test_after_comes_after_before_and_shares_no_day_with_it(after: str, said: str) -> None:
    (found,) = problems(periods("[2025-01-01, 2025-07-01]", after) + INCIDENTS)

    assert found.startswith('4: migration "cloud": after: ')
    assert said in found


def test_a_period_of_a_day_that_its_zone_left_out_holds_no_time() -> None:
    apia = periods("[2011-12-30, 2011-12-31]", "[2012-01-01, 2012-02-01]")

    (found,) = problems(apia + 'timezone = "Pacific/Apia"\n' + INCIDENTS)

    assert "before: 2011-12-30 to 2011-12-31 holds no time in Pacific/Apia" in found


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("transition = [2025-06-30, 2025-10-01]", "begins on 2025-06-30, but before lasts until"),
        ("transition = [2025-07-01, 2025-10-02]", "lasts until 2025-10-02, but after begins on"),
        ("transition = [2025-08-01, 2025-08-01]", "transition: is empty"),
        ("evaluate_on = 2026-03-31", "2026-03-31 lies before the end of after; write 2026-04-01"),
        ("evaluate_on = 2026-04-01T09:00:00Z", "is a moment; write the day alone"),
        ('timezone = "Europe/Berln"', 'did you mean "Europe/Berlin"?'),
        ("confidence = 0.95", "must be a percentage from 50 to 99.99 such as 95"),
        ("confidence = 100", "must be a percentage from 50 to 99.99"),
        ("confidence = nan", "not a number beyond all measure"),
        ('confidence = "95"', "must be a percentage such as"),
        ("min_coverage = 0.8", "must be a percentage from 1 to 100 such as 80, or 0 for any"),
        ("min_coverage = 101", "must be a percentage from 1 to 100"),
        ('multiple = "bonferroni"', "multiple: must be one of"),
        ('evaluate_at = "2026-04-01"', 'unknown key (did you mean "evaluate_on"?)'),
        ("alpha = 0.05", "alpha: unknown key"),
        ('metrics = ["x"]', 'unknown key (did you mean "metric"?)'),
    ],
)
def test_a_key_of_a_migration_that_cannot_be_is_told_on_its_line(key: str, said: str) -> None:
    (found,) = problems(PERIODS + key + "\n" + INCIDENTS)

    assert found.startswith('5: migration "cloud": ')
    assert said in found


@pytest.mark.parametrize("name", ["", "Cloud", "../cloud", ".cloud", "a b", "a\\u0000", "a" * 81])
def test_a_migration_is_named_as_files_can_be(name: str) -> None:
    (found,) = problems(PERIODS.replace('"cloud"', f'"{name}"') + INCIDENTS)

    assert "it names files" in found


def test_two_migrations_of_one_name_and_one_without_measures_are_refused() -> None:
    twice = PERIODS + INCIDENTS + PERIODS

    assert problems(twice) == [
        '9: migration "cloud": compares nothing; add a [[migration.metric]]',
        '10: migration "cloud": name: "cloud" is already defined at config.toml:1',
    ]


def test_what_misses_is_told_with_an_example() -> None:
    found = problems("[[migration]]\n[[migration.metric]]\n")

    assert [one.partition(": ")[2] for one in found] == [
        "migration 1: after: missing; add for example after = [2025-10-01, 2026-04-01]",
        "migration 1: before: missing; add for example before = [2025-01-01, 2025-07-01]",
        'migration 1: name: missing; add for example name = "monolith-to-cloud"',
        'migration 1: metric 1: id: missing; add for example id = "api-p95"',
        'migration 1: metric 1: kind: missing; add for example kind = "latency_quantile"',
    ]


@pytest.mark.parametrize("kind", ["metric", "service", "beside", "break"])
def test_tables_inside_are_lists_with_two_brackets(kind: str) -> None:
    (found,) = problems(
        PERIODS + INCIDENTS.replace("metric", "metric") + f"[migration.{kind}]\n"
        if kind != "metric"
        else PERIODS + '[migration.metric]\nid = "x"\n'
    )

    assert f"{kind}: is a list of tables; write [[migration.{kind}]] with two brackets" in found


@pytest.mark.parametrize("value", ["5", '"x"', '["x"]', "[1]"])
def test_tables_inside_are_tables(value: str) -> None:
    (found,) = problems(PERIODS + f"service = {value}\n" + INCIDENTS)

    assert found == '5: migration "cloud": service: must be tables; write [[migration.service]]'


def test_a_migration_in_single_brackets_is_told_to_be_double() -> None:
    (found,) = problems('[migration]\nname = "cloud"\n')

    assert "is a list of tables; write [[migration]] with two brackets" in found


def test_a_wrong_key_hides_nothing_that_is_wrong_with_the_periods() -> None:
    text = periods("[2025-01-01, 2025-07-01]", "[2025-06-01, 2026-04-01]").replace("cloud", "Cloud")

    name, after = problems(text + INCIDENTS)

    assert name.startswith("2: ")
    assert after.startswith("4: ")


def test_all_problems_of_a_migration_are_told_at_once() -> None:
    text = (
        'timezone = "UTC"\n[[migration]]\nname = "Cloud"\nbefore = [2025-01-01, 2025-07-01]\n'
        "after = [2025-06-01, 2025-06-01]\nmin_coverage = 0.8\n"
        '[[migration.metric]]\nid = "a"\nkind = "event_rate"\nevents = "incidents"\n'
        '[[migration.metric]]\nid = "a"\nkind = "uptim"\n'
        '[[migration.service]]\nnam = "x"\n'
        '[[migration.break]]\ntext = "x"\n'
    )

    assert [int(one.partition(":")[0]) for one in problems(text)] == [
        3, 5, 6, 10, 12, 13, 14, 15, 16,
    ]  # fmt: skip
