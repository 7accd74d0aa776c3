"""Controls from stored events, through the command."""

from __future__ import annotations

from pathlib import Path

from builders import HOUR_S
from moved_shop import FIRST, LAST, MOVED, MOVES
from verdict_builders import burnline

from slo.spans import rfc3339

CONFIG = """
store = "sqlite:///burnline.db"

[[source]]
name = "shop"
kind = "files"
generated = true
every = "1h"

[[source.file]]
path = "deployments.csv"
holds = "events"
kind = "deployment"

[[migration]]
name = "cloud"
before = [2026-01-05, 2026-03-16]
after = [2026-03-30, 2026-06-08]

[[migration.metric]]
id = "deployments"
title = "Deployments"
kind = "event_rate"
events = "deployment"

[[migration.service]]
name = "cart"
cutover = 2026-03-16
settle = "14d"

[[migration.service]]
name = "mail"
cutover = 2026-03-16
settle = "14d"

[[migration.service]]
name = "search"
"""


def _rows(service: str, every_before_h: int, every_after_h: int) -> list[str]:
    before = range(FIRST, MOVES, every_before_h * HOUR_S)
    after = range(MOVED, LAST, every_after_h * HOUR_S)
    return [f"{service}-{at},{rfc3339(at + HOUR_S)},{service},{at},out" for at in (*before, *after)]


def test_moved_services_are_told_against_one_that_has_not_moved(tmp_path: Path) -> None:
    # In 70 days each: cart and mail 20 and 40 deployments, search 20 and 20.
    rows = [*_rows("cart", 84, 42), *_rows("mail", 84, 42), *_rows("search", 84, 84)]
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "deployments.csv").write_text("\n".join(["id,at,service,version,title", *rows, ""]))
    collected = burnline("collect", "--once", folder=tmp_path)
    assert collected.code == 0, collected.err

    ran = burnline("migration", "--as-of", "2026-08-01", folder=tmp_path)
    said = " ".join(ran.out.split())

    assert (ran.code, ran.err) == (0, "")
    assert "Deployments, each service against itself around its own cutover: 2.0x as often" in said
    assert "Deployments, moved services against those not moved yet: 2.0x as often" in said
    assert "as among the others." in said
