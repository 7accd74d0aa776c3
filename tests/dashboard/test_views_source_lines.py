"""How a source stands: one stream that fails does not make the others old; all pages say alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, minutes
from fleet_history import AS_OF, filled
from small_shop import a_promise, a_source
from verdict_builders import stored

from collectors.store.leases import Standing
from collectors.store.reader import Reader
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.pages.fleet import fleet
from dashboard.views.pages.health import health_of
from dashboard.views.pages.objective import ObjectivePage, Wish, objective_page
from dashboard.views.upkeep.board import SourceLine
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_lines import source_lines

CONFIG = a_source(every='"1m"') + a_promise()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store without facts."""
    (tmp_path / "config.toml").write_text(CONFIG)
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as opened:
        yield opened


def line(folder: Path, as_of: int, *, fixed: bool = False) -> SourceLine:
    loaded = load(folder / "config.toml", {}, with_sources=False)
    with Reader.open(f"sqlite:///{folder}/burnline.db") as reader:
        (found,) = source_lines(Scene(loaded, reader, as_of, fixed))
    return found


def failed(store: Store, failures: dict[str, str], streams: int) -> None:
    error = "\n".join(f"{name}: {said}" for name, said in failures.items())
    store.record(RunRecord("shop", NOON, NOON, error, streams=streams, failures=failures))


def test_a_source_of_which_one_stream_fails_is_as_fresh_as_the_others_and_names_it(
    store: Store, tmp_path: Path
) -> None:
    failed(store, {"latency a": "no bucket +Inf\n  at:  shop"}, 13)

    found = line(tmp_path, NOON + 120)

    assert found.is_late
    assert found.words == (
        "collected 2 min ago, 1 of 13 streams failing (latency a: no bucket +Inf)"
    )


def test_a_source_of_which_every_stream_fails_was_not_collected(
    store: Store, tmp_path: Path
) -> None:
    failed(store, {"a": "refused", "b": "refused"}, 2)

    assert line(tmp_path, NOON + 120).words == "failing (a: refused), never collected before"


def test_a_source_that_fails_says_when_it_was_last_collected_whole_as_collect_does(
    store: Store, tmp_path: Path
) -> None:
    store.record(RunRecord("shop", NOON - 121, NOON - 120))
    failed(store, {"a": "refused"}, 1)

    said = "last good 11:58 UTC, 2 min ago"
    assert line(tmp_path, NOON).words == f"failing (a: refused), {said}"


def test_a_source_without_a_run_is_in_its_first_only_while_a_collector_is_at_work(
    store: Store, tmp_path: Path
) -> None:
    nobody = line(tmp_path, NOON)
    store.take_lease("a", 7, "ops", Standing("digest"), now=NOON)
    working, gone = line(tmp_path, NOON + 10), line(tmp_path, NOON + 60)
    store.release_lease("a", now=NOON + 5)
    ended = line(tmp_path, NOON + 10)

    assert (working.words, working.is_late) == ("in its first collection", False)
    assert {one.words for one in (gone, ended, nobody)} == {"not collected yet"}
    assert all(one.is_late for one in (gone, ended, nobody))


def test_a_source_that_answers_without_new_rows_is_silent_and_not_just_collected(
    tmp_path: Path,
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    stored(tmp_path, minutes([9], [10], since=NOON))
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as store:
        store.record(RunRecord("shop", NOON + 3_599, NOON + 3_600))

    found = line(tmp_path, NOON + 3_600)

    assert found.is_late
    assert found.words == "late, collected just now, data to 1 Jan 2026 12:01 UTC"


def test_data_are_silent_after_two_intervals_the_settling_and_a_bin(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    stored(tmp_path, minutes([9], [10], since=NOON))
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as store:
        store.record(RunRecord("shop", NOON + 239, NOON + 240))

    # Data to 12:01; 2 x 60 s, 30 s and a minute after that.
    assert not line(tmp_path, NOON + 60 + 210).is_late
    assert line(tmp_path, NOON + 60 + 211).is_late


@pytest.mark.parametrize("fixed", [False, True])
def test_footers_count_as_late_or_failing_what_data_health_gives_to_a_hand(
    tmp_path: Path, fixed: bool
) -> None:
    config = filled(tmp_path)
    loaded = load(config, {}, with_sources=False)
    with Reader.open(loaded.store_url) as reader:
        scene = Scene(loaded, reader, AS_OF, fixed)
        health, board = health_of(scene), fleet(scene)
        page = objective_page(scene, Wish(loaded.slos[0].name))

    assert isinstance(page, ObjectivePage)
    wrong = {one.name for one in health.rows if one.needs_hand}
    for footer in (board, health.board, page.board):
        assert {one.name for one in footer.sources if one.is_late} == wrong
    assert wrong == {"cloudwatch", "rum-export"}
