"""2,102 real releases as tags of a repository: the same events as their file gives."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from file_builders import NOW, facts, table
from repositories import Writing, asked, reading

from collectors.contract import Collector, Named
from collectors.plan import everything
from collectors.run import Lane, Pace, collect_once
from collectors.sources.files import for_import
from collectors.store.store import Store
from slo.facts import EventKind, EventRow
from slo.spans import epoch_s

CHANGE = datetime.fromisoformat("2018-01-01T00:00:00+00:00")
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Release:
    """One row of the history."""

    tag: str
    commit: str
    zone: str
    released_at: int
    committed_at: int


@pytest.fixture(scope="module")
def releases(shared: Path) -> list[Release]:
    with (shared / "data" / "releases_boto3" / "releases.csv").open(encoding="utf-8") as rows:
        return [_release(row) for row in csv.DictReader(rows)]


@pytest.fixture(scope="module")
def repository(releases: list[Release], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every commit of the history at its time, every tag on its commit at its own."""
    commits: dict[str, list[Release]] = defaultdict(list)
    for release in releases:
        commits[release.commit].append(release)
    writing = Writing()
    for tags in sorted(commits.values(), key=lambda tags: tags[0].committed_at):
        mark = writing.commit(tags[0].committed_at)
        for release in tags:
            writing.tag(release.tag, mark, release.released_at, release.zone.replace(":", ""))
    return writing.into(tmp_path_factory.mktemp("boto3"))


def test_the_tags_are_the_same_events_as_the_file(
    shared: Path, repository: Path, releases: list[Release]
) -> None:
    options = {"holds": "events", "kind": "release", "key": ["tag"], "service": "boto3"}
    how = table(columns={"at": "released_at_utc"}, **options)
    path = shared / "data" / "releases_boto3" / "releases.csv"
    file = for_import(Named("file", "-"), how, [str(path)])

    tags = events(reading("git", repository, service="boto3"))

    assert len(tags) == len(releases) == 2_102
    assert tags == events(file)


def test_the_commits_are_as_many_and_as_old_as_the_file_says(
    repository: Path, releases: list[Release]
) -> None:
    found = {
        fact.key: fact
        for batch in asked(reading("git", repository, time="commit"), NOW)
        for fact in facts([batch])
        if isinstance(fact, EventRow)
    }

    assert {key: fact.at for key, fact in found.items()} == {
        release.tag: release.committed_at for release in releases
    }
    assert len({fact.fields["commit"] for fact in found.values()}) == len(
        {release.commit for release in releases}
    )


def test_the_years_before_and_after_the_change_hold_what_the_oracle_counts(
    shared: Path, repository: Path, tmp_path: Path
) -> None:
    oracle = json.loads((shared / "oracles" / "realdata" / "releases_boto3.json").read_text())
    expected = oracle["all_tags"]
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOW) as store:
        lane = Lane("code", reading("git", repository, service="boto3", prerelease="exclude"))
        pace = Pace(lambda: NOW, lambda: 0.0, lambda _seconds: None)
        first = collect_once(lane, store, NOW, pace)
        again = collect_once(
            Lane("code", reading("git", repository, service="boto3")), store, NOW, pace
        )
        found = store.reader.events(EventKind.RELEASE, source="code")

    assert (first.error, first.stored.new, first.stored.conflicts) == (None, 2_102, 0)
    assert (again.stored.new, again.stored.unchanged, again.stored.revised) == (0, 2_102, 0)
    change, year_s = epoch_s(CHANGE), int(YEAR.total_seconds())
    before = [one for one in found if change - year_s <= one.at < change]
    after = [one for one in found if change <= one.at < change + year_s]
    assert (len(before), len(after)) == (
        expected["before"]["releases"],
        expected["after"]["releases"],
    )


def events(collector: Collector) -> list[tuple[str, str, int, int, str]]:
    """What the collector says happened, without what is kept beside it."""
    return sorted(_flat(collector))


def _flat(collector: Collector) -> Iterator[tuple[str, str, int, int, str]]:
    for stream in collector.streams:
        for batch in collector.collect(stream, everything(NOW, None), NOW):
            for fact in batch.facts:
                assert isinstance(fact, EventRow)
                yield fact.kind.value, fact.key, fact.at, fact.observed_at, fact.service


def _release(row: dict[str, str]) -> Release:
    released, committed = (
        epoch_s(datetime.fromisoformat(row[name])) for name in ("released_at_utc", "commit_at_utc")
    )
    return Release(row["tag"], row["commit"], row["tz_offset"], released, committed)
