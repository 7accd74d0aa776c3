"""A series has one identity, and an error has its three parts."""

from __future__ import annotations

import pytest

from slo.errors import BurnlineError, ConfigError, InputError, SourceError, StoreError
from slo.facts import SeriesKey, SeriesKind


@pytest.mark.parametrize(
    "labels",
    [
        (("b", "1"), ("a", "2")),
        (("a", "1"), ("a", "1")),
    ],
)
def test_labels_out_of_order_would_be_a_second_identity_and_are_refused(
    labels: tuple[tuple[str, str], ...],
) -> None:
    with pytest.raises(ValueError, match="not sorted and unique"):
        SeriesKey("shop", "requests", SeriesKind.TALLY, labels)


def test_equal_series_are_equal_keys() -> None:
    one, two = (SeriesKey("shop", "requests", SeriesKind.TALLY, (("a", "1"),)) for _ in range(2))

    assert {one, two} == {one}


@pytest.mark.parametrize("kind", [ConfigError, InputError, SourceError, StoreError])
def test_every_error_says_what_where_and_how_to_mend_it(kind: type[BurnlineError]) -> None:
    error = kind("disk is full", where="burnline.db", mend="free 100 MB")

    assert str(error) == "disk is full\n  at:  burnline.db\n  fix: free 100 MB"
    assert (error.what, error.where, error.mend) == ("disk is full", "burnline.db", "free 100 MB")


def test_a_source_error_says_whether_asking_again_may_help() -> None:
    assert not SourceError("gone", where="prod", mend="check the URL").transient
    assert SourceError("busy", where="prod", mend="wait", transient=True).transient
