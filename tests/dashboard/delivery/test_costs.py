"""What a deployment cost of an error budget, on the page of deliveries: a real store."""

from __future__ import annotations

from pathlib import Path

from builders import DAY_S, HOUR_S, NOON, minutes
from small_shop import SOURCE, a_promise
from verdict_builders import stored

from collectors.store.reader import Reader
from dashboard.config import load
from dashboard.views.delivery.making import whole
from dashboard.views.delivery.model import Choice, DeploymentLine
from dashboard.views.slos.marks import Tone
from dashboard.views.upkeep.scene import Scene
from slo.facts import EventKind, EventRow
from slo.spans import Span


def an_objective(name: str, objective: str, window: str = "7d") -> str:
    """The table of one SLO."""
    return a_promise(name, objective, service='"checkout"', window=f'"{window}"')


def deploy(version: str, ago_s: int, service: str = "checkout") -> EventRow:
    """A deployment that succeeded so long before noon."""
    at = NOON - ago_s
    fields = {"status": "success", "version": version}
    return EventRow(EventKind.DEPLOYMENT, f"{service}-{version}", at, at, service, None, fields)


def lines(folder: Path, *events: EventRow, config: str) -> dict[str, DeploymentLine]:
    """The deployments of the last four weeks by version; 2 of 100 fail in the last six hours."""
    count = 8 * 1_440
    good = [100] * (count - 360) + [98] * 360
    url = stored(folder, minutes(good, [100] * count, since=NOON - 8 * DAY_S), *events)
    (folder / "config.toml").write_text(SOURCE + config)
    made = load(folder / "config.toml", {}, with_sources=False)
    with Reader.open(url) as reader:
        page = whole(Scene(made, reader, NOON), Choice(Span(NOON - 28 * DAY_S, NOON))).page
    return {one.version: one for one in page.deployments}


def test_the_cost_is_that_of_the_objective_that_it_cost_the_most(tmp_path: Path) -> None:
    config = an_objective("loose", "99") + an_objective("strict", "99.9")
    found = lines(tmp_path, deploy("v2", 6 * HOUR_S), config=config)

    # 720 of the 1,008,000 requests of a week: 71.4 % of a budget of 0.1 %, 7.1 % of one of 1 %.
    assert (found["v2"].cost, found["v2"].cost_of) == ("71 % so far", "strict")
    assert found["v2"].cost_tone is Tone.RED


def test_a_deploy_that_changed_nothing_cost_nothing(tmp_path: Path) -> None:
    config = an_objective("strict", "99.9")
    found = lines(tmp_path, deploy("v1", 3 * DAY_S), deploy("v2", 6 * HOUR_S), config=config)

    assert (found["v1"].cost, found["v1"].cost_of, found["v1"].cost_tone) == ("0 %", "", "")


def test_one_that_no_window_reaches_any_more_has_no_known_cost(tmp_path: Path) -> None:
    config = an_objective("strict", "99.9", "1d")
    found = lines(tmp_path, deploy("v1", 5 * DAY_S), deploy("v9", HOUR_S, "login"), config=config)

    assert found["v1"].cost == found["v9"].cost == "–"


def test_the_first_hours_of_a_history_hold_nothing_against_anybody(tmp_path: Path) -> None:
    config = an_objective("strict", "99.9", "10d")
    found = lines(tmp_path, deploy("v1", 8 * DAY_S), config=config)

    assert found["v1"].cost == "–"
