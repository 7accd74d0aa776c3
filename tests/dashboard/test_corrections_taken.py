"""Corrections, and ends of silences, from programs: refused at once, or stored once it is drained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from alert_builders import a_silence
from builders import NOON, minutes
from page_server import codes_for_another_page, served
from small_shop import SOURCE, a_promise
from verdict_builders import stored

from collectors.store.quieting import Silenced
from collectors.store.store import Store
from dashboard import wiring
from dashboard.config import load
from dashboard.shell.inbound import drain
from slo.spans import Span, rfc3339

WINDOW = {"since": rfc3339(NOON - 600), "until": rfc3339(NOON - 300)}
DRILL = WINDOW | {"slo": ["checkout"], "kind": "maintenance", "by": "ada", "reason": "drill"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config, and a store of ten minutes before noon in which half failed."""
    made = tmp_path_factory.mktemp("corrected")
    (made / "config.toml").write_text(SOURCE + a_promise())
    stored(made, minutes([5] * 10, [10] * 10, since=NOON - 600))
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server over that store."""
    with served(folder / "config.toml") as url:
        yield url


def post(address: str, what: str, body: Any) -> requests.Response:
    return requests.post(f"{address}/api/v1/{what}", json=body, timeout=120)


def opened(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOON)


def test_a_correction_that_is_sent_is_in_force_once_the_collector_takes_it(
    folder: Path, address: str
) -> None:
    answer = post(address, "corrections", DRILL | {"key": "drill-1"})

    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    with opened(folder) as store:
        drain(load(folder / "config.toml", {}), store, now=NOON)
        (kept,) = (one for one in store.reader.corrections() if one.correction.key == "drill-1")
        ids = tuple(one.id for one in store.reader.series("shop"))
        rows = store.reader.tally_rows(ids, 60, Span(NOON - 600, NOON))
    assert (kept.correction.author, kept.correction.reason) == ("ada", "drill")
    assert (rows.excluded_total.sum(), rows.excluded_good.sum()) == (50, 25)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (DRILL | {"slo": ["chekout"]}, 'no slo is called "chekout" (did you mean "checkout"?)'),
        (DRILL | {"slo": []}, "name what it is about: slo, service, or all"),
        (DRILL | {"until": "yesterday"}, "until: "),
        (DRILL | {"evil": 1}, "evil: unknown key"),
        ({}, "kind: "),
    ],
)
def test_a_correction_that_means_none_is_refused_before_it_is_stored(
    folder: Path, address: str, body: dict[str, Any], problem: str
) -> None:
    answer = post(address, "corrections", body)

    assert (answer.status_code, answer.json()["status"]) == (422, "refused")
    assert any(said.startswith(problem) for said in answer.json()["problems"])
    with opened(folder) as store:
        assert store.reader.waiting() == ()


def test_what_was_taken_back_is_not_said_again_by_a_program(folder: Path, address: str) -> None:
    again = DRILL | {"key": "drill-7"}
    assert post(address, "corrections", again).status_code == 202
    with opened(folder) as store:
        drain(load(folder / "config.toml", {}), store, now=NOON)
        store.corrections.revoke("drill-7", author="bob", reason="it was none", actor="", now=NOON)

    answer = post(address, "corrections", again)

    assert answer.status_code == 422
    assert answer.json()["problems"][0].startswith("the same correction")


def test_a_silence_ends_once_the_collector_takes_it_and_only_one_that_there_is(
    folder: Path, address: str
) -> None:
    silence = a_silence(since=wiring.now())
    with opened(folder) as store:
        store.apply(Silenced(silence, "test"), now=NOON)

    wrong = post(address, "silences/end", {"key": "dril", "by": "bob"})
    right = post(address, "silences/end", {"key": silence.key, "by": "bob"})

    assert (wrong.status_code, right.status_code) == (422, 202)
    assert 'no silence "dril" is in force or to come' in wrong.json()["problems"][0]
    with opened(folder) as store:
        drain(load(folder / "config.toml", {}), store, now=NOON)
        assert store.reader.alerts.silences(NOON) == ()


@pytest.mark.parametrize("what", ["corrections", "silences/end"])
def test_another_page_can_neither_correct_nor_read(address: str, what: str) -> None:
    assert codes_for_another_page(f"{address}/api/v1/{what}", DRILL) == (403, 405)
