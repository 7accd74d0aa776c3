"""What a backtest says beside its pages: what was corrected since, and that members page too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import DAY_S, NOON, incident, minutes
from verdict_builders import an_slo, stored

from collectors.store.store import Reader, Store
from dashboard.config import load
from dashboard.views.backtest.making import Tried, own_policy, tried
from dashboard.views.backtest.told import blocks, headline, scope
from dashboard.views.blocks import Block
from dashboard.views.explained.backtested import backtest_steps
from dashboard.views.machines.backtest import document
from dashboard.views.upkeep.scene import Scene
from slo.corrections import Correction, CorrectionKind, Scope
from slo.objective import Slo
from slo.spans import Span

SLO = replace(an_slo(), service="checkout")
BURNT = Span(NOON - DAY_S, NOON - DAY_S + 1_200)


def made(folder: Path, url: str, slo: Slo) -> Tried:
    return told_of(folder, url, slo)[0]


def told_of(folder: Path, url: str, slo: Slo) -> tuple[Tried, dict[str, str]]:
    """What was tried, and its arithmetic."""
    (folder / "config.toml").write_text("", encoding="utf-8")
    with Reader.open(url) as reader:
        scene = Scene(load(folder / "config.toml", {}), reader, NOON)
        found = tried(scene, slo, [own_policy(slo)])
        return found, dict(backtest_steps(scene, found))


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Four days with an incident of twenty minutes in which half the requests failed."""
    bad = [50 if BURNT.since <= NOON - at * 60 < BURNT.until else 0 for at in range(5_760, 0, -1)]
    noted = incident("INC-7", at=BURNT.since, lasted_s=BURNT.length_s)
    rows = minutes([100 - one for one in bad], [100] * len(bad), since=NOON - 5_760 * 60)
    return stored(tmp_path, rows, noted)


def corrected(url: str) -> None:
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(),
        when=BURNT,
        reason="a drill",
        author="Ada",
    )
    with Store.open(url, now=NOON) as store:
        store.corrections.put(drill, None, actor="unverified", now=NOON)


def below(made: Tried) -> tuple[str, ...]:
    return blocks(made)[0].below[1:]


def missed(made: Tried) -> Block:
    return next(one for one in blocks(made) if one.title == "Incidents without a page")


def test_nothing_is_said_where_nothing_was_corrected_and_nobody_is_a_member(
    tmp_path: Path, url: str
) -> None:
    found = made(tmp_path, url, SLO)

    assert below(found) == ()
    assert document(found)["corrected_seconds"] == 0
    assert scope(found).endswith("held against 1 recorded incident of checkout")


def test_a_page_that_a_correction_takes_away_went_out_before_it_and_that_is_said(
    tmp_path: Path, url: str
) -> None:
    before = made(tmp_path, url, SLO)
    corrected(url)
    after = made(tmp_path, url, SLO)

    assert len(before.sides[0].found.pages) == 1
    assert headline(after) == "checkout would never have paged"
    assert after.sides[0].as_measured == before.sides[0].found
    (said,) = below(after)
    assert said.startswith("20 m of it is under corrections")
    assert said.endswith("before they were made: own 1 page.")
    assert scope(after).endswith(
        "held against 1 recorded incident of checkout; left out: 1 under a correction"
    )
    (row,) = missed(after).rows
    assert row[3].words == "under a correction; as measured it paged"


def test_what_is_corrected_is_told_apart_from_what_was_never_measured(tmp_path: Path) -> None:
    """An incident in a hole of an hour, one that the correction takes away, one that counts."""
    hole = Span(NOON - 2 * DAY_S, NOON - 2 * DAY_S + 3_600)
    sound = [Span(NOON - 4 * DAY_S, hole.since), Span(hole.until, NOON)]
    rows = [minutes([100] * (n := one.length_s // 60), [100] * n, since=one.since) for one in sound]
    noted = {"HOLE": hole.since + 60, "DRILL": BURNT.since + 60, "CALM": NOON - 7_200}
    url = stored(
        tmp_path, *rows, *(incident(key, at=at, lasted_s=600) for key, at in noted.items())
    )
    corrected(url)

    found, steps = told_of(tmp_path, url, SLO)

    assert scope(found).endswith("checkout; left out: 1 under a correction, 1 not measured")
    neither = "1 of those recorded: counted as neither"
    assert (steps["corrected"], steps["not measured"]) == (neither, neither)
    why = {row[1].words: row[3].words for row in missed(found).rows}
    assert why == {
        "CALM": "burnt too little to page",
        "DRILL": "under a correction",
        "HOLE": "not measured",
    }


def test_of_a_group_it_says_which_members_are_replayed_and_how_one_by_itself(
    tmp_path: Path, url: str
) -> None:
    (said,) = below(made(tmp_path, url, replace(SLO, group_by=("region", "zone"))))

    assert said.startswith("The one member by region and zone with bad events is replayed beside")
    assert "none begins a page while the sum has one" in said
    assert said.endswith("burnline backtest checkout/MEMBER replays one by itself.")


@pytest.mark.parametrize(("calm", "shown", "beyond"), [(11, 1, 2), (14, 0, 5)])
def test_of_incidents_without_a_page_twelve_are_listed_whatever_the_reason(
    tmp_path: Path, calm: int, shown: int, beyond: int
) -> None:
    """Some that burnt nothing, then as many as there is room for of three that nobody measured."""
    hole = Span(NOON - 2 * DAY_S, NOON - 2 * DAY_S + 3_600)
    sound = [Span(NOON - 4 * DAY_S, hole.since), Span(hole.until, NOON)]
    rows = [minutes([100] * (n := one.length_s // 60), [100] * n, since=one.since) for one in sound]
    begun = {f"CALM-{n}": NOON - DAY_S + n * 3_600 for n in range(calm)}
    begun |= {f"HOLE-{n}": hole.since + n * 900 for n in range(3)}
    noted = [incident(key, at=at, lasted_s=600) for key, at in begun.items()]

    listed = missed(made(tmp_path, stored(tmp_path, *rows, *noted), SLO))

    latest = [f"CALM-{n}" for n in reversed(range(calm))][: 12 - shown]
    assert [row[1].words for row in listed.rows] == latest + ["HOLE-2"] * shown
    assert listed.below == (f"and {beyond} more; burnline backtest --json lists all",)
