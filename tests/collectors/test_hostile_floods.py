"""An answer without end is left unread, in little memory."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from components.hostile import JSON, Answer, bomb, endless, matrix, reply
from components.memory import peak_growth_mib
from hostile_bodies import CHUNKED, OK, chunk, gzipped, refused
from prometheus_source import SINCE

FLOODS: dict[str, Callable[[], Answer]] = {
    "a body without end": lambda: endless(OK + b"\r\n", b"x" * 65_536),
    "chunks without end": lambda: endless(CHUNKED, chunk(b"x" * 65_536)),
    "120 MB with their length": lambda: endless(
        OK + b"Content-Length: 125829120\r\n\r\n", b"x" * 65_536
    ),
    "a gzip bomb": lambda: gzipped(bomb(256)),
    "a gzip bomb in a gzip bomb": lambda: reply(
        gzip.compress(bomb(64)), "200 OK", JSON, "Content-Encoding: gzip, gzip"
    ),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_an_answer_larger_than_8_mib_is_left_unread(kind: str) -> None:
    answer = FLOODS[kind]()

    with peak_growth_mib() as grown:
        assert refused(answer).what == "answer larger than 8 MiB"
    assert grown() <= 32


def test_a_redirect_with_an_endless_body_is_not_read_to_its_end() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: http://example.invalid/\r\n\r\n"

    with peak_growth_mib() as grown:
        assert "not followed" in refused(endless(head, b"x" * 65_536)).what
    assert grown() <= 32


def test_json_of_millions_of_tiny_values_is_refused_before_it_takes_memory() -> None:
    body = b'{"status":"success","data":[' + b"{}," * 2_000_000 + b"{}]}"

    with peak_growth_mib() as grown:
        assert "more than 50,000 samples" in refused(reply(body)).what
    assert grown() <= 32


def test_brackets_without_end_are_malformed_and_not_too_many_samples() -> None:
    error = refused(reply(b'{"status":"success","data":{"result":' + b"[" * 1_000_000))

    assert error.what.startswith("malformed answer: nested deeper")


def test_more_than_ten_thousand_series_store_none() -> None:
    many = [({"__name__": "up", "i": str(i)}, [[SINCE, "1"]]) for i in range(10_001)]

    assert refused(reply(matrix(*many))).what.startswith("stopped at 10,000 series")
