"""Bodies and parts of answers of a hostile server, and the error with which one is refused."""

from __future__ import annotations

import json

import pytest
from components.hostile import JSON, Answer, Hostile, matrix, reply
from prometheus_source import SINCE, ask

from collectors.contract import Batch
from collectors.fetch.failures import FetchError
from slo.facts import StatusRows

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
UP = {"__name__": "up", "job": "shop"}
SAMPLES: list[list[object]] = [[SINCE + 60 * i, "1"] for i in range(5)]
GOOD = json.dumps(matrix((UP, SAMPLES))).encode()


def refused(answer: Answer, **terms: object) -> FetchError:
    """The error with which an answer is refused, before any batch."""
    with Hostile(answer) as server, pytest.raises(FetchError) as caught:
        ask(server.url, **terms)
    return caught.value


def gzipped(body: bytes) -> Answer:
    return reply(body, "200 OK", JSON, "Content-Encoding: gzip")


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def rows(batches: list[Batch]) -> StatusRows:
    (fact,) = (fact for batch in batches for fact in batch.facts)
    assert isinstance(fact, StatusRows)
    return fact


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
