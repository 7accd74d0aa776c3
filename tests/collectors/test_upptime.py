"""What the commits of an Upptime repository say: looks, not commits, and nothing that was not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import DAY_S, NOON
from file_builders import facts, rows
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from repositories import NOW, Writing, asked, git, read, reading

from collectors.contract import Batch
from collectors.upptime.state import UnusableStateError
from collectors.upptime.state import read as read_state
from slo.errors import InputError
from slo.facts import SampleRows, SeriesKind, StatusRows
from slo.spans import moment


def state(status: str = "up", ms: object = 250, at: int | None = None, item: str = "") -> str:
    """A site's file; without a moment it says nothing of when it was looked at."""
    lines = ["url: https://shop.example", f"status: {status}", "code: 200", f"responseTime: {ms}"]
    if at is not None:
        lines.append(f"lastUpdated: {moment(at).isoformat().replace('+00:00', '.750Z')}")
    return "".join(f"{item}{line}\n" for line in lines)


def written(folder: Path, *commits: tuple[int, dict[str, str | None]]) -> Path:
    """A repository of these commits, files by their slugs."""
    writing = Writing()
    for at, files in commits:
        writing.commit(at, {f"history/{slug}.yml": text for slug, text in files.items()})
    return writing.into(folder)


def seen(batches: list[Batch]) -> list[tuple[str, int, str]]:
    """Each state: whose, when, what."""
    return [
        (fact.series.service, at, status.value)
        for fact in facts(batches)
        if isinstance(fact, StatusRows)
        for at, status in zip(fact.at.tolist(), fact.state, strict=True)
    ]


def test_a_state_was_seen_when_it_was_looked_at_and_holds_for_26_hours(tmp_path: Path) -> None:
    folder = written(tmp_path, (NOON + 9, {"shop": state("up", 250, NOON)}))

    states, latencies = facts(read("upptime", folder))

    assert isinstance(states, StatusRows)
    assert isinstance(latencies, SampleRows)
    assert (states.series.name, states.series.labels) == ("probe", (("service", "shop"),))
    assert states.series.kind is SeriesKind.STATUS
    assert (states.at.tolist(), states.valid_s.tolist()) == ([NOON], [26 * 3_600])
    assert states.observed_at.tolist() == [NOON + 9]
    assert (latencies.at.tolist(), latencies.value.tolist()) == ([NOON], [0.25])
    assert states.series.bin_s == 900, "what is seen once a day has no minutes"


@pytest.mark.parametrize("item", ["", "- "], ids=["today", "first versions"])
@pytest.mark.parametrize(
    ("status", "ms", "latencies"),
    [("up", 250, 1), ("degraded", 9_000, 1), ("down", 250, 0), ("down", 0, 0), ("up", 0, 0)],
)
def test_only_an_answer_has_a_latency_and_never_0_ms(
    tmp_path: Path, status: str, ms: int, latencies: int, item: str
) -> None:
    folder = written(tmp_path, (NOON, {"shop": state(status, ms, item=item)}))

    found = rows(read("upptime", folder))

    assert [row[:3] for row in found if row[0] == "probe"] == [("probe", NOON, status)]
    assert len([row for row in found if row[0] == "probe_latency_seconds"]) == latencies


def test_without_a_time_of_its_own_the_commit_says_when(tmp_path: Path) -> None:
    folder = written(tmp_path, (NOON, {"shop": state().replace("up", "down", 1)}))

    assert [at for _, at, _ in seen(read("upptime", folder))] == [NOON]


def test_a_file_touched_up_later_is_a_later_account_of_the_same_look(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        (NOON, {"shop": state("down", 0, NOON)}),
        (NOON + DAY_S, {"shop": state("up", 120, NOON)}),
    )

    found = read("upptime", folder, now=NOON + 2 * DAY_S)

    assert seen(found) == [("shop", NOON, "up")]
    (states,) = [fact for fact in facts(found) if isinstance(fact, StatusRows)]
    assert states.observed_at.tolist() == [NOON + DAY_S]


def test_a_renamed_site_goes_on_under_its_new_slug(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        (NOON, {"old": state(at=NOON)}),
        (NOON + 60, {"old": None, "shop-🛒": state(at=NOON + 60)}),
    )

    apart = seen(read("upptime", folder))
    joined = seen(read("upptime", folder, rename={"old": "shop", "shop-🛒": "shop"}))

    assert ("old", NOON + 60, "unknown") in apart
    assert {service for service, _, _ in apart} == {"old", "shop-🛒"}
    assert joined == [("shop", NOON, "up"), ("shop", NOON + 60, "up")]


def test_a_site_that_is_taken_away_is_unknown_from_then_on_and_that_is_told(
    tmp_path: Path,
) -> None:
    folder = written(
        tmp_path,
        (NOON, {"shop": state(at=NOON), "blog": state(at=NOON)}),
        (NOON + 60, {"shop": None, "blog": None}),
        (NOON + 120, {"blog": state(at=NOON + 120)}),
    )

    batches = read("upptime", folder)

    assert ("shop", NOON + 60, "unknown") in seen(batches)
    assert [at for service, at, _ in seen(batches) if service == "blog"] == [
        NOON,
        NOON + 60,
        NOON + 120,
    ]
    assert batches[-1].warnings == ("sites not watched any more: shop",)


def test_only_the_sites_that_are_meant_count(tmp_path: Path) -> None:
    files: dict[str, str | None] = {"shop": state(), "shop-api": state(), "google": state()}
    folder = written(tmp_path, (NOON, files))

    found = seen(read("upptime", folder, sites=["shop*"]))

    assert sorted(service for service, _, _ in found) == ["shop", "shop-api"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<<<<<<< HEAD\nstatus: sideways\n", "its status 'sideways' is not up, down or degraded"),
        ("\x00\x01", "its status '' is not up, down or degraded"),
        ("x" * 20_000, "it is longer than 16 kB"),
        (state(at=NOW + 9_999).replace("up", "up", 1), "its time lies in the future"),
    ],
    ids=["a conflict", "no text", "huge", "the future"],
)
def test_what_says_nothing_is_counted_and_told_and_costs_nothing_else(
    tmp_path: Path, text: str, why: str
) -> None:
    at = NOW + 9_999 if "future" in why else NOON
    folder = written(tmp_path, (NOON, {"blog": state()}), (at, {"shop": text}))

    batches = read("upptime", folder)

    assert seen(batches) == [("blog", NOON, "up")]
    assert batches[-1].warnings == (f"entries skipped: 1; the first: history/shop.yml: {why}",)


def test_a_slug_may_hold_anything_and_other_files_are_left_alone(tmp_path: Path) -> None:
    writing = Writing()
    writing.commit(NOON, {'"history/a\\nb.yml"': state(), "history/über uns.yml": state()})
    writing.commit(NOON, {"history/deep/x.yml": state(), "api/y.yml": state(), "z.yml": state()})
    writing.commit(NOON, {"history/summary.json": "[]", "history/-rf.yml": state()})

    found = seen(read("upptime", writing.into(tmp_path)))

    assert sorted(service for service, _, _ in found) == ["-rf", "a\nb", "über uns"]


def test_a_shallow_clone_tells_when_its_last_states_were_seen_and_that_it_is_shallow(
    tmp_path: Path,
) -> None:
    commits: list[tuple[int, dict[str, Any]]] = [
        (NOON + 60 * n, {f"site-{n % 2}": state(at=NOON + 60 * n)}) for n in range(4)
    ]
    folder = written(tmp_path / "whole", *commits)
    git(tmp_path, "clone", "-q", "--bare", "--depth=1", f"file://{folder}", "part")

    batches = read("upptime", tmp_path / "part")

    assert seen(batches) == [("site-0", NOON + 120, "up"), ("site-1", NOON + 180, "up")]
    assert batches[-1].warnings[0].startswith("the clone is shallow")


def test_a_history_that_has_not_grown_is_not_handed_over_again(tmp_path: Path) -> None:
    folder = written(tmp_path / "bare", (NOON, {"shop": state(at=NOON)}))
    git(tmp_path, "clone", "-q", str(folder), "clone")
    collector = reading("upptime", tmp_path / "clone")

    first, again = asked(collector), asked(collector)
    (tmp_path / "clone" / "history" / "shop.yml").write_text(state("down", 0, NOON + 60))
    git(tmp_path / "clone", "commit", "-qam", "down")
    grown = asked(collector)

    assert len(seen(first)) == 1
    assert (seen(again), again[0].stands) == ([], True)
    assert seen(grown) == [("shop", NOON, "up"), ("shop", NOON + 60, "down")]


def test_what_is_no_history_of_upptime_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "empty")
    writing = Writing()
    writing.commit(NOON, {"README.md": "x"})

    (empty,) = read("upptime", tmp_path / "empty")
    (other,) = read("upptime", writing.into(tmp_path / "other"))

    assert empty.silence == "the repository has no commits"
    assert other.silence == "no commit ever changed history/*.yml: no Upptime repository"
    with pytest.raises(InputError, match="no such folder"):
        read("upptime", tmp_path / "gone")


def test_a_bare_repository_without_commits_says_so_and_one_with_a_lost_head_where_they_are(
    tmp_path: Path,
) -> None:
    git(tmp_path, "init", "-q", "--bare", "empty")
    writing = Writing()
    writing.commit(NOON, {"README.md": "x"})
    lost = writing.into(tmp_path / "lost")
    git(lost, "symbolic-ref", "HEAD", "refs/heads/gone")

    (empty,) = read("upptime", tmp_path / "empty")

    assert empty.silence == "the repository has no commits"
    with pytest.raises(InputError, match="HEAD names a branch that has no commits") as caught:
        read("upptime", lost)
    assert caught.value.mend.endswith("symbolic-ref HEAD refs/heads/main")


@pytest.mark.parametrize("text", ["49h", "0s", "3"])
def test_a_state_is_never_carried_for_longer_than_two_days(text: str) -> None:
    with pytest.raises(ValidationError, match=r"valid_for|48h|unit"):
        reading("upptime", "clone", valid_for=text)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_state_or_none(content: bytes) -> None:
    try:
        found = read_state(content)
    except UnusableStateError:
        return

    assert found.latency_s is None or 0 < found.latency_s < float("inf")
