"""Whether a collector is at work: decided once, and said alike wherever it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from builders import NOON
from small_shop import SOURCE

from collectors.findings import Finding, Grade
from collectors.store.leases import CollectorSeen, Standing
from collectors.store.reader import Reader
from collectors.store.runs import RunRecord, SourceHealth
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.upkeep.banners import banners_of
from dashboard.views.upkeep.collector import CollectorState, collector_state, silent_words
from dashboard.views.upkeep.doctor import collector_findings
from dashboard.views.upkeep.house import house_rows
from dashboard.views.upkeep.readiness import unready
from dashboard.views.upkeep.scene import Scene

CONFIG = SOURCE
SEEN = CollectorSeen("a", 7, "ops", NOON - 900, NOON, NOON + 30, Standing("d"), released=False)


def ran(at: int) -> tuple[SourceHealth, ...]:
    return (SourceHealth(RunRecord("shop", at - 1, at), at),)


@pytest.mark.parametrize(
    ("seen", "runs", "age_s", "state"),
    [
        (None, (), 0, CollectorState.NEVER),
        (None, ran(NOON), 9, CollectorState.NEVER),
        (SEEN, ran(NOON), 29, CollectorState.AT_WORK),
        (SEEN, ran(NOON), 30, CollectorState.UNSEEN),
        (SEEN, ran(NOON + 30), 45, CollectorState.UNSEEN),
        (SEEN, ran(NOON + 31), 45, CollectorState.REPLACED),
        (replace(SEEN, released=True), ran(NOON), 1, CollectorState.ENDED),
        (replace(SEEN, released=True), ran(NOON + 60), 90, CollectorState.REPLACED),
    ],
)
def test_a_collector_is_at_work_until_its_lease_ends_and_replaced_by_runs_after_it(
    seen: CollectorSeen | None, runs: tuple[SourceHealth, ...], age_s: int, state: CollectorState
) -> None:
    assert collector_state(seen, runs, NOON + age_s) is state


@pytest.mark.parametrize(
    ("age_s", "words"), [(30, "30 s"), (59, "59 s"), (60, "1 min"), (7_200, "2 h")]
)
def test_silence_is_told_in_seconds_within_its_first_minute(age_s: int, words: str) -> None:
    assert silent_words(SEEN, NOON + age_s) == words


@dataclass(frozen=True, slots=True)
class Told:
    """What the four places say of one store at one moment."""

    banners: tuple[str, ...]
    unready: str
    house: str
    doctor: Finding


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in whose collector a beat at noon was the last."""
    (tmp_path / "config.toml").write_text(CONFIG)
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as opened:
        opened.take_lease("a", 7, "ops", Standing("d"), now=NOON)
        yield opened


def told(folder: Path, as_of: int) -> Told:
    loaded = load(folder / "config.toml", {}, with_sources=False)
    with Reader.open(f"sqlite:///{folder}/burnline.db") as reader:
        scene = Scene(loaded, reader, as_of)
        seen, runs = reader.collector(), reader.last_runs()
        why = unready(scene)
        return Told(
            banners=tuple(one.what for one in banners_of(scene)),
            unready="" if why is None else why.what,
            house=dict(house_rows(scene, seen, runs))["Collector"],
            doctor=next(iter(collector_findings(seen, runs, "d", as_of))),
        )


@pytest.mark.usefixtures("store")
def test_all_four_say_alike_for_how_long_a_collector_is_silent(tmp_path: Path) -> None:
    found = told(tmp_path, NOON + 45)

    assert found.banners == ("Collector not seen for 45 s: figures stop at 12:00 UTC.",)
    assert found.unready == "collector not seen for 45 s: figures stop at 12:00 UTC"
    assert found.house == "not seen for 45 s"
    assert "has not been seen for 45 s" in found.doctor.what


def test_after_a_crash_collecting_once_at_a_time_is_as_good_for_all_four(
    store: Store, tmp_path: Path
) -> None:
    store.record(RunRecord("shop", NOON + 599, NOON + 600))

    found = told(tmp_path, NOON + 660)

    assert (found.banners, found.unready) == ((), "")
    assert found.house.endswith("none runs on schedule")
    assert found.doctor.grade is Grade.NOTE
    assert found.doctor.what.endswith("the last 1 min ago")


def test_a_timer_that_stopped_as_well_is_told_with_its_last_run(
    store: Store, tmp_path: Path
) -> None:
    store.record(RunRecord("shop", NOON + 599, NOON + 600))

    assert told(tmp_path, NOON + 4_200).unready == "no collector is at work since 12:10 UTC"
