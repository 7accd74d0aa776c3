"""Corrections out of files and of incidents: all problems at once, and nothing said twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, minutes

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from dashboard.config import Config, load
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.file import corrections_in
from dashboard.shell.correcting.following import follow, follow_planned
from slo.corrections import Correction, CorrectionKind, Scope
from slo.errors import ConfigError
from slo.facts import EventKind, EventRow
from slo.recurrence import Recurrence
from slo.spans import Span

CONFIG = """
[[source]]
kind = "files"
name = "shop"
[[source.file]]
path = "requests.csv"
holds = "requests"
[[slo]]
name = "checkout"
service = "shop"
objective = 99
total = "requests"
[[slo]]
name = "other"
service = "till"
objective = 99
total = "payments"
[[slo]]
name = "both"
objective = 99
composite = "worst-member"
members = ["checkout", "other"]
"""
FOLLOWS = "[corrections]\nplanned_incidents = true\n"
LIVE = Stream("facts")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with an hour of requests."""
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as opened:
        facts = (minutes([50] * 60, [100] * 60),)
        opened.ingest("shop", LIVE, Batch(facts), (), now=NOON)
        yield opened


def config(folder: Path, more: str = "") -> Config:
    path = folder / "config.toml"
    path.write_text(CONFIG + more)
    return load(path, {}, with_sources=False)


def incident(key: str = "INC-1", until: int | None = 600, **fields: str) -> EventRow:
    ended_at = None if until is None else NOON + until
    told = {"title": "database move", **fields}
    return EventRow(EventKind.INCIDENT, key, NOON, NOON, "shop", ended_at, told)


def tell(store: Store, *events: EventRow, now: int = NOON) -> None:
    store.ingest("tickets", LIVE, Batch(events), (), now=now)


def off_s(store: Store) -> int:
    ids = [one.id for one in store.reader.series("shop")]
    return int(store.reader.tally_rows(ids, 86_400, Span(0, 2**40)).excluded_s.sum())


def live(store: Store) -> list[str]:
    return [one.correction.key for one in store.reader.corrections() if one.revoked_at is None]


def test_every_problem_of_a_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(
        """stray = 1
[[correction]]
kind = "holiday"
all = true
since = 2026-01-01T00:00:00Z
for = "2h"
reason = "x"
by = "Ada"
[[correction]]
kind = "maintenance"
slo = ["chekout"]
since = 2026-01-01T00:00:00Z
for = "2h"
reason = "x"
by = "Ada"
[[correction]]
kind = "maintenance"
all = true
since = 2026-01-01T02:00:00
until = 2026-01-01T03:00:00Z
reason = "x"
by = "Ada"
[[correction]]
kind = "maintenance"
all = true
rrule = "FREQ=SECONDLY"
start = 2026-01-01T02:00:00
zone = "Europe/Berlin"
for = "2h"
reason = "x"
by = "Ada"
"""
    )

    with pytest.raises(ConfigError) as refused:
        corrections_in(path, Aims(config(tmp_path)))

    said = refused.value.what
    assert f"{path}:1: stray: unknown key" in said
    assert f"{path}:3: correction 1: kind: must be one of" in said
    assert f'{path}:11: correction 2: slo: no slo is called "chekout"' in said
    assert f"{path}:19: correction 3: since: has no time zone" in said
    assert f"{path}:23: correction 4: FREQ is one of" in said


def test_a_file_that_is_not_there_or_no_toml_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[[correction")

    for name, why in (("none.toml", "no such file"), ("bad.toml", "not valid TOML")):
        with pytest.raises(ConfigError, match=f"{name}.*{why}"):
            corrections_in(tmp_path / name, Aims(config(tmp_path)))


def test_a_file_says_one_stretch_and_one_that_comes_round(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(
        """[[correction]]
key = "drill"
kind = "false-positive"
slo = ["checkout"]
since = "2026-01-01T12:00:00Z"
until = 2026-01-01T13:30:00+01:00
reason = "the probe was broken"
by = "Ada"
[[correction]]
kind = "maintenance"
service = ["shop"]
rrule = "FREQ=WEEKLY;BYDAY=SU"
start = 2026-01-04T02:00:00
zone = "Europe/Berlin"
for = "2h"
reason = "patches"
by = "Ada"
"""
    )

    once, again = corrections_in(path, Aims(config(tmp_path)))

    assert (once.key, once.kind) == ("drill", CorrectionKind.FALSE_POSITIVE)
    assert once.when == Span(NOON, NOON + 1_800)
    assert again.key.startswith("maintenance-")
    assert isinstance(again.when, Recurrence)
    assert (again.scope, again.when.length_s) == (Scope(services=("shop",)), 7_200)


def test_a_composite_stands_for_its_members_and_nothing_named_for_everything(
    tmp_path: Path,
) -> None:
    made = config(tmp_path)

    assert Aims(made).targets(Scope()) is None
    both = Aims(made).targets(Scope(slos=("both",)))
    assert both is not None
    assert [one.name for one in both] == ["payments", "requests"]
    assert Aims(made).targets(Scope(services=("unknown",))) == ()


def test_a_planned_incident_corrects_its_service_once_and_goes_along_with_its_end(
    tmp_path: Path, store: Store
) -> None:
    made = config(tmp_path)
    tell(
        store, incident(planned="true"), incident("INC-2"), incident("INC-3", None, planned="true")
    )

    first = follow_planned(made, store, now=NOON)
    again = follow_planned(made, store, now=NOON)

    assert (first, again) == ((1, 0), (0, 0))
    assert (live(store), off_s(store)) == (["incident shop INC-1"], 600)
    later = EventRow(
        EventKind.INCIDENT, "INC-1", NOON, NOON + 9, "shop", NOON + 1_200, {"planned": "true"}
    )
    tell(store, later)
    assert follow_planned(made, store, now=NOON) == (1, 0)
    assert off_s(store) == 1_200


def test_a_mark_that_is_taken_back_takes_the_correction_back(tmp_path: Path, store: Store) -> None:
    made = config(tmp_path)
    tell(store, incident(planned="true"))
    follow_planned(made, store, now=NOON)

    tell(store, EventRow(EventKind.INCIDENT, "INC-1", NOON, NOON + 9, "shop", NOON + 600, {}))

    assert follow_planned(made, store, now=NOON) == (0, 1)
    assert (live(store), off_s(store)) == ([], 0)


def test_what_a_person_revoked_stays_revoked_though_its_incident_is_planned(
    tmp_path: Path, store: Store
) -> None:
    made = config(tmp_path, FOLLOWS)
    tell(store, incident(planned="true"))
    follow(made, store, now=NOON)
    store.corrections.revoke(
        "incident shop INC-1", author="Ada", reason="users were cut off", actor="x", now=NOON
    )

    follow(made, store, now=NOON)

    assert (live(store), off_s(store)) == ([], 0)


def test_planned_incidents_are_not_followed_unless_the_configuration_says_so(
    tmp_path: Path, store: Store
) -> None:
    tell(store, incident(planned="true"))

    follow(config(tmp_path), store, now=NOON)

    assert live(store) == []


def test_a_correction_follows_its_slo_to_another_measure_and_outlives_its_removal(
    tmp_path: Path, store: Store
) -> None:
    made = config(tmp_path)
    said = Correction(
        key="c",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("other",)),
        when=Span(NOON, NOON + 600),
        reason="x",
        author="Ada",
    )
    store.corrections.put(said, Aims(made).targets(said.scope), actor="x", now=NOON)
    assert off_s(store) == 0
    path = made.path
    path.write_text(CONFIG.replace('"payments"', '"requests"'))
    follow(load(path, {}, with_sources=False), store, now=NOON)
    assert off_s(store) == 600

    gone = CONFIG.replace('name = "other"', 'name = "till"').replace('"other"]', '"till"]')
    path.write_text(gone.replace('"payments"', '"requests"'))
    follow(load(path, {}, with_sources=False), store, now=NOON)

    assert off_s(store) == 600
