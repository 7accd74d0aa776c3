"""Corrections are made, changed and revoked without a trace in the raw figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, MINUTE_S, NOON, QUARTER_S, minutes, series
from hypothesis import given, settings
from hypothesis import strategies as st
from store_builders import empty

from collectors.contract import Batch, Stream
from collectors.store.corrections import target_of
from collectors.store.history import first_broken
from collectors.store.store import Store
from slo.corrections import Correction, CorrectionKind, Scope
from slo.errors import InputError
from slo.indicator import Ratio
from slo.recurrence import Recurrence
from slo.spans import Span

LIVE = Stream("requests")
TARGETS = (target_of("shop", Ratio("requests")),)
RAW = ("good", "total", "observed_s")
OFF = ("excluded_good", "excluded_total", "excluded_s")


def said(since: int, until: int, key: str = "c", reason: str = "a drill") -> Correction:
    return repeated(Span(since, until), key, reason)


def repeated(when: Span | Recurrence, key: str = "c", reason: str = "a drill") -> Correction:
    kind, scope = CorrectionKind.DATA_ERROR, Scope(("checkout",))
    return Correction(key=key, kind=kind, scope=scope, when=when, reason=reason, author="Ada")


def put(store: Store, correction: Correction, *, now: int = NOON) -> None:
    store.corrections.put(correction, TARGETS, actor="unverified", now=now)


def fill(store: Store, count: int, since: int = NOON) -> None:
    fact = minutes([8] * count, [10] * count, since=since)
    store.ingest("shop", LIVE, Batch((fact,)), (), now=since)


def columns(store: Store, level_s: int, names: tuple[str, ...]) -> list[list[float]]:
    ids = tuple(one.id for one in store.reader.series("shop"))
    rows = store.reader.tally_rows(ids, level_s, Span(0, 2**40))
    return [getattr(rows, name).tolist() for name in ("at", *names)]


def test_revoking_what_nobody_said_is_refused_with_what_was_meant(store: Store) -> None:
    put(store, said(NOON, NOON + 60, key="drill"))

    with pytest.raises(InputError, match=r'no correction "dril" \(did you mean "drill"\?\)'):
        store.corrections.revoke("dril", author="Ada", reason="", actor="unverified", now=NOON)


def test_a_correction_is_revoked_once_and_never_said_again(store: Store) -> None:
    put(store, said(NOON, NOON + 60))
    why = {"author": "Bob", "reason": "was real", "actor": "unverified"}
    store.corrections.revoke("c", **why, now=NOON)

    with pytest.raises(InputError, match="was revoked before"):
        store.corrections.revoke("c", **why, now=NOON)
    with pytest.raises(InputError, match="was revoked, and stays so"):
        put(store, said(NOON, NOON + 60))


def test_the_same_said_twice_is_one_correction_and_one_entry_of_the_audit_log(
    store: Store,
) -> None:
    fill(store, 5)
    first = store.corrections.put(said(NOON, NOON + 60), TARGETS, actor="x", now=NOON)
    digest = store.reader.figures_digest()

    again = store.corrections.put(said(NOON, NOON + 60), TARGETS, actor="x", now=NOON + 9)

    assert (first.is_new, again.is_new, again.is_changed) == (True, False, False)
    assert [one.key.name for one in again.series] == ["requests"]
    assert store.reader.figures_digest() == digest
    assert len(store.reader.audit_log()) == len(store.reader.corrections()) == 1


def test_the_audit_log_tells_who_said_changed_and_revoked_what_and_why(store: Store) -> None:
    put(store, said(NOON, NOON + 60, reason="a drill"))
    put(store, said(NOON, NOON + 120, reason="a longer drill"))
    store.corrections.revoke("c", author="Bob", reason="was real", actor="bob@x", now=NOON + 9)

    log = store.reader.audit_log()

    assert [one.action for one in log] == ["correct", "change correction", "revoke correction"]
    assert log[0].detail["author"] == "Ada"
    assert (log[1].detail["reason"], log[1].detail["before"]["reason"]) == (
        "a longer drill",
        "a drill",
    )
    assert (log[2].actor, log[2].detail["author"], log[2].detail["reason"]) == (
        "bob@x",
        "Bob",
        "was real",
    )
    assert first_broken(log) is None


def test_shortening_a_correction_gives_back_what_it_no_longer_covers(store: Store) -> None:
    fill(store, 30)
    put(store, said(NOON, NOON + 1_200))

    put(store, said(NOON + 600, NOON + 900))

    _, off_s = columns(store, MINUTE_S, ("excluded_s",))
    assert off_s == [0] * 10 + [60] * 5 + [0] * 15
    assert columns(store, QUARTER_S, ("excluded_s",))[1] == [300, 0]


def test_revoking_one_of_two_that_overlap_leaves_the_other_in_force(store: Store) -> None:
    fill(store, 10)
    put(store, said(NOON, NOON + 360, key="a"))
    put(store, said(NOON + 240, NOON + 600, key="b"))

    store.corrections.revoke("a", author="", reason="", actor="x", now=NOON)

    assert columns(store, MINUTE_S, ("excluded_s",))[1] == [0] * 4 + [60] * 6


def test_a_correction_goes_along_when_its_slo_is_measured_otherwise(store: Store) -> None:
    fact = minutes([1], [2], key=series("answers"))
    store.ingest("shop", LIVE, Batch((minutes([1], [2]), fact)), (), now=NOON)
    put(store, said(NOON, NOON + 60))

    moved = store.corrections.aim({"c": (target_of("shop", Ratio("answers")),)}, now=NOON)
    again = store.corrections.aim({"c": (target_of("shop", Ratio("answers")),)}, now=NOON)

    off = {
        one.key.name: store.reader.tally_rows((one.id,), MINUTE_S, Span(NOON, NOON + 60)).excluded_s
        for one in store.reader.series("shop")
    }
    assert (moved, again) == (1, 0)
    assert off["answers"].tolist() == [60]
    assert off["requests"].tolist() == [0]


def test_minutes_under_a_correction_that_holds_are_kept_and_revoking_is_exact(
    store: Store,
) -> None:
    fill(store, 60)
    digest = columns(store, QUARTER_S, (*RAW, *OFF))
    put(store, said(NOON + 1_000, NOON + 1_060))

    store.retain(now=NOON + 9 * DAY_S, minutes_s=DAY_S)

    at, *_ = columns(store, MINUTE_S, RAW)
    assert at == list(range(NOON + 900, NOON + 1_800, 60))
    store.corrections.revoke("c", author="", reason="", actor="x", now=NOON)
    assert columns(store, QUARTER_S, (*RAW, *OFF)) == digest
    store.retain(now=NOON + 9 * DAY_S, minutes_s=DAY_S)
    assert columns(store, MINUTE_S, RAW)[0] == []


def test_where_minutes_are_gone_whole_quarter_hours_are_excluded(store: Store) -> None:
    fill(store, 60)
    store.retain(now=NOON + 9 * DAY_S, minutes_s=DAY_S)

    put(store, said(NOON + 1_000, NOON + 1_060))

    assert columns(store, QUARTER_S, ("excluded_s",))[1] == [0, 900, 0, 0]
    assert columns(store, HOUR_S, ("excluded_s", "excluded_total"))[1:] == [[900], [150.0]]


def test_a_rule_covers_what_is_stored_and_what_is_still_to_come(store: Store) -> None:
    zone = ZoneInfo("Europe/Berlin")
    nightly = Recurrence("FREQ=DAILY", datetime(2026, 1, 1, 13, 5), 300, zone)
    fill(store, 30)
    put(store, repeated(nightly))
    fill(store, 30, since=NOON + DAY_S)

    _, off_s = columns(store, MINUTE_S, ("excluded_s",))

    assert off_s == ([0] * 5 + [60] * 5 + [0] * 20) * 2


SPAN = st.tuples(st.integers(0, 7_000), st.integers(1, 3_000))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("facts"), st.integers(0, 3), st.integers(1, 40)),
        st.tuples(st.just("put"), st.sampled_from("abc"), SPAN),
        st.tuples(st.just("revoke"), st.sampled_from("abc")),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Two stores, of which the second alone is corrected; each example empties them."""
    folder = tmp_path_factory.mktemp("order")
    plain, other = (f"sqlite:///{folder / name}.db" for name in ("plain", "corrected"))
    with Store.open(plain, now=NOON) as bare, Store.open(other, now=NOON) as corrected:
        yield bare, corrected


@settings(max_examples=12)
@given(STEPS)
def test_raw_figures_never_change_and_what_is_excluded_follows_from_both_in_any_order(
    pair: tuple[Store, Store], steps: list[tuple[object, ...]]
) -> None:
    for store in pair:
        empty(store)
    bare, corrected = pair
    live = _walked(steps, bare, corrected)

    for level_s in (MINUTE_S, QUARTER_S, HOUR_S, DAY_S):
        assert columns(corrected, level_s, RAW) == columns(bare, level_s, RAW)
    at, total, off = columns(corrected, MINUTE_S, ("total", "excluded_total"))
    spans = live.values()
    assert off == [
        many * any(s.since < minute + 60 and s.until > minute for s in spans)
        for minute, many in zip(at, total, strict=True)
    ]
    assert np.sum(columns(corrected, DAY_S, ("excluded_total",))[1]) == np.sum(off)
    for key in live:
        corrected.corrections.revoke(key, author="", reason="", actor="x", now=NOON)
    assert corrected.reader.figures_digest() == bare.reader.figures_digest()


def _walked(steps: list[tuple[object, ...]], bare: Store, corrected: Store) -> dict[str, Span]:
    """Take the steps, those of facts in both stores; the corrections that hold in the end."""
    live: dict[str, Span] = {}
    revoked: set[str] = set()
    for step in steps:
        match step:
            case ("facts", int(version), int(count)):
                fact = minutes([8 - version] * count, [10] * count, observed_at=NOON + version)
                for store in (bare, corrected):
                    store.ingest("shop", LIVE, Batch((fact,)), (), now=NOON)
            case ("put", str(key), (int(since), int(length_s))) if key not in revoked:
                live[key] = Span(NOON + since, NOON + since + length_s)
                put(corrected, repeated(live[key], key))
            case ("revoke", str(key)) if key in live:
                corrected.corrections.revoke(key, author="", reason="", actor="x", now=NOON)
                revoked.add(key)
                del live[key]
    return live
