"""`burnline backtest` and `burnline advise`, each in a process of its own on a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import DAY_S, NOON, incident, minutes
from small_shop import SOURCE, a_composite, a_promise
from verdict_builders import an_slo, burnline, stored

from collectors.store.store import Reader
from dashboard.config import load
from dashboard.shell.trying import candidates_of, meant_slo, span_of
from slo.errors import ConfigError
from slo.spans import Span

DAYS = 40
SINCE = NOON - DAYS * DAY_S
AS_OF = ("--as-of", "2026-01-01T12:00:00Z")
FAST = """
[[slo]]
name = "fast"
service = "checkout"
objective = 95
samples = "seconds"
latency = "500ms"
"""
CONFIG = (
    SOURCE
    + a_promise(service='"checkout"')
    + FAST
    + a_composite("shop", "99", "checkout", "fast", service='"checkout"')
)
# Twenty minutes of a tenth bad on the tenth day, and three minutes on the thirtieth.
OUTAGES = {10 * 1_440: (20, 10), 30 * 1_440: (3, 100)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with two outages, an incident for the first, one that nobody felt, one in a hole."""
    found = tmp_path_factory.mktemp("shop")
    bad = [0] * (DAYS * 1_440)
    for first, (count, many) in OUTAGES.items():
        bad[first : first + count] = [many] * count
    rows = minutes([100 - one for one in bad], [100] * len(bad), since=SINCE)
    noted = (
        incident("INC-1", at=SINCE + 10 * DAY_S - 60, lasted_s=1_260),
        incident("INC-2", at=SINCE + 20 * DAY_S, lasted_s=600),
    )
    stored(found, rows, *noted)
    (found / "config.toml").write_text(CONFIG, encoding="utf-8")
    return found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chekout",), 'did you mean "checkout"'),
        (("--incidents-of", "chekout"), 'did you mean "checkout"'),
        (("checkout", "--since", "2020-01-01", "--until", "2020-02-01"), "in that span"),
    ],
)
def test_what_cannot_be_tried_is_said_with_what_can(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    ran = burnline("backtest", *words, *AS_OF, folder=folder)

    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_windows_that_grow_with_a_month_are_tried_over_one_month_alone(folder: Path) -> None:
    (folder / "monthly.toml").write_text(SOURCE + a_promise(window='"month"'), encoding="utf-8")
    tried = ("--config", "monthly.toml", "backtest", "checkout", "--policy", "pyrra", *AS_OF)
    december = ("--since", "2025-12-02", "--until", "2025-12-20")

    refused = burnline(*tried, folder=folder)
    within = burnline(*tried, *december, folder=folder)

    assert (refused.code, refused.out) == (2, "")
    assert 'the windows of "pyrra" grow with the window of checkout' in refused.err
    assert within.code == 0


def test_an_slo_or_a_service_is_named_and_not_both(folder: Path) -> None:
    config = load(folder / "config.toml", {})
    wrong = {
        (None, None, None): r"name an SLO \(checkout, fast, shop\) or --incidents-of",
        ("checkout", "checkout", None): "one thing must be tried",
        ("checkout", None, "99"): "an SLO has a target of its own",
        (None, "checkout", "100"): "must be below 100",
        (None, "checkout", "most"): "such as 99.9",
    }

    with Reader.open(config.store_url) as reader:
        for words, said in wrong.items():
            with pytest.raises(ConfigError, match=said):
                meant_slo(config, reader, *words)


def test_a_span_that_holds_no_time_is_refused() -> None:
    wrong = {
        ("4d", 0, None): "say two things",
        ("tomorrow", None, None): "90d",
        ("0d", None, None): "no time at all",
        (None, 2_000, 1_000): "holds no time",
        (None, NOON + 60, None): "holds no time",
    }

    for words, said in wrong.items():
        with pytest.raises(ConfigError, match=said):
            span_of(*words, as_of=NOON)
    assert span_of(None, None, None, NOON) is None
    assert span_of("1d", None, NOON + 60, NOON) == Span(NOON - DAY_S, NOON)
    assert span_of(None, None, NOON - 60, NOON) == Span(0, NOON - 60)


def test_a_policy_that_is_none_is_refused_and_so_is_a_third() -> None:
    with pytest.raises(ConfigError, match='did you mean "pyrra"'):
        candidates_of(an_slo(), ["pyra"])
    with pytest.raises(ConfigError, match="only two policies"):
        candidates_of(an_slo(), ["own", "pyrra", "default"])
    assert [one.name for one in candidates_of(an_slo(), [])] == ["own"]


def test_each_page_is_named_with_the_incident_and_its_delay(folder: Path) -> None:
    ran = burnline("backtest", "checkout", *AS_OF, "--json", folder=folder)
    (own,) = ran.json["policies"]

    assert ran.json["schema"] == "burnline.backtest/1"
    assert ran.json["recorded"] == {"count": 2, "says": "2 recorded incidents of checkout"}
    # A tenth bad burns 100: of an hour 100 n / 60 is above 14.4 from the ninth minute on. All bad
    # burns 1,000: 1,000 / 60 is from the first.
    first, second = own["pages"]
    assert (first["since"], first["right"]) == ("2025-12-02T12:09:00Z", True)
    assert (second["since"], second["right"]) == ("2025-12-22T12:01:00Z", False)
    assert second["burning_since"] == "2025-12-22T12:00:00Z"
    found, missed = own["met"]
    assert (found["key"], found["delay_seconds"]) == ("INC-1", 10 * 60)
    assert (missed["key"], missed["page"]) == ("INC-2", None)
    assert (own["recall"], own["precision"], own["delay_seconds"]) == (0.5, 0.5, 600)


def test_where_nothing_was_recorded_no_page_is_right_or_wrong_for_machines_either(
    folder: Path,
) -> None:
    """Both incidents are over by the 22nd at 12:00, a minute before the second page."""
    since = ("--since", "2025-12-22T00:00:00Z")
    ran = burnline("backtest", "checkout", *since, *AS_OF, "--json", folder=folder)
    (own,) = ran.json["policies"]

    assert ran.json["recorded"]["count"] == 0
    assert [(page["since"], page["right"]) for page in own["pages"]] == [
        ("2025-12-22T12:01:00Z", None)
    ]
    assert own["precision"] is None


def test_no_table_is_wider_than_the_terminal(folder: Path) -> None:
    wide, narrow = (
        burnline("backtest", "checkout", *AS_OF, folder=folder, COLUMNS=columns)
        for columns in ("100", "60")
    )

    drawn = narrow.out.partition("\n\n")[2]
    assert max(map(len, drawn.splitlines())) <= 60
    said, kept = (set(one.out.casefold().replace(":", " ").split()) for one in (wide, narrow))
    assert said <= kept


def test_every_figure_is_explained_in_words_and_for_machines(folder: Path) -> None:
    said = burnline("backtest", "checkout", "--explain", *AS_OF, folder=folder)
    advised = burnline("advise", "checkout", "--explain", "--json", *AS_OF, folder=folder)

    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    # Nine minutes of a tenth bad: 90 of 6,000.
    assert "burn 1h bad / total / budget = 90 / 6,000 / 0.001 = 15" in lines
    assert "recall found / recorded where measured = 1 / 2 = 0.5" in lines
    steps = {one["name"]: one["text"] for one in advised.json["steps"]}
    assert steps["supported"].startswith("99.95 %: the least of 1 month and that window: 0.9995 ≤ ")


def test_two_policies_stand_side_by_side_in_words(folder: Path) -> None:
    slow = "page 5% 6h/30m"
    ran = burnline(
        "backtest", "checkout", "--policy", "own", "--policy", slow, *AS_OF, folder=folder
    )

    head, scope, *rest = ran.out.splitlines()
    assert head == (
        "checkout: its own policy would have paged twice, 1 of them rightly, for 1 of 2 incidents;"
        ' "page 5% 6h/30m" would have paged once, for nothing recorded, for none of 2 incidents'
    )
    assert "(40 d), by the minute; held against 2 recorded incidents of checkout" in scope
    (pages,) = (line.split() for line in rest if line.startswith("Pages (alerts"))
    assert pages[-2:] == ["2", "1"]


def test_a_service_of_incidents_alone_is_down_while_they_last(folder: Path) -> None:
    ran = burnline("backtest", "--incidents-of", "checkout", *AS_OF, "--json", folder=folder)
    (own,) = ran.json["policies"]

    # The first began at a minute and lasted 21: of an hour one minute is a burn of 16.7.
    assert [one["since"] for one in own["pages"]] == [
        "2025-12-02T12:00:00Z",
        "2025-12-12T12:01:00Z",
    ]
    assert [one["delay_seconds"] for one in own["met"]] == [60, 60]
    assert ran.json["recorded"]["says"].endswith("each taken as down")


def test_the_same_question_has_the_same_answer_whatever_the_hash_seed(folder: Path) -> None:
    asked = ("backtest", "checkout", "--policy", "pyrra", *AS_OF, "--json")
    one, other = (burnline(*asked, folder=folder, PYTHONHASHSEED=seed) for seed in ("1", "2"))

    assert one.out == other.out


def test_advice_names_the_target_that_every_month_and_window_met(folder: Path) -> None:
    ran = burnline("advise", "checkout", *AS_OF, "--json", folder=folder)
    told = burnline("advise", "checkout", *AS_OF, folder=folder)

    # November: no bad event in 8.5 of 30 days, which is less than a half. December: 500 bad of
    # 4,464,000, 99.9888 %; January has 12 h.
    assert {one["month"]: one["counts"] for one in ran.json["months"]} == {
        "2025-11": False,
        "2025-12": True,
        "2026-01": False,
    }
    assert ran.json["months"][1]["sli"] == 1 - 500 / 4_464_000
    assert ran.json["supported"] == 0.9995
    assert ran.json["months"][1]["met"]["99.99"] is False
    # 500 bad of 30 days of 144,000.
    assert ran.json["lowest_window"]["sli"] == 1 - 500 / 4_320_000
    assert told.out.startswith(
        "checkout: the history supports 99.95 %; 99.9 % was met in 1 of 1 month"
    )


def test_advice_on_nothing_says_what_brings_a_history(folder: Path) -> None:
    ran = burnline("advise", "fast", *AS_OF, folder=folder)

    assert ran.code == 2
    assert "burnline collect --once" in ran.err


def test_how_long_pages_lasted_and_how_long_they_fired_are_told_as_two_things(
    folder: Path,
) -> None:
    """A page lasts on for the short window of its row after the last minute in which it fired.

    The first fires by 1h/5m from its minute 9 to 24 and ends at 30; the second also by 6h/30m,
    from its minute 1 to 32, and ends at 63.
    """
    ran = burnline("backtest", "checkout", *AS_OF, folder=folder)
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]

    assert any("1 h 2 m (32 m of it firing)" in line for line in lines)
    assert any("21 m (16 m of it firing)" in line for line in lines)
    (time,) = (line for line in lines if line.startswith("Time firing"))
    assert "a row of a page; of the time measured" in time
    assert "48 m" in time
