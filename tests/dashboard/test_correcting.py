"""Corrections that follow incidents and the configuration: nothing said twice, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, minutes
from small_shop import SOURCE, a_composite, a_promise

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from dashboard.config import Config, load
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.following import follow, follow_planned
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import EventKind, EventRow
from slo.spans import Span

CONFIG = (
    SOURCE
    + a_promise("checkout", "99", service='"shop"')
    + a_promise("other", "99", "payments", service='"till"')
    + a_composite("both", "99", "checkout", "other")
)
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
    ids = tuple(one.id for one in store.reader.series("shop"))
    return int(store.reader.tally_rows(ids, 86_400, Span(0, 2**40)).excluded_s.sum())


def live(store: Store) -> list[str]:
    return [one.correction.key for one in store.reader.corrections() if one.revoked_at is None]


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
    path.write_text(CONFIG.replace("payments", "requests"))
    follow(load(path, {}, with_sources=False), store, now=NOON)
    assert off_s(store) == 600

    gone = CONFIG.replace('name = "other"', 'name = "till"').replace('"other"]', '"till"]')
    path.write_text(gone.replace("payments", "requests"))
    follow(load(path, {}, with_sources=False), store, now=NOON)

    assert off_s(store) == 600
