"""Hostile answers through a whole run and a real store: a sentence kept, no figure touched."""

from __future__ import annotations

import gzip
import json
import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from builders import incident, minutes, states
from components.hostile import (
    JSON,
    Answer,
    Hostile,
    bomb,
    dripping,
    in_turn,
    matrix,
    raw,
    reply,
    reset,
    silent,
)
from prometheus_source import HOUR, NOW, SINCE, collector

from collectors.contract import Batch, Stream
from collectors.run import Lane, Pace, collect_once
from collectors.store.store import RunRecord, Store, WindowAsk
from slo.indicator import Ratio, Uptime
from slo.spans import Span
from slo.tally import Tally

DEADLINE_S = 1.0
SLACK_S = 60.0
"""What a busy machine may add to a promised deadline; what has none goes on for ever."""

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
UP = {"__name__": "up", "job": "shop"}
PROBE = Uptime("up")
STREAM = collector("http://127.0.0.1", PROBE).streams[0].name
SHOP = Stream("shop")


def page(span: Span) -> dict[str, object]:
    """What a sound server says of the span: every tenth minute down, 54 of 60 up."""
    moments = range(-(-span.since // 60) * 60, span.until + 1, 60)
    samples: list[list[object]] = [[at, str(int(at // 60 % 10 != 0))] for at in moments]
    return matrix((UP, samples))


SOUND = page(Span(HOUR.since - 1, HOUR.until))
FIRST_HALF = reply(page(Span(HOUR.since - 1, HOUR.since + 1_800)))
MANY = [({"__name__": "up", "i": str(i)}, [[SINCE, "1"]]) for i in range(10_001)]
TOO_WIDE = reply(
    {"status": "error", "errorType": "execution", "error": "too many samples"},
    "422 Unprocessable Entity",
)
FAILED = {"status": "error", "errorType": "internal", "error": "disk gone"}
NOT_JSON = "malformed answer: no JSON object in its 7 bytes"

ANSWERS: dict[str, tuple[Callable[[], Answer], str]] = {
    "never answers": (lambda: silent, "no complete answer within 1 s"),
    "drips its headers": (lambda: dripping(OK + b"X-Slow: "), "no complete answer within 1 s"),
    "drips its body": (
        lambda: dripping(OK + b"Content-Length: 99999\r\n\r\n" + json.dumps(SOUND).encode()),
        "no complete answer within 1 s",
    ),
    "cut off": (
        lambda: raw(OK + b"Content-Length: 99999\r\n\r\n" + json.dumps(SOUND).encode()),
        f"answer cut off after {len(json.dumps(SOUND))} bytes",
    ),
    "reset": (lambda: reset(b""), " reset the connection"),
    "a login page": (
        lambda: reply("<html>", "200 OK", "text/html"),
        "expected JSON, got text/html (a login page?)",
    ),
    "an error beside sound data": (
        lambda: reply(SOUND | FAILED),
        "Prometheus says internal: disk gone",
    ),
    "too many series": (
        lambda: reply(matrix(*MANY)),
        "stopped at 10,000 series, the answer has 10,001",
    ),
    "a gzip bomb": (
        lambda: reply(bomb(64), "200 OK", JSON, "Content-Encoding: gzip"),
        "answer larger than 8 MiB",
    ),
    "sound data before a broken gzip": (
        lambda: reply(
            gzip.compress(json.dumps(SOUND).encode())[:-40] + b"\xff" * 40,
            "200 OK",
            JSON,
            "Content-Encoding: gzip",
        ),
        "malformed answer",
    ),
    "a sound page, then garbage": (
        lambda: in_turn(TOO_WIDE, FIRST_HALF, reply("garbage")),
        NOT_JSON,
    ),
    "a sound page, then a drip": (
        lambda: in_turn(TOO_WIDE, FIRST_HALF, dripping(OK + b"\r\n{")),
        "no complete answer within 1 s",
    ),
    "503 for ever": (lambda: reply("", "503 Service Unavailable"), "answered 503"),
}


@contextmanager
def filled(path: Path) -> Iterator[Store]:
    """A store that already holds what another source said."""
    facts = (minutes([9] * 60, [10] * 60), states("uudu"), incident())
    with Store.open(f"sqlite:///{path}", now=NOW) as opened:
        opened.ingest("shop", SHOP, Batch(facts, HOUR), (Ratio("requests"),), now=NOW)
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with filled(tmp_path / "burnline.db") as opened:
        yield opened


def run(store: Store, url: str, *, now: int = NOW, timeout_s: float = SLACK_S) -> RunRecord:
    """One run over the last hour, nobody waiting between the tries."""
    asked = collector(url, PROBE, timeout_s=timeout_s)
    lane = Lane("hostile", asked, (PROBE,), backfill_s=3_600, settle_s=30)
    return collect_once(lane, store, now, Pace(lambda: now, lambda: 0.0, lambda _: None))


def told(store: Store) -> str:
    """The error of the source's last run, as the store keeps it."""
    (last,) = [one.last for one in store.reader.last_runs() if one.last.source == "hostile"]
    return last.error or ""


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_hostile_answer_leaves_a_sentence_in_the_store_and_nothing_else(
    store: Store, kind: str
) -> None:
    make, words = ANSWERS[kind]
    before, known = store.reader.figures_digest(), store.reader.series()

    begun = time.monotonic()
    with Hostile(make()) as server:
        timeout_s = DEADLINE_S if "within 1 s" in words else SLACK_S
        record = run(store, server.url, timeout_s=timeout_s)
    took_s = time.monotonic() - begun

    assert words in told(store)
    assert told(store) == record.error
    assert store.reader.figures_digest() == before
    assert store.reader.series() == known
    assert store.reader.watermark("hostile", STREAM) is None
    assert store.reader.watermark("shop", SHOP.name) == HOUR
    assert (record.stored.new, record.span) == (0, None)
    assert took_s <= DEADLINE_S + SLACK_S


def counted(store: Store) -> Tally | None:
    """The hour as the probe's promise counts it."""
    ids = tuple(one.id for one in store.reader.pick("hostile", PROBE))
    return store.reader.windows([WindowAsk(ids, (HOUR,))])[0][0]


@pytest.mark.parametrize("kind", ["a sound page, then garbage", "cut off", "drips its body"])
def test_a_source_that_recovers_leaves_the_store_as_if_it_had_never_failed(
    store: Store, tmp_path: Path, kind: str
) -> None:
    with Hostile(ANSWERS[kind][0]()) as server:
        run(store, server.url, timeout_s=DEADLINE_S)
    with Hostile(reply(SOUND)) as server:
        assert run(store, server.url).error is None
        with filled(tmp_path / "calm.db") as calm:
            run(calm, server.url)
            assert store.reader.figures_digest() == calm.reader.figures_digest()
            complete = [each.reader.watermark("hostile", STREAM) for each in (store, calm)]

    assert complete[0] == complete[1] is not None
    assert counted(store) == Tally(good=54 * 60 - 60, total=59 * 60, observed_s=59 * 60)


def test_pages_before_a_failure_are_kept_and_claim_nothing_until_the_whole_is_there(
    store: Store,
) -> None:
    first, second = (
        reply(page(Span(HOUR.since + since - 1, HOUR.since + until)))
        for since, until in ((0, 900), (900, 2_220))
    )
    answers = in_turn(TOO_WIDE, TOO_WIDE, first, TOO_WIDE, second, reply("garbage"))

    with Hostile(answers) as server:
        record = run(store, server.url)

    assert NOT_JSON in told(store)
    assert record.stored.new == 15
    assert store.reader.watermark("hostile", STREAM) is None


class Flapping:
    """A sound server of which half the requests fail, each in another way."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.server = Hostile(self)
        self.failed = 0

    def __call__(self, connection: socket.socket) -> None:
        self._answer()(connection)

    def _answer(self) -> Answer:
        if self.chance.random() < 0.5:
            self.failed += 1
            body = json.dumps(SOUND).encode()
            cut = raw(OK + b"Content-Length: 99999\r\n\r\n" + body)
            login = reply("<html>", "200 OK", "text/html")
            return self.chance.choice([reply("", "500 Broken"), reset(b""), cut, login])
        target = self.server.requests[-1].split(b" ")[1].decode()
        asked = parse_qs(urlsplit(target).query)
        until = int(float(asked["time"][0]))
        length_s = int(asked["query"][0].partition("[")[2].removesuffix("s]"))
        return reply(page(Span(until - length_s, until)))


def test_a_source_that_fails_half_of_the_time_shows_the_availability_of_the_service(
    store: Store,
) -> None:
    flapping = Flapping(seed=27)
    now = HOUR.until + 1_800

    with flapping.server as server:
        times = range(SINCE + 300, now, 300)
        errors = [run(store, server.url, now=each).error for each in times]
        while errors[-1] is not None:
            now += 60
            errors.append(run(store, server.url, now=now).error)

    asked = len(flapping.server.requests)
    assert 0.3 * asked < flapping.failed < 0.7 * asked
    assert 3 < len([error for error in errors if error]) < len(errors)
    assert counted(store) == Tally(good=54 * 60, total=60 * 60, observed_s=60 * 60)
