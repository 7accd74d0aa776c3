"""Silences and acknowledgements from programs and from the page: checked, stored once, in force soon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from alert_builders import an_alert
from builders import NOON, minutes
from page_server import codes_for_another_page, served
from small_shop import SOURCE, a_promise
from verdict_builders import stored

from collectors.store.store import Reader, Store
from dashboard.shell.inbound import effect_of
from slo.alerting import removed
from slo.silences import Scope

CONFIG = SOURCE + a_promise(service='"floor"')
SILENCE = {"slo": "checkout", "for": "2h", "by": "ada", "reason": "drill"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config and a store in which checkout fires."""
    made = tmp_path_factory.mktemp("quiet")
    (made / "config.toml").write_text(CONFIG)
    stored(made, minutes([9], [10], since=NOON))
    with Store.open(f"sqlite:///{made / 'burnline.db'}", now=NOON) as store:
        store.alerts.evaluated([an_alert()], [], now=NOON)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server over that store."""
    with served(folder / "config.toml") as url:
        yield url


def post(address: str, what: str, body: Any, key: str = "") -> requests.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return requests.post(f"{address}/api/v1/{what}", json=body, headers=headers, timeout=120)


def drained(folder: Path) -> Reader:
    """The store once the collector has taken what waits."""
    url = f"sqlite:///{folder / 'burnline.db'}"
    with Store.open(url, now=NOON) as store:
        store.drain_inbox(effect_of, now=NOON)
    return Reader.open(url)


def test_a_silence_that_is_sent_twice_under_one_key_is_one_silence(
    folder: Path, address: str
) -> None:
    first, again = (post(address, "silences", SILENCE, key="drill-1") for _ in range(2))

    assert (first.status_code, first.json()["status"]) == (202, "waiting")
    assert again.json() == {"status": "known", "delivery_id": "drill-1"}
    with drained(folder) as reader:
        (kept,) = reader.alerts.silences(0)
    assert (kept.key, kept.scope, kept.name, kept.author) == (
        "drill-1",
        Scope.SLO,
        "checkout",
        "ada",
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (SILENCE | {"slo": "chekout"}, 'did you mean "checkout"?'),
        ({name: SILENCE[name] for name in ("slo", "by", "reason")}, "needs an end"),
        (SILENCE | {"for": 7_200}, "for: must be text in quotes"),
        (SILENCE | {"for": "91d"}, "at most 90 days"),
        (SILENCE | {"until": "2099-01-01", "for": None}, "at most 90 days"),
        (SILENCE | {"until": "2999-01-01", "for": None}, "lies beyond the year 2100"),
        (SILENCE | {"evil": 1}, "evil: unknown key"),
        (SILENCE | {"reason": "a\nb"}, "printable"),
    ],
)
def test_a_silence_that_means_none_is_refused_before_it_is_stored(
    address: str, body: dict[str, Any], said: str
) -> None:
    answer = post(address, "silences", body)

    assert (answer.status_code, answer.json()["status"]) == (422, "refused")
    assert any(said in problem for problem in answer.json()["problems"])


def test_an_acknowledgement_takes_effect_once_drained(folder: Path, address: str) -> None:
    answer = post(address, "acknowledgements", {"subject": "checkout", "by": "ada"})

    assert answer.status_code == 202
    with drained(folder) as reader:
        (live,) = reader.alerts.live()
    assert live.acknowledged_by == "ada"


def test_what_does_not_fire_cannot_be_acknowledged(address: str) -> None:
    answer = post(address, "acknowledgements", {"subject": "login", "by": "ada"})

    assert answer.status_code == 422
    assert 'no alert of "login" is live' in answer.json()["problems"][0]


@pytest.mark.parametrize("what", ["silences", "acknowledgements"])
def test_another_page_can_neither_silence_nor_read(address: str, what: str) -> None:
    assert codes_for_another_page(f"{address}/api/v1/{what}", SILENCE) == (403, 405)


def test_what_was_over_before_the_inbox_was_drained_keeps_the_reason_it_was_refused(
    folder: Path, address: str
) -> None:
    post(address, "acknowledgements", {"subject": "checkout", "by": "bob"}, key="late")
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOON) as store:
        (live,) = store.reader.alerts.live()
        store.alerts.evaluated([removed(live, NOON)], [], now=NOON)

    with drained(folder) as reader:
        refused = [entry for entry in reader.audit_log() if entry.action == "refuse"]
        assert reader.waiting() == ()
    assert [entry.subject for entry in refused] == ["late"]
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOON) as store:
        # The others of this file, in whichever order they come, find it firing.
        store.alerts.evaluated([an_alert(at=NOON + 60)], [], now=NOON + 60)
