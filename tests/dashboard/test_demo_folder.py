"""The demo's folder is written once and extended; a later start revises nothing of it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, MINUTE_S
from components.process import until
from demo_facts import NOW, SEED, begun, epoch, rows, said

from dashboard.config import load
from dashboard.demo.folder import Folder
from dashboard.demo.present import passing
from dashboard.demo.story import Story, months
from slo.errors import InputError


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A demo that was begun and never ran; tests that change it take a copy."""
    folder, _ = begun(tmp_path_factory.mktemp("demo") / "demo")
    return folder


@pytest.fixture
def copied(first: Folder, tmp_path: Path) -> Folder:
    shutil.copytree(first.path, tmp_path / "demo")
    return Folder(tmp_path / "demo")


def test_the_same_seed_at_the_same_minute_writes_the_same_bytes(
    first: Folder, tmp_path: Path
) -> None:
    second, _ = begun(tmp_path / "other", NOW + 3)

    files = [path.relative_to(first.path) for path in first.path.rglob("*") if path.is_file()]
    assert len(files) > 20
    for file in files:
        assert (first.path / file).read_bytes() == (second.path / file).read_bytes(), file


def test_another_seed_makes_another_history(first: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    other.begin(NOW, seed=SEED + 1, days=2, port=8501)

    mine, theirs = said(first), said(other)
    assert mine.keys() == theirs.keys()
    assert sum(mine[key] != theirs[key] for key in mine) > len(mine) / 2


def test_every_whole_minute_up_to_now_has_its_rows_and_no_later_one_has(first: Folder) -> None:
    since = epoch("2026-11-20T00:00:00Z")
    for wanted in (("requests", "ledger"), ("routes", "checkout POST /pay")):
        minutes = [at for kind, at, service in said(first) if (kind, service) == wanted]
        assert sorted(map(epoch, minutes)) == list(range(since, epoch("2026-11-22T17:52:00Z"), 60))
    assert epoch("2026-11-22T17:52:00Z") == NOW - NOW % 60


@pytest.mark.parametrize("later_s", [60, 20 * MINUTE_S, 2 * HOUR_S, 3 * DAY_S])
def test_a_later_start_extends_what_was_written_and_changes_no_row_of_it(
    first: Folder, copied: Folder, later_s: int
) -> None:
    copied.begin(NOW + later_s, seed=99, days=40, port=8501)

    before, after = said(first), said(copied)
    assert {key: after[key] for key in before} == before
    latest = max(epoch(at) for kind, at, _ in after if kind == "requests")
    assert latest == (NOW + later_s) // 60 * 60 - 60


def test_a_later_start_tells_of_its_own_trouble_where_that_is_still_to_be_written(
    copied: Folder,
) -> None:
    onsets = []
    for later_s in (0, 20 * MINUTE_S, DAY_S):
        copied.begin(NOW + later_s, seed=SEED, days=2, port=8501)
        found = rows(copied.path / "facts" / "incidents.csv")
        onsets.append(sum(row["title"].startswith("Card capture") for row in found))

    assert onsets == [1, 1, 2]


def test_an_incident_is_taken_and_ended_only_when_it_is(copied: Folder) -> None:
    told = []
    for later_s in (0, 2 * HOUR_S):
        copied.begin(NOW + later_s, seed=SEED, days=2, port=8501)
        *_, ours = (
            row
            for row in rows(copied.path / "facts" / "incidents.csv")
            if row["at"] == "2026-11-22T17:25:00Z"
        )
        told.append((ours["acknowledged_at"], ours["ended_at"], ours["updated_at"]))

    assert told == [
        ("2026-11-22T17:35:00Z", "", "2026-11-22T17:35:00Z"),
        ("2026-11-22T17:35:00Z", "2026-11-22T18:40:00Z", "2026-11-22T18:40:00Z"),
    ]


def test_minutes_are_appended_while_the_demo_runs(copied: Folder) -> None:
    story = copied.begin(NOW, seed=SEED, days=2, port=8501)
    before = said(copied)
    reached = NOW + HOUR_S - (NOW + HOUR_S) % 60 + 58  # the next minute begins in two seconds

    with passing(copied, story, clock=lambda: reached, tell=pytest.fail):
        latest = copied.path / "facts" / "minutes" / "requests-2026-11-22T18.csv"
        until(latest.exists, "the file of the next minutes")

    after = said(copied)
    assert {key: after[key] for key in before} == before
    assert max(epoch(at) for kind, at, _ in after if kind == "requests") == reached - 58 - 60


def test_a_demo_whose_folder_is_gone_says_once_that_it_stands_still(copied: Folder) -> None:
    story = copied.begin(NOW, seed=SEED, days=2, port=8501)
    shutil.rmtree(copied.path)
    told: list[str] = []

    with passing(copied, story, clock=lambda: NOW - NOW % 60 + 59, tell=told.append):
        until(lambda: bool(told), "the word on it")

    (said_once,) = told
    assert said_once.startswith("burnline: the demo stands still: ")
    assert "story.json" in said_once


def test_a_file_whose_rows_did_not_change_is_not_written_again(copied: Folder) -> None:
    story = copied.begin(NOW, seed=SEED, days=2, port=8501)
    stood = {path: path.stat().st_ino for path in copied.path.rglob("*") if path.is_file()}

    copied.catch_up(story, NOW + 60)

    changed = {path.name for path, inode in stood.items() if path.stat().st_ino != inode}
    assert changed == {
        *(
            f"{kind}-2026-11-22T12.csv"
            for kind in ("requests", "routes", "schemes", "probes", "latencies")
        ),
        "story.json",
    }


@pytest.mark.parametrize("back_s", [5 * MINUTE_S, 2 * HOUR_S])
def test_a_clock_that_was_set_back_takes_no_minute_away(copied: Folder, back_s: int) -> None:
    story = copied.begin(NOW + back_s, seed=SEED, days=2, port=8501)
    before, told = said(copied), (copied.path / "story.json").read_bytes()

    copied.catch_up(story, NOW)

    assert said(copied) == before
    assert (copied.path / "story.json").read_bytes() == told


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(InputError, match="something else than a demo") as refused:
        begun(tmp_path)

    assert "--dir" in refused.value.mend
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"seed": 1, "days": 2, "starts": []}'])
def test_a_story_that_is_none_is_refused_with_the_way_out(copied: Folder, text: str) -> None:
    (copied.path / "story.json").write_text(text)

    with pytest.raises(InputError, match="no story of a demo") as refused:
        copied.begin(NOW, seed=SEED, days=2, port=8501)

    assert "remove the folder" in refused.value.mend


def test_a_demo_of_an_earlier_burnline_is_refused_before_its_requests_count_twice(
    copied: Folder,
) -> None:
    told = json.loads((copied.path / "story.json").read_text())
    (copied.path / "story.json").write_text(json.dumps({**told, "shape": 1}))

    with pytest.raises(InputError, match="begun by another burnline") as refused:
        copied.begin(NOW, seed=SEED, days=2, port=8501)

    assert "remove the folder" in refused.value.mend


def test_a_folder_that_cannot_be_made_is_told_with_another_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="cannot be written") as refused:
        begun(tmp_path / "file" / "demo")

    assert "--dir" in refused.value.mend


def test_a_beginning_that_was_cut_short_is_finished_by_the_next(
    first: Folder, copied: Folder
) -> None:
    (copied.path / "facts" / "history" / "requests.csv.gz").unlink()
    shutil.rmtree(copied.path / "facts" / "minutes")

    copied.begin(NOW + 60, seed=SEED, days=2, port=8501)

    before, after = said(first), said(copied)
    assert {key: after[key] for key in before} == before


def test_the_configuration_probes_the_port_that_the_pages_are_served_on(tmp_path: Path) -> None:
    folder, _ = begun(tmp_path / "demo", days=1, port=9123)

    text = folder.config_path.read_text()
    assert 'url = "http://127.0.0.1:9123/healthz"' in text
    assert "8501" not in text


def test_every_source_but_the_one_that_probes_burnline_says_that_it_is_generated(
    first: Folder,
) -> None:
    config = load(first.config_path, {}, with_sources=True)

    assert Counter((source.kind, source.is_generated) for source in config.sources) == {
        ("files", True): 2,
        ("probe", False): 1,
    }
    assert 12 <= len(config.slos) <= 18
    assert len({slo.service for slo in config.slos}) >= 8


def test_the_story_is_kept_as_json_that_people_can_read(first: Folder) -> None:
    told = json.loads((first.path / "story.json").read_text())

    start = NOW - NOW % 60
    assert told == {
        "shape": 2,
        "seed": SEED,
        "days": 2,
        "starts": [{"at": start, "free_since": 0}],
        "until": start,
    }


def test_the_three_periods_are_whole_months_that_follow_each_other() -> None:
    story = Story.begin(NOW, seed=SEED)

    periods = (story.before, story.transition, story.after)
    assert [len(list(months(period))) for period in periods] == [12, 3, 8]
    assert story.before.until == story.transition.since
    assert story.transition.until == story.after.since
