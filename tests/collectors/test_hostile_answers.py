"""Whatever a server answers: a sentence in time, little memory, nothing half-stored."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable

import pytest
from components.hostile import (
    JSON,
    Answer,
    Hostile,
    bomb,
    dripping,
    endless,
    in_turn,
    matrix,
    raw,
    reply,
    reset,
    silent,
    success,
)
from components.memory import peak_growth_mib
from components.process import free_port
from prometheus_source import NOW, SINCE, ask, asked, collector

from collectors.contract import Batch
from collectors.fetch.failures import FetchError
from collectors.fetch.retry import MAX_TRIES
from slo.facts import Status, StatusRows
from slo.indicator import Ratio

DEADLINE_S = 1.0
SLACK_S = 60.0
"""What a busy machine may add to a promised deadline; what has none goes on for ever."""

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
HEADERS = b"".join(b"X-%d: y\r\n" % i for i in range(500))
DEEP = b'{"status":"success","data":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
BIG_INTEGER = b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},'
BIG_INTEGER += b'"values":[[' + b"9" * 5_000 + b',"1"]]}]}}'
LABEL = (
    '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":%s},"values":[]}]}}'
)
NO_BODY = "no JSON object"

HANGS: dict[str, Answer] = {
    "never answers": silent,
    "drips its headers": dripping(OK + b"X-Slow: "),
    "drips its body": dripping(OK + b"Content-Length: 100000\r\n\r\n"),
    "drips a chunk": dripping(CHUNKED + b"ffff\r\n"),
    "drips a status line": dripping(b"HTTP/1.1 2"),
    "drips a gzip": dripping(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(GOOD)[:20]),
    "drips an error": dripping(b"HTTP/1.1 400 Bad\r\nContent-Length: 90000\r\n\r\n"),
}


@pytest.mark.parametrize("kind", HANGS)
def test_an_answer_that_does_not_end_is_ended_at_the_deadline(kind: str) -> None:
    begun = time.monotonic()
    found = refused(HANGS[kind], timeout_s=DEADLINE_S)
    took_s = time.monotonic() - begun

    assert found.what == "no complete answer within 1 s"
    assert DEADLINE_S <= took_s <= DEADLINE_S + SLACK_S


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


STATUSES = {
    "204 No Content": ("answered 204 No Content instead of data", 1),
    "400 Bad Request": ("query rejected: Prometheus says bad_data: no such thing", 1),
    "422 Unprocessable Entity": ("query rejected: Prometheus says bad_data: no such thing", 1),
    "401 Unauthorized": ("authentication refused (401)", 1),
    "403 Forbidden": ("authentication refused (403)", 1),
    "404 Not Found": ("Prometheus says bad_data: no such thing", 1),
    "429 Too Many Requests": ("Prometheus says bad_data: no such thing", 3),
    "500 Internal Server Error": ("Prometheus says bad_data: no such thing", 3),
    "503 Service Unavailable": ("Prometheus says bad_data: no such thing", 3),
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_is_told_in_its_own_words_and_tried_again_only_where_that_helps(
    status: str,
) -> None:
    said = {"status": "error", "errorType": "bad_data", "error": "no such thing"}
    body: object = b"" if status.startswith("204") else said
    slept: list[float] = []
    with Hostile(reply(body, status)) as server, pytest.raises(FetchError) as caught:
        ask(server.url, slept=slept)

    words, tries = STATUSES[status]
    assert caught.value.what == words
    assert len(server.requests) == tries
    assert slept == [0.5, 1.0][: tries - 1]


def test_a_server_error_that_passes_is_never_noticed() -> None:
    answers = in_turn(reply("", "503 Service Unavailable"), reset(b""), reply(GOOD))

    with Hostile(answers) as server:
        found = rows(ask(server.url))

    assert len(found.at) == 5


def test_a_wish_to_be_left_alone_for_two_minutes_is_honoured() -> None:
    answers = in_turn(reply("", "429 Too Many Requests", JSON, "Retry-After: 120"), reply(GOOD))
    slept: list[float] = []

    with Hostile(answers) as server:
        ask(server.url, slept=slept, longest_s=300.0)

    assert slept == [120.0]


def test_a_wish_longer_than_the_interval_ends_the_run_without_another_request() -> None:
    answer = reply("", "429 Busy", JSON, "Retry-After: 120")

    with Hostile(answer) as server, pytest.raises(FetchError, match="asks to wait 120 s"):
        ask(server.url)

    assert len(server.requests) == 1


REDIRECTS = ["file:///etc/passwd", "http://169.254.169.254/latest", "//elsewhere/", "\x00\xff"]


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_is_followed_wherever_it_leads(target: str) -> None:
    found = refused(reply("", "302 Found", JSON, f"Location: {target}"))

    assert found.what.startswith("redirect to ")
    assert found.what.endswith(" not followed")


def test_another_server_is_never_asked_and_never_told_a_secret() -> None:
    with Hostile(reply(GOOD)) as other:
        answer = reply("", "307 Temporary", JSON, f"Location: {other.url}/?token=abc")
        found = refused(answer, token="canary-secret")

    assert other.requests == []
    assert "token=" not in str(found)


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


@pytest.mark.parametrize("count", ["1e308", "2.5", "-1"])
def test_a_count_that_is_no_number_of_series_is_refused_in_few_words(count: str) -> None:
    answer = reply(matrix(({}, [[NOW, count]])))
    with Hostile(answer) as server, pytest.raises(FetchError) as caught:
        asked(collector(server.url, Ratio("requests_total", bad="errors_total")))

    assert caught.value.what.startswith("malformed answer: count() of series is ")
    assert len(caught.value.what) < 60


def test_more_than_ten_thousand_series_store_none() -> None:
    many = [({"__name__": "up", "i": str(i)}, [[SINCE, "1"]]) for i in range(10_001)]

    assert refused(reply(matrix(*many))).what.startswith("stopped at 10,000 series")


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


def test_a_closed_port_is_told_by_its_address() -> None:
    port = free_port()

    with pytest.raises(FetchError) as caught:
        ask(f"http://127.0.0.1:{port}")

    assert caught.value.what == f"connection refused by 127.0.0.1:{port}"
    assert caught.value.transient


def test_a_host_that_takes_no_connection_is_given_up_after_the_connect_limit() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        begun = time.monotonic()
        with pytest.raises(FetchError) as caught:
            ask(f"http://127.0.0.1:{port}", connect_s=0.2)
        took_s = time.monotonic() - begun
        for each in waiting:
            each.close()

    assert caught.value.what == "no answer within 0.2 s (connect)"
    assert took_s <= MAX_TRIES * 0.2 + SLACK_S


def test_a_name_without_an_address_is_told_as_such() -> None:
    with pytest.raises(FetchError) as caught:
        ask("http://no-such-host.invalid:9090")

    assert caught.value.what == "no address found for no-such-host.invalid:9090"


def test_secrets_are_in_no_message_even_when_the_server_repeats_them() -> None:
    said = {"status": "error", "errorType": "bad_data", "error": "bad token canary-secret"}

    found = refused(reply(said, "400 Bad Request"), token="canary-secret")

    assert "canary-secret" not in str(found)
    assert "***" in found.what


def test_a_refused_token_is_asked_for_by_its_key_and_its_source() -> None:
    found = refused(reply("no", "401 Unauthorized"), token="canary-secret")

    assert found.mend == 'check `token` of source "hostile"'


def test_control_characters_of_the_server_reach_no_terminal() -> None:
    said = {"status": "error", "errorType": "x", "error": "\x1b[31mred\r\nline"}

    assert refused(reply(said)).what == r"Prometheus says x: \x1b[31mred\x0d\x0aline"


def test_a_query_too_long_for_an_address_is_sent_as_a_form() -> None:
    probe = 'up{job=~"' + "|".join(f"job-{i}" for i in range(400)) + '"}'

    with Hostile(reply(GOOD)) as server:
        ask(server.url, probe=probe)

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/v1/query HTTP/1.1")
    assert b"job-399" in body


def test_the_headers_of_the_source_go_with_every_request() -> None:
    with Hostile(reply(GOOD)) as server:
        ask(server.url, headers={"X-Scope-OrgID": "team-a"}, token="abc")

    assert b"X-Scope-OrgID: team-a" in server.requests[0]
    assert b"Authorization: Bearer abc" in server.requests[0]


def test_the_environment_adds_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")

    with Hostile(reply(GOOD)) as server:
        assert len(rows(ask(server.url)).at) == 5


def test_a_failing_source_leaves_its_session_usable() -> None:
    answers = in_turn(silent, reply(GOOD))
    with Hostile(answers) as server:
        one = collector(server.url, timeout_s=0.5)
        with pytest.raises(FetchError):
            asked(one)

        assert len(rows(asked(one)).at) == 5
