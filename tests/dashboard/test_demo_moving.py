"""The move of the demo's services: who answered on which day, by hand from its files."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from demo_facts import SEED, rows, rows_within

from dashboard.demo.folder import Folder

NOW = 1_795_369_964  # 22 Nov 2026 17:52:44
MOVE, AFTER, OVER = (f"{day}T00:00:00Z" for day in ("2025-12-01", "2026-03-01", "2026-11-01"))


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Folder(tmp_path_factory.mktemp("demo") / "demo")
    folder.begin(NOW, seed=SEED, days=1, port=8501)
    return folder.path / "facts" / "history"


@pytest.fixture(scope="module")
def shares(history: Path) -> dict[str, dict[str, float]]:
    """The share of each service's requests that the new system answered, by day."""
    counted: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: {"old": 0, "new": 0})
    for row in rows(history / "moving.csv.gz"):
        counted[row["service"], row["at"][:10]][row["side"]] += int(row["total"])
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (service, day), sides in counted.items():
        found[service][day] = sides["new"] / (sides["old"] + sides["new"])
    return found


def test_all_traffic_is_old_on_the_first_day_of_the_move(
    shares: dict[str, dict[str, float]],
) -> None:
    assert {by_day["2025-12-01"] for by_day in shares.values()} == {0.0}


def test_five_services_have_moved_for_good_by_its_last_day(
    shares: dict[str, dict[str, float]],
) -> None:
    whole = {service for service, by_day in shares.items() if by_day["2026-02-28"] == 1.0}

    assert whole == {"notifications", "mobile-bff", "ledger", "payments", "checkout"}
    assert shares["statements"]["2026-10-31"] == pytest.approx(0.97, abs=0.01)


def test_the_checkout_went_back_to_one_percent_once(shares: dict[str, dict[str, float]]) -> None:
    checkout = shares["checkout"]

    assert checkout["2026-01-20"] == pytest.approx(0.15, abs=0.005)  # day 50 of the move
    assert checkout["2026-01-25"] == pytest.approx(0.01, abs=0.005)  # day 55
    assert checkout["2026-02-21"] == 1.0  # day 82


def test_both_systems_answered_on_the_same_days(history: Path) -> None:
    found = rows_within(history / "moving-seconds.csv.gz", MOVE, AFTER)
    days = {
        side: {row["at"][:10] for row in found if row["side"] == side} for side in ("old", "new")
    }

    assert days["old"] == days["new"]
    assert (min(days["old"]), max(days["old"])) == ("2025-12-07", "2026-02-28")


def test_what_moved_is_told_until_the_end_of_the_months_after(history: Path) -> None:
    last = max(row["at"] for row in rows(history / "moving.csv.gz"))

    assert AFTER < last < OVER
