"""Whatever a server answers: what is wrong is named, what is odd counted, nothing half-stored."""

from __future__ import annotations

import gzip
import json

import pytest
from components.hostile import Hostile, matrix, raw, reply, reset, success
from hostile_bodies import CHUNKED, GOOD, OK, SAMPLES, UP, chunk, gzipped, refused, rows
from prometheus_source import NOW, SINCE, ask, asked, collector

from collectors.fetch.failures import FetchError
from slo.facts import Status
from slo.indicator import Ratio

HEADERS = b"".join(b"X-%d: y\r\n" % i for i in range(500))
DEEP = b'{"status":"success","data":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
BIG_INTEGER = b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},'
BIG_INTEGER += b'"values":[[' + b"9" * 5_000 + b',"1"]]}]}}'
LABEL = (
    '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":%s},"values":[]}]}}'
)
NO_BODY = "no JSON object"
CUT = {
    "with a length": (
        raw(OK + b"Content-Length: 99999\r\n\r\n" + b"x" * 50),
        "cut off after 50 bytes",
    ),
    "within a chunk": (raw(CHUNKED + b"ff\r\n" + b"x" * 50), "cut off after 0 bytes"),
    "between chunks": (raw(CHUNKED + chunk(b"x" * 50)), "cut off after 50 bytes"),
    "by a reset": (reset(OK + b"Content-Length: 99999\r\n\r\n" + b"x" * 50), "cut off after"),
    "without a length": (raw(OK + b"\r\n" + GOOD[:50]), NO_BODY),
    "within a gzip": (gzipped(gzip.compress(GOOD)[:-20]), NO_BODY),
    "before it begins": (raw(b""), "closed the connection without an answer"),
    "by a reset before it begins": (reset(b""), " reset the connection"),
}


@pytest.mark.parametrize("kind", CUT)
def test_an_answer_cut_off_stores_nothing(kind: str) -> None:
    answer, words = CUT[kind]

    assert words in refused(answer).what


MALFORMED = {
    "garbage for a status line": (raw(b"HELO you\r\n\r\n"), "not HTTP"),
    "500 headers": (raw(OK + HEADERS + b"\r\n"), "not HTTP"),
    "a header of 100 kB": (raw(OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n"), "not HTTP"),
    "broken gzip": (gzipped(b"this is no gzip"), "compression is broken"),
    "a gzip named, none sent": (gzipped(GOOD), "compression is broken"),
    "an empty body": (reply(b""), NO_BODY),
    "null": (reply(None), NO_BODY),
    "a list": (reply([]), NO_BODY),
    "a text": (reply('"hello"'), NO_BODY),
    "no status": (reply({}), "no status"),
    "no data": (reply({"status": "success"}), "no data"),
    "data that is null": (reply({"status": "success", "data": None}), "no data"),
    "a result that is an object": (reply(success("matrix", {})), "no data"),
    "series that are numbers": (reply(success("matrix", [1, 2])), "no object"),
    "labels that are numbers": (reply(success("matrix", [{"metric": {"a": 1}}])), "labels"),
    "samples that are numbers": (reply(matrix((UP, [1, 2]))), "a sample is not"),  # type: ignore[list-item]
    "values that are numbers": (reply(matrix((UP, [[SINCE, 1]]))), "a sample is not"),
    "values that are words": (reply(matrix((UP, [[SINCE, "many"]]))), "a sample is not"),
    "a column by number": (
        reply(success("matrix", [{"metric": UP, "values": SAMPLES}, {"metric": {}, "values": 7}])),
        "a sample is not",
    ),
    "very deep JSON": (reply(DEEP), "malformed answer: nested deeper than an answer is"),
    "JSON deeper than any answer": (reply(b"[" * 5_000 + b"]" * 5_000), NO_BODY),
    "raw NaN": (reply(GOOD.replace(b'"1"', b"NaN")), NO_BODY),
    "a byte order mark": (reply(b"\xef\xbb\xbf" + GOOD), NO_BODY),
    "Latin-1": (reply(LABEL.encode() % '"é"'.encode("latin-1")), NO_BODY),
    "half a surrogate": (reply(LABEL % r'"\ud800"'), NO_BODY),
    "a login page": (reply("<html>", "200 OK", "text/html"), "got text/html (a login page?)"),
    "a scalar": (reply(success("scalar", [SINCE, "2"])), "gives a scalar, not series"),
    "a string": (reply(success("string", [SINCE, "2"])), "gives a string, not series"),
    "a native histogram": (
        reply(success("matrix", [{"metric": UP, "histograms": [[SINCE, {"count": "1"}]]}])),
        "native histogram",
    ),
    "an error with 200": (
        reply({"status": "error", "errorType": "bad_data", "error": "parse error"}),
        "Prometheus says bad_data: parse error",
    ),
    "an error with data": (
        reply(matrix((UP, SAMPLES)) | {"status": "error", "errorType": "internal", "error": "x"}),
        "Prometheus says internal: x",
    ),
    "a label of 1 MB": (reply(LABEL % json.dumps("x" * 1_000_000)), "longer than 1 kB"),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_answer_is_named_and_stores_nothing(kind: str) -> None:
    answer, words = MALFORMED[kind]

    assert words in refused(answer).what


@pytest.mark.parametrize("count", ["1e308", "2.5", "-1"])
def test_a_count_that_is_no_number_of_series_is_refused_in_few_words(count: str) -> None:
    answer = reply(matrix(({}, [[NOW, count]])))
    with Hostile(answer) as server, pytest.raises(FetchError) as caught:
        asked(collector(server.url, Ratio("requests_total", bad="errors_total")))

    assert caught.value.what.startswith("malformed answer: count() of series is ")
    assert len(caught.value.what) < 60


def test_values_that_are_no_numbers_are_dropped_and_counted() -> None:
    odd: list[list[object]] = [[SINCE, "NaN"], [SINCE + 1, "+Inf"], [SINCE + 2, "-Inf"]]

    with Hostile(reply(matrix((UP, [*odd, [SINCE + 60, "0"]])))) as server:
        batches = ask(server.url)

    assert list(rows(batches).state) == [Status.DOWN]
    assert sum(batch.counts.dropped_nonfinite for batch in batches) == 3


def test_an_integer_of_5000_digits_is_no_time_and_crashes_nothing() -> None:
    with Hostile(reply(BIG_INTEGER)) as server:
        batches = ask(server.url)

    assert [batch.facts for batch in batches] == [(), ()]
    assert batches[0].counts.dropped_nonfinite == 1


def test_times_in_milliseconds_or_in_the_future_are_dropped_and_counted() -> None:
    odd: list[list[object]] = [[SINCE * 1_000, "1"], [NOW + 301, "1"], [5, "1"]]

    with Hostile(reply(matrix((UP, [*odd, [SINCE, "1"]])))) as server:
        batches = ask(server.url)

    assert rows(batches).at.tolist() == [SINCE]
    assert sum(batch.counts.dropped_future for batch in batches) == 3


def test_repeated_shuffled_and_split_series_come_out_once_and_in_order() -> None:
    shuffled = [SAMPLES[i] for i in (3, 1, 3, 0)]
    rest = [SAMPLES[i] for i in (4, 2, 1)]

    with Hostile(reply(matrix((UP, shuffled), (UP, rest)))) as server:
        batches = ask(server.url)

    assert rows(batches).at.tolist() == [at for at, _ in SAMPLES]
    assert sum(batch.counts.duplicates for batch in batches) == 2


def test_two_values_at_one_moment_are_both_handed_over_the_smaller_first() -> None:
    for pair in ([[SINCE, "1"], [SINCE, "0"]], [[SINCE, "0"], [SINCE, "1"]]):
        with Hostile(reply(matrix((UP, pair)))) as server:  # type: ignore[arg-type]
            (batch,) = ask(server.url)
        assert list(rows([batch]).state) == [Status.DOWN, Status.UP]
        assert batch.counts.duplicates == 0


def test_labels_named_like_columns_and_odd_letters_stay_labels() -> None:
    labels = UP | {"value": "7", "timestamp": "x\x00y", "le": "日本", "q": '"values":[[1'}

    with Hostile(reply(matrix((labels, SAMPLES)))) as server:
        found = rows(ask(server.url))

    assert dict(found.series.labels) == {k: v for k, v in labels.items() if k != "__name__"}
    assert len(found.at) == 5


def test_warnings_of_the_server_are_told_with_the_facts() -> None:
    body = matrix((UP, SAMPLES), warnings=["store gateway down"])

    with Hostile(reply(body)) as server:
        batches = ask(server.url)

    assert ["store gateway down" in batch.warnings for batch in batches] == [True]


def test_an_empty_answer_is_complete_and_says_that_nothing_was_found() -> None:
    with Hostile(reply(matrix())) as server:
        batches = ask(server.url)

    assert [batch.facts for batch in batches] == [(), ()]
    assert batches[0].span is not None
    assert batches[-1].silence.startswith("nothing found: no series matches ")
