"""What a collection leaves behind besides its facts, and that no source waits for another."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from builders import DAY_S
from components.hostile import Hostile
from components.process import until
from small_shop import SOURCE, a_promise
from verdict_builders import burnline

from collectors.store.store import Reader
from dashboard import wiring
from slo.errors import StoreError
from slo.indicator import Ratio
from slo.spans import Span, moment

CONFIG = 'keep_minutes = "31d"\n' + SOURCE + a_promise(objective="99")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with thirty minutes of two days ago, and thirty of forty days ago."""
    today = wiring.now() // DAY_S * DAY_S
    old, young = today - 40 * DAY_S, today - 2 * DAY_S
    at = [since + 60 * minute for since in (old, young) for minute in range(30)]
    rows = [f"{moment(each).isoformat()},99,100\n" for each in at]
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "requests.csv").write_text("".join(["at,good,total\n", *rows]))
    return tmp_path


def rows(folder: Path, level_s: int) -> int:
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        ids = tuple(each.id for each in reader.pick("shop", Ratio("requests")))
        return len(reader.tally_rows(ids, level_s, Span(0, wiring.now())).at)


def test_a_collection_ends_by_thinning_minutes_older_than_are_kept(shop: Path) -> None:
    done = burnline("collect", "--once", folder=shop)

    assert done.code == 0
    assert (rows(shop, 60), rows(shop, 900)) == (30, 4)


def test_collecting_the_same_history_again_brings_no_old_minute_back(shop: Path) -> None:
    burnline("collect", "--once", folder=shop)

    again = burnline("collect", "--once", folder=shop)

    assert again.out == "shop: 0 new, 30 known, 30 thinned before\n"
    assert (rows(shop, 60), rows(shop, 900)) == (30, 4)


def test_an_import_thins_nothing_so_that_a_history_may_come_in_pieces(shop: Path) -> None:
    done = burnline("import", "requests.csv", folder=shop)

    assert done.code == 0
    assert (rows(shop, 60), rows(shop, 900)) == (60, 4)


def test_sources_that_hang_delay_no_other(tmp_path: Path) -> None:
    hung = """\
[[source]]
name = "hung-{0}"
kind = "prometheus"
url = "{1}"
timeout = "60s"

[[slo]]
name = "slow-{0}"
source = "hung-{0}"
objective = 99
uptime = "probe_success"

"""
    (tmp_path / "requests.csv").write_text("at,good,total\n2026-01-01T12:00:00Z,99,100\n")
    with Hostile(lambda _: until(lambda: "shop" in ended(tmp_path), "the others' end")) as server:
        before = "".join(hung.format(number, server.url) for number in range(3))
        healthy = CONFIG.partition("\n")[2] + 'source = "shop"\n'
        (tmp_path / "config.toml").write_text(before + healthy)

        done = burnline("collect", "--once", folder=tmp_path)

    ended_at = ended(tmp_path)
    assert done.code == 1, done.err
    assert "shop: 1 new" in done.out
    assert len(ended_at) == 4
    assert all(ended_at["shop"] <= ended_at[f"hung-{number}"] for number in range(3))


def ended(folder: Path) -> dict[str, int]:
    """When the last run of each source ended, as far as the store knows."""
    with suppress(StoreError), Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return {run.last.source: run.last.ended_at for run in reader.last_runs()}
    return {}
