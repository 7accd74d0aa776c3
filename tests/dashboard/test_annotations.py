"""Annotations over HTTP: checked whole, stored once, and never from another's page."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests
from builders import NOON, minutes
from components.process import answers, free_port, until
from page_server import command, served
from small_shop import SOURCE, a_promise
from verdict_builders import stored

from collectors.store.opening.locks import FileLock
from collectors.store.store import Reader, Store
from dashboard.shell.inbound import effect_of
from slo.facts import EventKind, EventRow

CONFIG = SOURCE + a_promise(service='"checkout"')
AT, UNTIL = "2026-01-01T13:00:00+01:00", "2026-01-01T12:30:00Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config and a store."""
    made = tmp_path_factory.mktemp("annotated")
    (made / "config.toml").write_text(CONFIG)
    stored(made, minutes([9], [10], since=NOON))
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server over that store."""
    with served(folder / "config.toml") as url:
        yield url


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """The store, with an inbox that the test leaves empty."""
    made = f"sqlite:///{folder / 'burnline.db'}"
    yield made
    drain(made)


def post(address: str, body: Any, **headers: str) -> requests.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    named = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return requests.post(f"{address}/api/v1/annotations", data=content, headers=named, timeout=120)


def drain(url: str) -> int:
    with Store.open(url, now=NOON) as store:
        return store.drain_inbox(effect_of, now=NOON)


def annotations(url: str) -> dict[str, EventRow]:
    with Reader.open(url) as reader:
        return {event.key: event for event in reader.events(EventKind.ANNOTATION)}


def test_what_is_sent_waits_under_its_id_and_becomes_an_event_once_drained(
    address: str, url: str
) -> None:
    said = {"text": "failover drill", "service": "checkout", "at": AT, "until": UNTIL, "by": "ada"}

    answer = post(address, said)
    delivery_id = answer.json()["delivery_id"]

    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    with Reader.open(url) as reader:
        assert [item.delivery_id for item in reader.waiting()] == [delivery_id]
    assert drain(url) == 1
    event = annotations(url)[delivery_id]
    assert (event.at, event.ended_at, event.service) == (NOON, NOON + 1_800, "checkout")
    assert event.fields == {"text": "failover drill", "by": "ada"}
    with Reader.open(url) as reader:
        last = reader.audit_log()[-1]
    assert (last.actor, last.action, last.subject) == ("unverified", "annotate", "checkout")
    assert last.detail["key"] == delivery_id


def test_what_an_annotation_breaks_is_kept_with_the_event(address: str, url: str) -> None:
    answer = post(address, {"text": "the feed changed", "breaks": ["all"]})

    assert (answer.status_code, drain(url)) == (202, 1)
    event = annotations(url)[answer.json()["delivery_id"]]
    assert event.fields == {"text": "the feed changed", "breaks": "all"}


def test_a_request_repeated_under_its_key_adds_nothing(address: str, url: str) -> None:
    answers = [post(address, {"text": "deploy"}, Idempotency_Key="again") for _ in range(2)]
    assert drain(url) == 1
    answers.append(post(address, {"text": "deploy"}, Idempotency_Key="again"))

    assert [answer.json()["status"] for answer in answers] == ["waiting", "known", "known"]
    assert {answer.status_code for answer in answers} == {202}
    assert drain(url) == 0
    assert [key for key in annotations(url) if key == "again"] == ["again"]


def test_another_text_under_a_known_key_is_refused_and_the_first_stands(
    address: str, url: str
) -> None:
    first, second = (post(address, {"text": one}, Idempotency_Key="key") for one in "ab")

    assert (first.status_code, second.status_code) == (202, 409)
    assert second.json()["problems"] == [
        'something else was sent under the key "key" before; this was not taken'
    ]
    with Reader.open(url) as reader:
        assert [item.body for item in reader.waiting()] == [{"text": "a"}]


def test_every_problem_stands_in_one_answer_and_nothing_waits(address: str, url: str) -> None:
    answer = post(address, {"txt": "x", "at": "2026-01-01T12:00", "service": 7})

    problems = answer.json()["problems"]
    assert answer.status_code == 422
    assert [problem.partition(":")[0] for problem in problems] == ["text", "service", "at", "txt"]
    assert any("time zone" in problem for problem in problems)
    assert any('did you mean "text"?' in problem for problem in problems)
    with Reader.open(url) as reader:
        assert reader.waiting() == ()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"text": ""}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "a\u202eb"}, "text"),
        ({"text": "two\nlines"}, "text"),
        ({"text": "x" * 2_001}, "text: must have at most 2,000 characters"),
        ({"text": "x", "service": "chekout"}, 'did you mean "checkout"?'),
        ({"text": "x", "at": 1_767_268_800}, "at"),
        ({"text": "x", "at": "1999-12-31"}, "at"),
        ({"text": "x", "at": "2099-01-01"}, "year ahead"),
        ({"text": "x", "at": "2999-01-01"}, "lies beyond the year 2100"),
        ({"text": "x", "until": AT}, "until"),
        ({"text": "x", "at": AT, "until": AT}, "until"),
        ({"text": {"text": {"text": "x"}}}, "text"),
        ({"text": "x", "breaks": "all"}, "breaks: must be a list"),
        ({"text": "x", "breaks": ["a,b"]}, "breaks.0"),
        ({"text": "x", "breaks": ["all"] * 101}, "breaks: must have at most 100 entries"),
        ({"text": "x", "breaks": ["p95"]}, 'breaks: no metric has the id "p95"'),
    ],
)
def test_what_means_no_annotation_is_refused_by_name(
    address: str, url: str, said: dict[str, Any], named: str
) -> None:
    answer = post(address, said)

    assert answer.status_code == 422
    assert any(named in problem for problem in answer.json()["problems"])
    with Reader.open(url) as reader:
        assert reader.waiting() == ()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"text=x", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b'{"text":"\\ud800"}', 400),
        (b'{"text":' * 100_000, 413),
        (b'{"text":' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
        (b'{"text":"' + b"x" * 70_000 + b'"}', 413),
        (b'{"text":1e999999}', 400),
        (b'{"text":"a","text":"b"}', 400),
        (b'{"text":{"a":1,"\\u0061":2}}', 400),
        (b'{"text":' + b"[" * 1_000 + b"]" * 1_000 + b"}", 400),
    ],
)
def test_a_body_that_is_no_object_or_too_much_is_refused(
    address: str, url: str, content: bytes, status: int
) -> None:
    answer = post(address, content)

    assert answer.status_code == status
    assert answer.json()["status"] == "refused"
    with Reader.open(url) as reader:
        assert reader.waiting() == ()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_foreign_form_could_send_is_no_json(address: str, kind: str) -> None:
    assert post(address, {"text": "x"}, Content_Type=kind).status_code == 415


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "http://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "evil.example"},
    ],
)
def test_another_sites_page_may_not_annotate(
    address: str, url: str, headers: dict[str, str]
) -> None:
    assert post(address, {"text": "x"}, **headers).status_code == 403
    with Reader.open(url) as reader:
        assert reader.waiting() == ()


def test_a_page_of_this_server_may_annotate(address: str, url: str) -> None:
    answer = post(address, {"text": "x"}, Origin=address, Sec_Fetch_Site="same-origin")

    assert answer.status_code == 202
    assert drain(url) == 1


@pytest.mark.parametrize("key", ["x" * 121, "é"])
def test_a_key_that_is_none_is_refused(address: str, key: str) -> None:
    answer = post(address, {"text": "x"}, Idempotency_Key=key.encode().decode("latin-1"))

    assert answer.status_code == 400


def test_the_address_of_annotations_is_only_written_to(address: str) -> None:
    assert requests.get(f"{address}/api/v1/annotations", timeout=120).status_code == 405


def test_without_a_store_the_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    with served(tmp_path / "config.toml") as address:
        answer = post(address, {"text": "x"})

    assert answer.status_code == 503
    assert answer.json()["problems"] == ["there is no store yet"]
    assert not (tmp_path / "burnline.db").exists()


def test_what_was_answered_survives_the_death_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    url = stored(tmp_path, minutes([9], [10], since=NOON))
    port = free_port()
    process = subprocess.Popen(
        command(tmp_path / "config.toml", "serve", "--quiet", "--port", str(port)),
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the start")
        answer = post(f"http://127.0.0.1:{port}", {"text": "x"}, Idempotency_Key="one")
    finally:
        process.kill()
        process.wait(20)

    assert answer.status_code == 202
    with Reader.open(url) as reader:
        assert [item.delivery_id for item in reader.waiting()] == ["one"]
    assert drain(url) == 1


def test_a_store_that_another_process_is_writing_to_is_waited_for_then_told(
    address: str, folder: Path, url: str
) -> None:
    lock = FileLock(folder / "burnline.db.lock")
    with lock.held():
        answer = post(address, {"text": "x"})
    lock.close()

    assert answer.status_code == 503
    assert answer.json()["problems"][0].startswith("store busy (pid ")
    with Reader.open(url) as reader:
        assert reader.waiting() == ()
