"""Falls of a budget are named by those who are held to have spent them, as in the table beside."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, NOON, incident, minutes
from small_shop import SOURCE, a_promise
from verdict_builders import stored

from collectors.store.store import Reader
from dashboard.config.loading import load
from dashboard.views.attribution.making import spending
from dashboard.views.attribution.words import block
from dashboard.views.pages.objective import ObjectivePage, Wish, objective_page
from dashboard.views.pages.objective_words import mark_words
from dashboard.views.upkeep.scene import Scene
from slo.facts import EventKind, EventRow

SINCE = NOON - DAY_S
CONFIG = SOURCE + a_promise("pay", "99", service='"checkout"', window='"1d"')


def deploy(version: str, at: int) -> EventRow:
    fields = {"status": "success", "version": version}
    return EventRow(EventKind.DEPLOYMENT, version, at, at, "checkout", None, fields)


def fell(folder: Path, *events: EventRow) -> tuple[ObjectivePage, list[str]]:
    """The page of a day of which the seventh hour failed by half, and the table of who spent it."""
    good = [100] * (1_440 + 420) + [50] * 60 + [100] * 960
    url = stored(folder, minutes(good, [100] * 2_880, since=SINCE - DAY_S), *events)
    (folder / "config.toml").write_text(CONFIG)
    with Reader.open(url) as reader:
        scene = Scene(load(folder / "config.toml", {}), reader, NOON, is_fixed=True)
        page = objective_page(scene, Wish("pay"))
        assert isinstance(page, ObjectivePage)
        made = spending(scene.reader, scene.config.delivery, page.view)
        assert made is not None
        return page, [row[0].words for row in block(made).rows]


OUTAGE = incident("INC-7", at=SINCE + 7 * HOUR_S, lasted_s=HOUR_S)


@pytest.mark.parametrize(
    ("events", "label", "spent_by"),
    [
        ((), "no known cause", []),
        ((OUTAGE,), "INC-7", ["INC-7"]),
        ((deploy("v1", SINCE + HOUR_S),), "deploy v1", ["deploy v1"]),
        (
            (deploy("v1", SINCE + 7 * HOUR_S - 600), OUTAGE),
            "INC-7 and deploy v1",
            ["deploy v1", "INC-7"],
        ),
        # It is held to have spent of the last quarter hour alone, above what was bad before it.
        ((deploy("v1", SINCE + 7 * HOUR_S + 2_700),), "no known cause", ["deploy v1"]),
    ],
)
def test_a_fall_has_the_names_of_the_table_of_who_spent_the_budget(
    tmp_path: Path, events: tuple[EventRow, ...], label: str, spent_by: list[str]
) -> None:
    page, rows = fell(tmp_path, *events)

    (cause,) = page.causes
    # 3,000 of 1,440 that may fail.
    assert mark_words(cause) == f"{label} −208 %"
    assert rows == [*spent_by, "unattributed", "all of it"]


def test_a_phone_has_room_for_the_first_of_several_names(tmp_path: Path) -> None:
    page, _ = fell(tmp_path, deploy("v1", SINCE + 7 * HOUR_S - 600), OUTAGE)

    assert mark_words(page.causes[0], short=True) == "INC-7 −208 %"
    assert page.causes[0].blame.words == "INC-7; deploy v1, 10 m before"
