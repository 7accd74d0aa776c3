"""Answers of a Prometheus are decoded bit by bit, paged until they fit and batched without loss."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from builders import NOON, minutes, samples
from components.hostile import matrix
from hypothesis import given
from hypothesis import strategies as st
from prometheus_source import NOW, SINCE

from collectors.contract import MAX_BATCH_ROWS, Batch, Counts
from collectors.fetch.failures import TooMuchError
from collectors.prometheus.batching import batches
from collectors.prometheus.decode import Answer, AnswerError, decode
from collectors.prometheus.pages import SHORTEST_S, pages
from slo.spans import Span

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.lists(st.tuples(st.integers(SINCE * 1_000, NOW * 1_000), finite), unique_by=lambda s: s[0])
)
def test_decoding_gives_back_every_finite_sample_bit_by_bit(
    written: list[tuple[int, float]],
) -> None:
    values = [[at_ms / 1_000, repr(value)] for at_ms, value in sorted(written)]
    body = json.dumps(matrix(({"__name__": "x"}, values)), separators=(",", ":"))

    found = decode(body.encode(), "application/json", NOW).series

    pairs = zip(found[0].at_ms.tolist(), found[0].value.tolist(), strict=True) if found else ()
    assert list(pairs) == sorted(written)


@given(st.lists(st.tuples(st.integers(SINCE, NOW), st.integers()), max_size=9))
def test_spaced_and_compact_json_decode_alike(written: list[tuple[int, int]]) -> None:
    answer = matrix(({"a": '"values":[['}, [[at, str(value)] for at, value in written]))

    compact = decode(json.dumps(answer, separators=(",", ":")).encode(), "json", NOW)
    spaced = decode(json.dumps(answer, indent=1).encode(), "json", NOW)

    assert [raw.at_ms.tolist() for raw in compact.series] == [
        raw.at_ms.tolist() for raw in spaced.series
    ]
    assert [raw.value.tolist() for raw in compact.series] == [
        raw.value.tolist() for raw in spaced.series
    ]
    assert compact.counts == spaced.counts


@given(st.binary(max_size=300))
def test_no_bytes_at_all_crash_the_decoder(body: bytes) -> None:
    for beginning in (b"", b'{"status":"success","data":{"resultType":"matrix","result":['):
        with pytest.raises(AnswerError):
            decode(beginning + body, "application/json", NOW)


def test_pages_halve_until_they_fit_and_then_grow_with_what_comes_back() -> None:
    asked_for: list[Span] = []

    def ask_page(span: Span) -> list[Answer]:
        asked_for.append(span)
        if span.length_s > 600:
            raise TooMuchError("too much", where="x", mend="x")
        return [Answer((), Counts(read=100 * span.length_s), ())]

    found = [page.span for page in pages(ask_page, Span(0, 7_200), 4_800)]

    assert [span.length_s for span in asked_for[:4]] == [4_800, 2_400, 1_200, 600]
    assert (found[0].since, found[-1].until) == (0, 7_200)
    assert all(one.until == two.since for one, two in pairwise(found))
    assert {span.length_s % 60 for span in found} == {0}


def test_a_minute_that_does_not_fit_is_an_error_and_not_a_loop() -> None:
    def ask_page(span: Span) -> list[Answer]:
        raise TooMuchError(f"too much in {span}", where="x", mend="x")

    with pytest.raises(TooMuchError):
        list(pages(ask_page, Span(0, 86_400), 86_400))
    assert SHORTEST_S == 60


@given(
    st.lists(st.integers(1, 4_000), min_size=1, max_size=8),
    st.integers(1, 400),
)
def test_batches_hold_every_row_once_within_their_claims(lengths: list[int], every_s: int) -> None:
    facts = [samples(range(length), every_s=every_s) for length in lengths]
    span = Span(NOON, NOON + max(lengths) * every_s)

    found = list(batches(facts, span, 60, Counts(read=7), ("told",)))

    claims = [batch.span for batch in found if batch.span]
    assert sum(rows_of(batch) for batch in found) == sum(lengths)
    assert max(rows_of(batch) for batch in found) <= MAX_BATCH_ROWS
    assert (claims[0].since, claims[-1].until) == (span.since, span.until)
    assert all(one.until == two.since for one, two in pairwise(claims))
    assert sum((batch.counts for batch in found), Counts()) == Counts(read=7)
    assert [batch.warnings for batch in found if batch.warnings] == [("told",)]


def rows_of(batch: Batch) -> int:
    return sum(len(fact.at) for fact in batch.facts)  # type: ignore[union-attr]


def test_a_moment_too_full_for_one_batch_is_claimed_by_its_last_part_alone() -> None:
    facts = [samples([1.0]) for _ in range(MAX_BATCH_ROWS + 1)]

    found = list(batches(facts, Span(NOON, NOON + 60), 1, Counts(), ()))

    claims = [batch.span for batch in found]
    assert claims == [None, Span(NOON, NOON + 1), Span(NOON + 1, NOON + 60)]
    assert [rows_of(batch) for batch in found] == [MAX_BATCH_ROWS, 1, 0]


def test_an_empty_span_of_facts_is_still_claimed_as_known() -> None:
    (found,) = batches([minutes([], [])], Span(0, 60), 60, Counts(), ())

    assert (found.facts, found.span) == ((), Span(0, 60))
