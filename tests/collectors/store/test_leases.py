"""One collector holds the lease of a store, and everybody can read how it stands."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON

from collectors.store.leases import LEASE_S, Resting, Standing, note
from collectors.store.opening import space
from collectors.store.opening.locks import NOTE_BYTES
from collectors.store.store import Reader, Store
from slo.errors import StoreError

HERE = socket.gethostname()
STANDING = Standing(
    "5f3a",
    config_problem="config.toml:3: slo: unknown key",
    paused="Disk full: collecting is paused since 14:02 UTC",
    version="0.3.0",
    resting={"shop": Resting(19, NOON + 900, "connection refused")},
    slow={"files": "takes 2.5 s, interval 1 s"},
)


@pytest.fixture
def second(store: Store, store_url: str) -> Iterator[Store]:
    assert store.reader.collector() is None, "the store is there, and nobody collects"
    with Store.open(store_url, now=NOON) as opened:
        yield opened


def take(store: Store, holder: str, *, pid: int | None = None, now: int = NOON) -> None:
    store.take_lease(holder, pid or os.getpid(), HERE, STANDING, now=now)


def test_nobody_is_seen_where_none_ever_collected(store: Store) -> None:
    assert store.reader.collector() is None


def test_what_a_collector_says_of_itself_is_read_as_it_was_said(
    store: Store, store_url: str
) -> None:
    take(store, "first")

    with Reader.open(store_url) as reader:
        seen = reader.collector()

    assert seen is not None
    assert (seen.holder, seen.pid, seen.host) == ("first", os.getpid(), HERE)
    assert (seen.since, seen.seen_at, seen.expires_at) == (NOON, NOON, NOON + LEASE_S)
    assert seen.standing == STANDING
    assert not seen.released


def test_a_second_collector_is_refused_and_told_who_holds_the_lock(
    store: Store, second: Store
) -> None:
    take(store, "first")

    with pytest.raises(StoreError) as refused:
        take(second, "second", now=NOON + 5)

    said = f"another collector (pid {os.getpid()} on {HERE}, since "
    assert str(refused.value).startswith(said)
    seen = store.reader.collector()
    assert seen is not None
    assert seen.holder == "first"


def test_a_beat_moves_the_end_of_the_lease_and_says_what_changed(store: Store) -> None:
    take(store, "first")

    store.beat("first", Standing("77aa"), now=NOON + 10)

    seen = store.reader.collector()
    assert seen is not None
    assert (seen.since, seen.seen_at, seen.expires_at) == (NOON, NOON + 10, NOON + 10 + LEASE_S)
    assert seen.standing == Standing("77aa")


def test_a_released_lease_is_free_at_once(store: Store, second: Store) -> None:
    take(store, "first")
    store.release_lease("first", now=NOON + 1)
    released = second.reader.collector()

    take(second, "second", now=NOON + 2)

    assert released is not None
    assert released.released
    seen = store.reader.collector()
    assert seen is not None
    assert (seen.holder, seen.released) == ("second", False)


def test_who_lost_the_lease_is_told_at_the_next_beat(store: Store) -> None:
    take(store, "first")
    take(store, "other", now=NOON + 2 * LEASE_S)

    with pytest.raises(StoreError, match="another collector has taken it"):
        store.beat("first", STANDING, now=NOON + 2 * LEASE_S)


def test_the_lease_of_a_process_that_is_gone_is_free_at_once(store: Store, second: Store) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    take(store, "killed", pid=gone.pid)
    store._let_go()  # as the kernel does when it dies

    take(second, "second", now=NOON + 1)

    seen = second.reader.collector()
    assert seen is not None
    assert seen.holder == "second"


def test_a_beat_that_cannot_be_stored_is_read_beside_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with Store.open(url, now=NOON) as store, Reader.open(url) as reader:
        take(store, "first")
        with monkeypatch.context() as full:
            full.setattr(space, "FLOOR_BYTES", 2**62)
            with pytest.raises(StoreError, match="disk full"):
                store.beat("first", Standing("5f3a", paused="Disk full"), now=NOON + 10)

        seen = reader.collector()

    assert seen is not None
    assert (seen.seen_at, seen.standing.paused) == (NOON + 10, "Disk full")


def test_what_a_killed_collector_wrote_beside_the_store_is_not_taken_for_its_successors(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with Store.open(url, now=NOON) as killed:
        take(killed, "killed")
        killed.beat("killed", Standing("old", paused="Disk full"), now=NOON + 500)
    with Store.open(url, now=NOON) as store:
        take(store, "second", now=NOON + 10)

        seen = store.reader.collector()

    assert seen is not None
    assert (seen.holder, seen.seen_at, seen.standing) == ("second", NOON + 10, STANDING)


def test_a_standing_with_more_sources_than_fit_is_told_without_them() -> None:
    resting = {f"source {number}": Resting(9, NOON, "x" * 80) for number in range(100)}
    whole = Standing("5f3a", paused="Disk full", resting=resting)

    said = note("first", whole, NOON)

    assert len(said) <= NOTE_BYTES
    assert b"Disk full" in said
