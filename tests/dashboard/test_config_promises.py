"""A promise that its source cannot answer, or that can never alert, is refused on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors import registry
from dashboard.config import Config, load
from slo.errors import ConfigError
from slo.indicator import Latency, Ratio, Uptime

PROMETHEUS = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
FILES = '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "probes"\n'
SLO = '[[slo]]\nname = "a"\nobjective = 99\n'
UP = f'{PROMETHEUS}{SLO}uptime = "up"\n'


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(text: str, *, asked: bool = False) -> Config:
    Path("config.toml").write_text(text, encoding="utf-8")
    return load(Path("config.toml"), {}, with_sources=asked)


def problems(text: str, *, asked: bool = False) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        configured(text, asked=asked)
    return [one.removeprefix("config.toml:") for one in caught.value.what.split("\n")]


def row(budget: str, long: str, short: str) -> str:
    return (
        f'[[slo.alert]]\nseverity = "page"\nbudget = {budget}\nlong = "{long}"\nshort = "{short}"\n'
    )


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize(
    ("source", "keys", "said"),
    [
        (PROMETHEUS, 'total = "x"', "total: x alone names no good and no bad events; add bad = "),
        (
            PROMETHEUS,
            'histogram = \'x_bucket{le="0.5",job="a"}\'\nlatency = "500ms"',
            "but all are needed; write histogram = 'x_bucket{job=\"a\"}'",
        ),
        (FILES, 'histogram = "x"\nlatency = "1s"', "histogram: files hold no histograms"),
        (FILES, 'samples = "x"\nlatency = "1s"\nonly_if = "y"', "only_if has no meaning for files"),
        (FILES, 'total = "x"\nbad = "y"', "rows of files carry good and total together"),
    ],
)
def test_what_the_source_cannot_answer_is_told_on_the_line_of_the_slo(
    source: str, keys: str, said: str, asked: bool
) -> None:
    (problem,) = problems(f"{source}{SLO}{keys}\n", asked=asked)

    assert problem.startswith(f"{source.count(chr(10)) + 4}: ")
    assert said in problem


def test_other_mistakes_of_the_slo_hide_none_of_what_its_source_refuses() -> None:
    text = '[[slo]]\nobjective = 100\nwindow = "1mo"\nservce = "b"\ntotal = "x"\n'

    found = problems(PROMETHEUS + text + row("0", "1h", "2h"))

    assert [int(problem.split(":")[0]) for problem in found] == [4, 5, 6, 7, 8, 11, 13]


def test_more_bad_events_than_a_store_can_count_are_refused_on_their_line() -> None:
    guard = f"min_bad_events = {2**64}\n"

    events = f'{PROMETHEUS}{SLO}total = "t"\nbad = "b"\n'
    found = problems(events + guard + row("2", "1h", "5m") + guard)

    assert [one.split(": ")[2] for one in found] == ["min_bad_events", "alert 1.min_bad_events"]
    assert all(one.endswith("must be less than or equal to 1000000000000000") for one in found)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31T23:59:59-14:00"])
def test_a_version_holds_from_a_day_that_the_calendar_of_every_zone_has(day: str) -> None:
    (problem,) = problems(f'{UP}effective = "{day}"\n')

    assert "effective: must be a day of the years 1970 to 2100" in problem


@pytest.mark.parametrize(("written", "key"), [("5", "window"), ('["7d", true]', "window 2")])
def test_a_window_that_is_no_text_is_one_problem_in_the_words_of_people(
    written: str, key: str
) -> None:
    (problem,) = problems(f"{UP}window = {written}\n")

    assert f'{key}: must be text such as "30d"' in problem
    assert "str" not in problem.split("must")[0]


@pytest.mark.parametrize("percent", ["1e-9", "0.01", "0.02", "0.9995", "1"])
def test_the_objective_that_is_advised_is_one_that_is_taken(percent: str) -> None:
    (problem,) = problems(UP.replace("= 99", f"= {percent}"))

    advised = problem.split("write objective = ")[1]
    assert configured(UP.replace("= 99", f"= {advised}")).slos[0].objective.percent > 1


def test_a_name_without_end_is_not_repeated_whole_and_very_many_problems_are_cut() -> None:
    endless = "n" * 100_000
    wrong = f'{PROMETHEUS}[[slo]]\nobjective = 99\nuptime = "up"\n'

    said = problems(f'{wrong}name = "{endless}"\nsource = "{endless} {endless}"\n')
    many = problems(wrong * 300)

    assert len(said) == 2
    assert all(len(one) < 600 for one in said)
    assert all('nnn…"' in one for one in said)
    assert len(many) == 201
    assert many[-1].startswith("and ")
    assert many[-1].endswith(" more, told once these are mended")


EVENTS_ALONE = {"git"}
"""The kinds that bring what happened, and measure nothing."""


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_kind_that_measures_answers_uptime(kind: str) -> None:
    refusal = registry.load(kind, where="here").refuses(Uptime('probe{service="shop"}'))

    assert (refusal is not None) == (kind in EVENTS_ALONE)


def test_prometheus_answers_ratios_of_counters_and_whole_histograms() -> None:
    refuses = registry.load("prometheus", where="here").refuses

    assert refuses(Ratio("t", bad="b")) is None
    assert refuses(Ratio('x_bucket{le="+Inf"}', good='x_bucket{le="1"}')) is None
    assert refuses(Latency(0.5, histogram='x_bucket{job="a"}')) is None


def test_a_short_window_longer_than_the_long_one_is_told_beside_a_wrong_budget() -> None:
    found = problems(UP + row('"2"', "5m", "1h"))

    assert [problem.split(": ")[2] for problem in found] == ["alert 1.budget", "alert 1.short"]


@pytest.mark.parametrize(("length", "key"), [("1s", "short"), ("90s", "short")])
def test_windows_of_an_alert_are_whole_minutes(length: str, key: str) -> None:
    (problem,) = problems(UP + row("2", "1h", length))

    assert f'alert 1.{key}: must be whole minutes such as "5m"' in problem


@pytest.mark.parametrize(
    ("window", "long"), [("1d", "25h"), ("week", "169h"), ("month", "32d"), ("year", "367d")]
)
def test_an_alert_looks_back_no_longer_than_the_window(window: str, long: str) -> None:
    (problem,) = problems(f'{UP}window = "{window}"\n' + row("5", long, "5m"))

    assert f'alert 1.long: is longer than the window of "{window}"' in problem
    assert configured(f'{UP}window = "{window}"\n' + row("5", long, "5m").replace(long, "24h"))


@pytest.mark.parametrize(
    ("objective", "window", "row_", "largest"),
    [
        # 1 h of 720 h at a burn of 1/0.05 = 20 spends 20/720 = 2.777… % of the budget.
        ("95", "30d", ("2.8", "1h", "5m"), "2.77"),
        # 1 h of 100 h at a burn of 2 spends exactly 2 %: what fires burns faster than its row.
        ("50", "100h", ("2", "1h", "5m"), "1.99"),
        # 6 h of 744 h at a burn of 10 spend 60/744 = 8.0645… % of it, in the longest month.
        ("90", "month", ("8.5", "6h", "5m"), "8.06"),
    ],
)
def test_a_row_that_can_never_fire_is_told_the_largest_budget_that_works(
    objective: str, window: str, row_: tuple[str, str, str], largest: str
) -> None:
    text = UP.replace("99", objective) + f'window = "{window}"\n'

    (problem,) = problems(text + row(*row_))

    assert problem.startswith('11: slo "a": alert 1.budget: can never fire')
    assert f"write budget = {largest} or less" in problem
    assert configured(text + row(largest, *row_[1:])).slos[0].policy
