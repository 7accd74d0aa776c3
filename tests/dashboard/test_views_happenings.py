"""What an event is called, alike on every page and in every report."""

from __future__ import annotations

import pytest
from builders import NOON

from dashboard.views.happened.causes import causes
from dashboard.views.happened.happenings import title_of, version_of
from slo.cliffs import Cliff
from slo.facts import EventKind, EventRow

SHA = "a" * 40
FALL = Cliff(NOON, NOON + 7_200, NOON + 3_600, 0.21)


def deploy(key: str, **fields: str) -> EventRow:
    return EventRow(EventKind.DEPLOYMENT, key, NOON - 660, NOON - 660, "shop", None, fields)


@pytest.mark.parametrize(
    ("event", "version"),
    [
        (deploy("v1.4.0", commit=SHA), "v1.4.0"),
        (deploy("71", tag="v1.4.0", sha=SHA), "v1.4.0"),
        (deploy("71", version="1.4.0", tag="v1.4.0"), "1.4.0"),
        (deploy("", sha=SHA), "aaaaaaa"),
        (deploy("b" * 40, sha=SHA), "aaaaaaa"),
        (deploy("b" * 64), "bbbbbbb"),
        (deploy("release-of-the-twenty-second-of-november"), None),
    ],
)
def test_a_name_goes_before_a_hash_and_reads_the_same_beside_a_fall(
    event: EventRow, version: str | None
) -> None:
    (cause,) = causes([FALL], [event], "shop", 3_600)

    expected = event.key if version is None else version
    assert version_of(event) == expected
    assert cause.words == f"deploy {expected}, 11 m before"


def test_an_incident_that_was_named_by_its_subject_has_it_beside_a_fall_too() -> None:
    fields = {"subject": "ledger failover"}
    incident = EventRow(EventKind.INCIDENT, "INC-4", NOON, NOON, "shop", None, fields)

    (cause,) = causes([FALL], [incident], "shop", 3_600)

    assert title_of(incident) == "ledger failover"
    assert cause.words == "INC-4 ledger failover"
