"""What `explain` says that only the store knows: spenders, what returns, policy, months, labels."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, NOON, incident, minutes, series, steady
from explained_by_hand import redone, told
from small_shop import SOURCE, a_promise
from verdict_builders import stored

from collectors.store.reader import Reader
from dashboard.config import load
from dashboard.views.counted.figures import evaluate
from dashboard.views.explained.step import Step
from dashboard.views.explained.stored import stored_steps
from dashboard.views.upkeep.scene import Scene
from slo.facts import EventKind, EventRow

CONFIG = SOURCE + a_promise("pay", "99", service='"checkout"', window='"7d"')


def deploy(version: str, at: int) -> EventRow:
    fields = {"status": "success", "version": version}
    return EventRow(EventKind.DEPLOYMENT, version, at, at, "checkout", None, fields)


def beyond(folder: Path, *facts: object, config: str = CONFIG) -> tuple[Step, ...]:
    """What the store explains of the only SLO."""
    url = stored(folder, *facts)  # type: ignore[arg-type]
    path = folder / "config.toml"
    path.write_text(config)
    made = load(path, {}, with_sources=False)
    sources = {one.name: one for one in made.sources}
    with Reader.open(url) as reader:
        (view,) = evaluate(made.slos, reader, as_of=NOON, sources=sources)
        return stored_steps(Scene(made, reader, NOON, is_fixed=True), view)


def a_bad_week(*, bad: int = 20) -> Sequence[object]:
    """A good week, and a week with an hour of failures two days ago, after a deploy."""
    hot = NOON - 2 * DAY_S
    return (
        steady(7 * 1_440 + 5 * 1_440, since=NOON - 14 * DAY_S),
        steady(60, bad=bad, since=hot),
        steady(2 * 1_440 - 60, since=hot + HOUR_S),
        deploy("v7", hot),
        incident("INC-1", at=hot, lasted_s=HOUR_S),
    )


def test_what_spent_the_budget_is_claimed_shared_and_summed(tmp_path: Path) -> None:
    found = beyond(tmp_path, *a_bad_week())

    first, second = told(found, "spent by")
    # An hour of 100 requests a minute, 20 of them bad, usually none: 1,200, half of it each.
    assert (
        "bad − usual × total in the parts of quarter hours above the usual = 1,200 − 0 × 6,000 = 1,200, "
        "shared with others that claim the same: 600 are its part; "
        "part / total / budget = 600 / 1,008,000 / 0.01 ≈ 0.05952381"
    ) in first
    assert {one.partition(":")[0] for one in (first, second)} == {"deploy v7", "INC-1"}
    assert told(found, "unattributed") == ["bad − what all of them spent = 1,200 − 1,200 = 0"]
    assert redone(found) >= 8


def test_what_is_left_at_last_weeks_traffic_is_what_the_page_says(tmp_path: Path) -> None:
    """Of 2,016,000 requests in 14 d 20,160 may fail and 1,200 did; each week had half of them."""
    found = beyond(tmp_path, *a_bad_week(), config=CONFIG.replace('"7d"', '"14d"'))

    (text,) = told(found, "that is")
    assert "× 0.01 × 1,008,000 / 604,800 / 1 × 1,209,600" in text
    assert text.endswith(" = 18,960 more may be bad at last week's traffic")
    assert redone(found) >= 8


def test_what_returns_is_what_the_printed_sql_counts(tmp_path: Path) -> None:
    found = beyond(tmp_path, *a_bad_week(bad=100), steady(60, bad=50, since=NOON - 20 * DAY_S))

    within = told(found, "returns")
    assert [one.partition(":")[0] for one in within] == ["within 1 d", "within 3 d"]
    _, _, sql = within[1].rpartition("; SELECT")
    good, total, _ = sqlite3.connect(tmp_path / "burnline.db").execute(f"SELECT{sql}").fetchone()
    assert total - good == 0
    assert "bad that leaves / total / budget = 0 / 1,008,000 / 0.01 = 0" in within[1]
    assert redone(found) >= 8


def test_a_spent_budget_says_how_many_are_too_many_until_when(tmp_path: Path) -> None:
    found = beyond(
        tmp_path,
        steady(2 * 1_440, bad=5, since=NOON - 7 * DAY_S),
        steady(5 * 1_440, since=NOON - 5 * DAY_S),
    )

    (above,) = told(found, "above 0")
    assert above.startswith("bad − budget × total = 14,400 − 0.01 × 1,008,000 = 4,320 too many;")
    # 75 of a quarter hour: after 57 of them 4,275 have left, after 58 of them 4,350.
    assert "left at 2 Jan 2026 02:30 UTC" in above
    _, _, sql = above.rpartition(": SELECT")
    good, total, _ = sqlite3.connect(tmp_path / "burnline.db").execute(f"SELECT{sql}").fetchone()
    assert total - good == 58 * 75


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (0, "standard: none, 1 left > 0.25"),
        (
            1,
            (
                "standard: 0 left ≤ 0: release nothing but fixes until some budget is left, "
                "blocks releases"
            ),
        ),
    ],
)
def test_the_policy_step_in_force_says_by_what_is_left(tmp_path: Path, bad: int, said: str) -> None:
    found = beyond(tmp_path, steady(7 * 1_440, bad=bad, since=NOON - 7 * DAY_S))

    assert told(found, "policy") == [said]


def test_each_month_says_what_it_allowed(tmp_path: Path) -> None:
    found = beyond(tmp_path, steady(7 * 1_440, bad=2, since=NOON - 7 * DAY_S))

    running, last = told(found, "month")
    assert running == (
        "Jan 2026: allowed = budget × total = 0.01 × 72,000 = 720; "
        "left = 1 − bad / allowed = 1 − 1,440 / 720 = −1; "
        "sli = good / total = 70,560 / 72,000 = 0.98"
    )
    assert last.startswith("Dec 2025: ")
    assert redone(found) >= 4


def test_where_nothing_was_measured_nothing_is_computed(tmp_path: Path) -> None:
    found = beyond(tmp_path)

    assert told(found, "policy") == ["standard: –, the budget is unknown"]
    assert redone(found) == 0


def test_each_value_of_a_label_says_its_share_of_what_is_bad(tmp_path: Path) -> None:
    def route(name: str, bad: int) -> object:
        key = series(route=name)
        return minutes([100 - bad] * 60, [100] * 60, since=NOON - HOUR_S, key=key)

    found = beyond(
        tmp_path,
        route("/pay", 9),
        route("/login", 1),
        config=f'{CONFIG}breakdown = ["route"]\n',
    )

    whole, most, least = told(found, "breakdown")
    assert whole.startswith("by route, ")
    assert whole.endswith(": 600 bad in all")
    assert most.startswith("route /pay: bad / all bad = 540 / 600 = 0.9; normally unknown")
    assert least.startswith("route /login: bad / all bad = 60 / 600 = 0.1; ")


def test_a_prometheus_objective_links_each_of_its_queries(tmp_path: Path) -> None:
    config = """
[[source]]
name = "shop"
kind = "prometheus"
url = "https://prom.example.org"

[[slo]]
name = "pay"
objective = 99
total = 'requests_total'
bad = 'requests_total{code="500"}'
"""

    (link,) = told(beyond(tmp_path, config=config), "link")

    assert link.startswith("https://prom.example.org/graph?g0.expr=1%20-%20sum%28increase%28")
