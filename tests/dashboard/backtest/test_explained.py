"""The arithmetic of `backtest` and `advise`: redone by hand, and held against store and `explain`."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, NOON, incident, minutes
from explained_by_hand import redone, told
from verdict_builders import an_slo, one_judged, stored

from collectors.store.store import Reader, Store
from dashboard.config import load
from dashboard.views.backtest.advising import advised
from dashboard.views.backtest.incidents import service_slo, tried_on_incidents
from dashboard.views.backtest.making import Tried, own_policy, tried
from dashboard.views.explained.advised import advice_steps
from dashboard.views.explained.backtested import backtest_steps
from dashboard.views.explained.step import Step
from dashboard.views.machines.explain import steps
from dashboard.views.upkeep.scene import Scene
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import EventRow
from slo.known_policies import candidate
from slo.objective import Objective, Slo
from slo.spans import RollingWindow, Span

DAYS = 5
SINCE = NOON - DAYS * DAY_S
SLO = replace(an_slo("99", window=RollingWindow(7 * DAY_S)), service="checkout")
OUTAGE = Span(NOON - 2 * DAY_S, NOON - 2 * DAY_S + 1_200)
CONFIG = """
[[source]]
name = "shop"
kind = "prometheus"
url = "https://prom.example.org"
"""


def shop(folder: Path, *noted: EventRow) -> str:
    """Five days of a hundred a minute; sixty of them bad for twenty minutes two days ago."""
    at = range(SINCE, NOON, 60)
    bad = [60 if OUTAGE.since <= one < OUTAGE.until else 0 for one in at]
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    return stored(folder, minutes([100 - n for n in bad], [100] * len(bad), since=SINCE), *noted)


def scene(folder: Path, reader: Reader) -> Scene:
    config = load(folder / "config.toml", {}, with_sources=False)
    return Scene(config, reader, NOON, is_fixed=True)


def explained(folder: Path, url: str, *policies: str, slo: Slo = SLO) -> tuple[Step, ...]:
    with Reader.open(url) as reader:
        seen = scene(folder, reader)
        made: Tried = tried(seen, slo, [own_policy(slo), *map(candidate, policies)])
        return backtest_steps(seen, made)


def advice(folder: Path, url: str, slo: Slo = SLO, asked: Span | None = None) -> tuple[Step, ...]:
    with Reader.open(url) as reader:
        seen = scene(folder, reader)
        return advice_steps(seen, slo, advised(seen, slo, asked), asked)


def counted(folder: Path, sql: str) -> tuple[float, float, float]:
    with sqlite3.connect(folder / "burnline.db") as connection:
        good, total, observed_s = connection.execute(sql).fetchone()
    return good, total, observed_s


def drill(url: str, when: Span) -> None:
    said = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(),
        when=when,
        reason="a drill",
        author="Ada",
    )
    with Store.open(url, now=NOON) as store:
        store.corrections.put(said, None, actor="unverified", now=NOON)


def test_a_policy_that_never_paged_has_no_middle_and_no_precision(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 2_880, [100] * 2_880, since=NOON - 2 * DAY_S))
    (tmp_path / "config.toml").write_text("", encoding="utf-8")

    found = explained(tmp_path, url)

    assert told(found, "page")[-1].startswith("5 % of the budget in 6h")
    assert told(found, "pages") == [
        "pages / measured × 30 d = 0 / 172,800 s × 2,592,000 s = 0",
    ]
    assert told(found, "recall") == ["found / recorded where measured = 0 / 0: –"]
    assert told(found, "until paged") == ["–: nothing to take the middle of"]
    assert told(found, "precision") == []
    assert told(found, "excluded") == ["nothing"]


def test_the_counts_that_a_page_began_on_are_those_of_the_store_and_of_explain_then(
    tmp_path: Path,
) -> None:
    url = shop(tmp_path)

    found = explained(tmp_path, url)

    # 60 % bad burn 60: of an hour 60 n / 60 is above 3.36 from the fourth minute on. The factor of
    # 2 % of a week in an hour is 0.02 x 168 = 3.36.
    moment = OUTAGE.since + 4 * 60
    (page,) = told(found, "paged")
    assert page == "30 Dec 2025 12:04 UTC: both over 3.36"
    long, short = told(found, "burn 1h"), told(found, "burn 5m")
    assert long == ["bad / total / budget = 240 / 6,000 / 0.01 = 4"]
    assert short == ["bad / total / budget = 240 / 500 / 0.01 = 48"]
    then = steps(one_judged(url, SLO, as_of=moment))
    assert (told(then, "burn 1h"), told(then, "burn 5m")) == (long, short)
    (sql,) = told(found, "sql")
    assert counted(tmp_path, sql) == (5_760, 6_000, 3_600)
    assert told(found, "query") == [f"{told(then, 'query')[0].partition('#')[0]}# time={moment}"]
    (link,) = told(found, "link")
    assert link.startswith("https://prom.example.org/graph?g0.expr=")
    assert redone(found) >= 9


def test_each_recorded_one_says_how_late_its_page_was_and_what_the_middle_is(
    tmp_path: Path,
) -> None:
    early, late = OUTAGE.since - 600, NOON - HOUR_S
    url = shop(tmp_path, incident("INC-1", at=early, lasted_s=1_800), incident("INC-2", at=late))

    found = explained(tmp_path, url)

    # The page came 4 minutes after the outage began, 14 after the incident did.
    assert told(found, "found") == [
        f"INC-1: paged − began = {early + 840} − {early} = 840 s",
    ]
    assert told(found, "missed") == ["INC-2, 1 Jan 2026 11:00 UTC"]
    assert told(found, "recall") == ["found / recorded where measured = 1 / 2 = 0.5"]
    assert told(found, "until paged") == ["840 s, the only one"]
    assert redone(found) >= 12


def test_the_middle_of_two_is_told_as_their_mean_and_of_three_as_the_one_between(
    tmp_path: Path,
) -> None:
    # The page begins 240 s after the outage did: 840 and 539 s after two incidents, and 300 s.
    begins = [OUTAGE.since - early for early in (600, 299, 60)]
    noted = [
        incident(f"INC-{at}", at=since, lasted_s=1_800) for at, since in enumerate(begins, start=1)
    ]

    for folder in ("two", "three"):
        (tmp_path / folder).mkdir()
    two = explained(tmp_path / "two", shop(tmp_path / "two", *noted[:2]))
    three = explained(tmp_path / "three", shop(tmp_path / "three", *noted))

    (mean,) = told(two, "until paged")
    assert mean == (
        "the median of 539, 840 s, the mean of the two in the middle: "
        "(539 + 840) / 2 = 689.5 s, told as 690 s"
    )
    assert told(three, "until paged") == [
        "the median of 300, 539, 840 s, the one in the middle: 539 s"
    ]
    assert redone(two) >= 12


def test_what_a_correction_takes_out_is_named_and_in_no_count(tmp_path: Path) -> None:
    url = shop(tmp_path)
    drill(url, Span(OUTAGE.since - 600, OUTAGE.since + 300))

    found = explained(tmp_path, url)

    assert told(found, "excluded") == ["15 m under corrections, taken out"]
    # Fifteen minutes are gone from the hour: 60 n / 4,500 / 0.01 x 45 / 60 is above 3.36 from the
    # fourth minute after it on.
    assert told(found, "burn 1h") == [
        "bad / total / budget = 240 / 4,500 / 0.01 ≈ 5.333333333; × observed 0.75 = 4 that the factor is held against"
    ]
    assert counted(tmp_path, told(found, "sql")[0]) == (4_260, 4_500, 2_700)


def test_two_policies_are_explained_one_after_the_other(tmp_path: Path) -> None:
    found = explained(tmp_path, shop(tmp_path), "slo-generator")

    own, other = told(found, "policy")
    assert own.startswith("own: ")
    assert other == "slo-generator: slo-generator's single windows"
    assert len(told(found, "pages")) == 2


def test_a_service_of_incidents_alone_has_no_query_and_the_same_arithmetic(tmp_path: Path) -> None:
    url = shop(tmp_path, incident("INC-1", at=OUTAGE.since, lasted_s=1_200))
    slo = service_slo("checkout", Objective.from_percent(99))
    with Reader.open(url) as reader:
        seen = scene(tmp_path, reader)
        found = backtest_steps(seen, tried_on_incidents(seen, slo, [own_policy(slo)]))

    # Down all the time: of an hour n minutes burn n / 60 / 0.01, above 14.4 from the ninth on.
    assert "bad / total / budget = 540 / 3,600 / 0.01 = 15" in told(found, "burn 1h")[-1]
    assert told(found, "sql") == told(found, "query") == []


def test_a_month_says_its_sli_and_the_least_window_what_is_supported(tmp_path: Path) -> None:
    url = shop(tmp_path)
    week = replace(SLO, window=RollingWindow(3 * DAY_S))

    found = advice(tmp_path, url, week)

    january, december = told(found, "month")
    assert january.startswith("Jan 2026: good / total = 72,000 / 72,000 = 1; 100 % measured")
    assert december.endswith("not counted, under 50 % of the whole of it")
    # Twenty minutes of 60 bad a minute are 1,200 of 432,000.
    (lowest,) = told(found, "lowest")
    assert lowest.startswith("the least over any 3 d, in those that ended ")
    assert lowest.endswith("good / total = 430,800 / 432,000 ≈ 0.997222222")
    for sql in told(found, "sql"):
        assert counted(tmp_path, sql)[1] > 0
    assert counted(tmp_path, told(found, "sql")[-1])[:2] == (430_800, 432_000)
    assert told(found, "supported") == ["–: no month was measured for a half"]
    assert told(found, "query")
    assert redone(found) >= 3


def test_what_is_supported_lies_between_the_targets_that_the_least_allows(tmp_path: Path) -> None:
    # Thirty days of one bad in a thousand.
    count = 30 * 1_440
    url = stored(tmp_path, minutes([999] * count, [1_000] * count, since=NOON - count * 60))
    (tmp_path / "config.toml").write_text("", encoding="utf-8")

    found = advice(tmp_path, url)

    assert told(found, "supported") == [
        "99.9 %: the least of 1 month and that window: 0.999 ≤ 0.999 < 0.9995"
    ]


@pytest.mark.parametrize("asked", [None, Span(NOON - DAY_S, NOON)])
def test_excluded_counts_stand_beside_the_month_that_they_were_taken_from(
    tmp_path: Path, asked: Span | None
) -> None:
    url = shop(tmp_path)
    drill(url, Span(NOON - 600, NOON))

    january = told(advice(tmp_path, url, asked=asked), "month")[0]

    assert "good / total = 71,000 / 71,000 = 1" in january
    assert "1,000 good of 1,000 under corrections, of 72,000 as measured" in january
