"""What is written into the form of a page: moments as pages show them, wrong ones in its words."""

from __future__ import annotations

import pytest
from builders import NOON

from dashboard.shell.correcting.form import span_of
from slo.errors import InputError
from slo.spans import Span


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("11:00", "12:00"),
        ("11:00 UTC", " 12:00 UTC "),
        ("2026-01-01 11:00", "2026-01-01 12:00 UTC"),
        ("1 Jan 2026 11:00 UTC", "01 Jan 2026 12:00"),
        ("2026-01-01T11:00:00Z", "2026-01-01T13:00+01:00"),
    ],
)
def test_a_moment_may_be_written_as_any_page_or_command_shows_it(since: str, until: str) -> None:
    assert span_of(since, until, near=NOON + 60) == Span(NOON - 3_600, NOON)


def test_every_moment_that_is_none_is_quoted_as_it_was_typed_under_its_name_in_the_form() -> None:
    with pytest.raises(InputError) as refused:
        span_of("25:00 UTC", "soon", near=NOON)

    assert refused.value.what.splitlines() == [
        "From: '25:00 UTC' is no moment; write for example \"2026-11-22 18:00\".",
        "To: 'soon' is no moment; write for example \"2026-11-22 18:00\".",
    ]


@pytest.mark.parametrize("until", ["2026-01-01 11:00", "2025-12-31", "2027-01-02 11:01"])
def test_an_end_before_the_beginning_or_years_after_it_is_refused(until: str) -> None:
    with pytest.raises(InputError, match="To must be later than From, by at most 366 days"):
        span_of("2026-01-01 11:00", until, near=NOON)
