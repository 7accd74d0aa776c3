"""A shop with a series in each kind of trouble, and what `burnline check` says of some of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders import DAY_S, HOUR_S, NOON, minutes, series
from small_shop import SOURCE, a_promise
from verdict_builders import Ran, burnline

NOON_UTC = "2026-01-01T12:00:00Z"
HOUR = 60
DAY = 24 * HOUR


def promised(name: str) -> str:
    """The table of an SLO on the requests of the route of its name."""
    return a_promise(name, "99", f'requests{{route="{name}"}}', window='"1d"')


def configured(folder: Path, *routes: str) -> None:
    (folder / "config.toml").write_text(SOURCE + "".join(map(promised, routes)))


def route(name: str, calm_bad: int, bad: int, *, hours: int = 1, until: int = NOON) -> list[Any]:
    """A day of 100 requests a minute, the last hours of it with other bad counts."""
    key, hot = series(route=name), hours * HOUR
    return [
        minutes([100 - calm_bad] * (DAY - hot), [100] * (DAY - hot), since=until - DAY_S, key=key),
        minutes([100 - bad] * hot, [100] * hot, since=until - hours * HOUR_S, key=key),
    ]


KINDS = {
    "fine": route("fine", 0, 0),
    "paging": route("paging", 0, 60),
    "ticket": [
        *route("ticket", 0, 30, until=NOON - HOUR_S),
        minutes([100] * HOUR, [100] * HOUR, since=NOON - HOUR_S, key=series(route="ticket")),
    ],
    "spent": route("spent", 2, 0, hours=7),
    "low": route("low", 1, 0, hours=5),
    "stale": route("stale", 0, 0, until=NOON - HOUR_S),
    "idle": [minutes([0] * DAY, [0] * DAY, since=NOON - DAY_S, key=series(route="idle"))],
    "partly": [
        minutes(
            [40] * DAY, [100] * DAY, since=NOON - DAY_S, key=series(route="partly"), partial=True
        )
    ],
    "young": [minutes([40] * 6, [100] * 6, since=NOON - 360, key=series(route="young"))],
    "absent": [],
}


def checked(shop: Path, *routes: str, words: tuple[str, ...] = ()) -> Ran:
    configured(shop, *routes)
    return burnline("check", "--as-of", NOON_UTC, *words, folder=shop)
