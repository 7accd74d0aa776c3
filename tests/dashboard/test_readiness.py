"""`/readyz`: ready while new figures come in, and otherwise what is wrong and how to mend it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from builders import NOON, minutes
from components.process import answers, free_port, until
from page_server import command, served
from small_shop import SHOP
from verdict_builders import stored

from collectors.store.leases import Standing
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from dashboard import wiring


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config."""
    made = tmp_path_factory.mktemp("ready")
    (made / "config.toml").write_text(SHOP)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server whose store comes and goes under its eyes."""
    with served(folder / "config.toml") as url:
        yield url


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """A fresh store with facts in it, which nobody has collected."""
    for left in folder.glob("burnline.db*"):
        left.unlink()
    made = Store.open(stored(folder, minutes([9], [10], since=NOON)), now=NOON)
    yield made
    made.close()


def told(address: str) -> tuple[int, str, str]:
    answer = requests.get(f"{address}/readyz", timeout=120)
    body = answer.json()
    assert body["status"] == ("ready" if answer.ok else "not ready")
    return answer.status_code, body.get("what", ""), body.get("mend", "")


def beaten(store: Store, ago_s: int) -> None:
    """A collector that said so many seconds ago that it is at work."""
    store.take_lease("me", 4_321, "here", Standing("cafe"), now=wiring.now() - ago_s)


def test_without_a_store_there_is_none_yet_while_the_process_is_well(
    folder: Path, address: str
) -> None:
    for left in folder.glob("burnline.db*"):
        left.unlink()

    code, what, mend = told(address)

    assert (code, what) == (503, "there is no store yet")
    assert "collect" in mend
    assert requests.get(f"{address}/healthz", timeout=120).text == "ok\n"


@pytest.mark.usefixtures("store")
def test_a_store_that_nobody_collects_into_is_not_ready(address: str) -> None:
    code, what, mend = told(address)

    assert (code, what) == (503, "no collector has run yet")
    assert "burnline up" in mend


def test_a_collector_at_work_makes_it_ready(store: Store, address: str) -> None:
    beaten(store, 10)

    assert told(address) == (200, "", "")


def test_a_collector_that_died_is_named_with_when_the_figures_stop(
    store: Store, address: str
) -> None:
    beaten(store, 185)

    code, what, mend = told(address)

    assert code == 503
    assert what.startswith("collector not seen for 3 min: figures stop at ")
    assert "4321 on here" in mend


def test_a_collector_that_ended_in_good_order_is_missed_too(store: Store, address: str) -> None:
    beaten(store, 5)
    store.release_lease("me", now=wiring.now())

    code, what, _ = told(address)

    assert code == 503
    assert what.startswith("no collector is at work since")


@pytest.mark.parametrize(("ago_s", "code"), [(70, 200), (200, 503)])
def test_runs_by_a_timer_count_for_two_of_their_intervals(
    store: Store, address: str, ago_s: int, code: int
) -> None:
    ended = wiring.now() - ago_s
    store.record(RunRecord("shop", ended - 1, ended))

    assert told(address)[0] == code


def test_a_config_that_breaks_is_told_and_mended_is_ready_again(
    folder: Path, store: Store, address: str
) -> None:
    beaten(store, 0)
    (folder / "config.toml").write_text(SHOP.replace("objective", "objectve"))
    code, what, _ = told(address)
    (folder / "config.toml").write_text(SHOP)

    assert code == 503
    assert 'config.toml:9: slo "checkout": objectve: unknown key' in what
    assert told(address)[0] == 200


def test_a_store_of_a_newer_schema_is_told(folder: Path, store: Store, address: str) -> None:
    beaten(store, 0)
    with sqlite3.connect(folder / "burnline.db") as raw:
        raw.execute("UPDATE burnline_store SET schema_version = 99")
    raw.close()

    code, what, mend = told(address)

    assert code == 503
    assert "version 99" in what
    assert "newer burnline" in mend


def test_a_moment_that_is_fixed_needs_no_collector(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(SHOP)
    stored(tmp_path, minutes([9], [10], since=NOON))
    with served(tmp_path / "config.toml", "--as-of", "2026-01-01T12:10:00Z") as address:
        assert told(address)[0] == 200


def test_told_to_reload_the_server_reads_its_configuration_and_lives(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(SHOP)
    stored(tmp_path, minutes([9], [10], since=NOON))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    fixed = ("--as-of", "2026-01-01T12:10:00Z")
    process = subprocess.Popen(
        command(config, "serve", "--port", str(port), *fixed), stderr=subprocess.PIPE, cwd=tmp_path
    )
    try:
        until(lambda: answers(f"{url}/healthz"), "the start")
        before = requests.get(f"{url}/readyz", timeout=120).json()["config"]
        config.write_text(SHOP.replace("checkout", "checkups"))
        process.send_signal(signal.SIGHUP)
        until(
            lambda: requests.get(f"{url}/readyz", timeout=120).json()["config"] != before,
            "the reload",
        )
        assert process.poll() is None
    finally:
        process.terminate()
        process.communicate(timeout=120)
