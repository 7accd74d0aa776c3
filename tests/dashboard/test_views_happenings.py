"""What an event is called, alike on every page and in every report."""

from __future__ import annotations

import pytest
from builders import NOON

from dashboard.views.happened.happenings import title_of, version_of
from slo.facts import EventKind, EventRow

SHA = "a" * 40


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
def test_a_name_goes_before_a_hash_that_is_told_in_seven_characters(
    event: EventRow, version: str | None
) -> None:
    assert version_of(event) == (event.key if version is None else version)


def test_an_incident_that_was_named_by_its_subject_has_it_as_its_title() -> None:
    fields = {"subject": "ledger failover"}
    incident = EventRow(EventKind.INCIDENT, "INC-4", NOON, NOON, "shop", None, fields)

    assert title_of(incident) == "ledger failover"
