"""What a correction covers: spans united, cut to what is asked, read back from what was kept."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.corrections import Correction, CorrectionKind, Scope, correction_of
from slo.errors import InputError
from slo.recurrence import Recurrence
from slo.spans import Span, united

SPANS = st.builds(
    lambda since, length_s: Span(since, since + length_s), st.integers(0, 99), st.integers(0, 20)
)
EVERYTHING = Scope()
BERLIN = ZoneInfo("Europe/Berlin")
SUNDAYS = Recurrence("FREQ=WEEKLY;BYDAY=SU", datetime(2026, 3, 1, 2), 7_200, BERLIN)


def correction(when: Span | Recurrence, scope: Scope = EVERYTHING) -> Correction:
    return Correction(
        key="c",
        kind=CorrectionKind.MAINTENANCE,
        scope=scope,
        when=when,
        reason="failover drill",
        author="Ada",
    )


def test_a_correction_of_no_time_is_refused() -> None:
    with pytest.raises(InputError, match="ends as it begins"):
        correction(Span(60, 60))


@given(st.lists(SPANS, max_size=8))
def test_united_spans_cover_each_second_that_any_covered_and_no_other(spans: list[Span]) -> None:
    joined = united(spans)

    covered = {second for span in joined for second in range(span.since, span.until)}
    assert covered == {second for span in spans for second in range(span.since, span.until)}
    assert all(one.until < other.since for one, other in pairwise(joined))


@given(SPANS.filter(lambda span: span.length_s > 0), SPANS)
def test_what_is_covered_of_a_span_lies_in_both(when: Span, span: Span) -> None:
    found = correction(when).spans_within(span)

    covered = {second for one in found for second in range(one.since, one.until)}
    assert covered == set(range(when.since, when.until)) & set(range(span.since, span.until))


@pytest.mark.parametrize("when", [Span(60, 120), SUNDAYS], ids=["once", "recurring"])
@pytest.mark.parametrize("scope", [Scope(), Scope(("a",), ("b", "c"))], ids=["all", "named"])
def test_a_correction_is_read_back_as_it_was_written(when: Span | Recurrence, scope: Scope) -> None:
    made = correction(when, scope)

    assert correction_of(orjson.loads(orjson.dumps(made.document))) == made


def test_a_scope_that_names_services_or_slos_means_no_other() -> None:
    scope = Scope(slos=("checkout-latency",), services=("search",))

    assert scope.holds("checkout-latency", "checkout")
    assert scope.holds("search-availability", "search")
    assert not scope.holds("checkout", "checkout")


def test_nights_that_overlap_are_covered_once() -> None:
    long = Recurrence("FREQ=DAILY", datetime(2026, 1, 1), 2 * 86_400, BERLIN)
    asked = Span(SUNDAYS.since, SUNDAYS.since + 86_400)

    assert correction(long).spans_within(asked) == (asked,)
