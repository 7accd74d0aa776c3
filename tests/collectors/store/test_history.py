from __future__ import annotations

import pytest
from builders import DAY_S, NOON, QUARTER_S, minutes
from sqlalchemy import func, text, update

from collectors.contract import Batch, Counts, Stream
from collectors.store import retention
from collectors.store.history import first_broken
from collectors.store.store import Ingested, RunRecord, Store, WindowAsk
from collectors.store.tables import runs
from collectors.store.versions import definition_at
from slo.errors import StoreError
from slo.indicator import Ratio
from slo.spans import Span
from slo.tally import Tally

LIVE = Stream("requests")


def test_the_first_definition_holds_from_the_beginning_and_later_ones_from_their_day(
    store: Store,
) -> None:
    store.define("checkout", {"objective": "99.9"}, now=NOON)
    store.define("checkout", {"objective": "99.9"}, now=NOON + 60)
    store.define("checkout", {"objective": "99.5"}, now=NOON + DAY_S)
    store.define("checkout", {"objective": "99.0"}, now=NOON + DAY_S, effective=NOON + 9 * DAY_S)

    versions = store.reader.definitions("checkout")
    objectives = [
        found.document["objective"]
        for at in (0, NOON + DAY_S - 1, NOON + DAY_S, NOON + 9 * DAY_S)
        if (found := definition_at(versions, at)) is not None
    ]

    assert [version.version for version in versions] == [1, 2, 3]
    assert objectives == ["99.9", "99.9", "99.5", "99.0"]
    assert store.reader.definitions("unknown") == ()


def test_only_promises_that_ever_changed_are_read_with_all_their_versions(store: Store) -> None:
    store.define("login", {"objective": "99"}, now=NOON)
    store.define("checkout", {"objective": "99.9"}, now=NOON)
    store.define("checkout", {"objective": "99.5"}, now=NOON + DAY_S)

    changed = store.reader.changed_definitions()

    assert changed == {"checkout": store.reader.definitions("checkout")}
    assert [one.version for one in changed["checkout"]] == [1, 2]


def test_a_version_replaced_before_its_day_is_never_in_force(store: Store) -> None:
    store.define("checkout", {"objective": "99"}, now=NOON)
    store.define("checkout", {"objective": "99.9"}, now=NOON, effective=NOON + 9 * DAY_S)
    store.define("checkout", {"objective": "99.9"}, now=NOON + 60, effective=NOON + 20 * DAY_S)

    versions = store.reader.definitions("checkout")
    numbers = [
        found.version
        for at in (NOON + 10 * DAY_S, NOON + 20 * DAY_S)
        if (found := definition_at(versions, at)) is not None
    ]

    assert numbers == [1, 3]


def test_every_new_definition_is_in_the_audit_log_whose_entries_hold_each_other(
    store: Store,
) -> None:
    store.define("checkout", {"objective": "99.9"}, now=NOON)
    store.audit(actor="bob", action="silence", subject="checkout", detail={"for": 60}, now=NOON)

    log = store.reader.audit_log()

    assert [(entry.actor, entry.action) for entry in log] == [
        ("unverified", "define"),
        ("bob", "silence"),
    ]
    assert log[1].previous == log[0].digest
    assert first_broken(log) is None


def test_each_entry_of_the_audit_log_holds_the_digest_of_the_one_before_it(store: Store) -> None:
    for actor in ("ada", "bob", "eve", "joe"):
        store.audit(actor=actor, action="silence", subject="checkout", detail={}, now=NOON)

    log = store.reader.audit_log()

    assert [entry.actor for entry in log] == ["ada", "bob", "eve", "joe"]
    assert [entry.previous for entry in log] == ["", *(entry.digest for entry in log[:-1])]
    assert len({entry.digest for entry in log}) == 4
    assert first_broken(log) is None


def test_a_changed_entry_of_the_audit_log_is_found(store: Store) -> None:
    for actor in ("ada", "bob", "eve"):
        store.audit(actor=actor, action="silence", subject="checkout", detail={}, now=NOON)
    with store._database.writing() as connection:
        connection.execute(text("UPDATE audit SET actor = 'mallory' WHERE actor = 'bob'"))

    broken = first_broken(store.reader.audit_log())

    assert broken is not None
    assert broken.actor == "mallory"


def test_retention_takes_minutes_and_leaves_every_coarser_level(store: Store) -> None:
    fact = minutes([1] * 2_880, [2] * 2_880)
    store.ingest("shop", LIVE, Batch((fact,)), (), now=NOON)
    (kept,) = store.reader.pick("shop", Ratio("requests"))

    done = store.retain(now=NOON + 2 * DAY_S, minutes_s=DAY_S)

    midnight = NOON + DAY_S // 2
    assert (done.horizon, done.rows, done.series) == (midnight, 720, 1)
    (after,) = store.reader.pick("shop", Ratio("requests"))
    assert after.minutes_since == midnight
    ever = Span(0, NOON + 9 * DAY_S)
    assert store.reader.tally_rows((kept.id,), 60, ever).at[0] == midnight
    odd = Span(NOON + 60, NOON + 2 * DAY_S)
    (answers,) = store.reader.windows([WindowAsk((kept.id,), (ever, odd))])
    assert answers == [Tally(2_880, 5_760, 172_800), Tally(2_880, 5_760, 172_800)]


def test_once_thinned_no_series_is_looked_at_again_until_another_day_has_aged(
    store: Store,
) -> None:
    store.ingest("shop", LIVE, Batch((minutes([1] * 30, [2] * 30),)), (), now=NOON)
    before = retention.horizon(NOON + 9 * DAY_S, DAY_S)
    with store._database.writing() as connection:
        aged = retention.expired(connection, before)

    store.retain(now=NOON + 9 * DAY_S, minutes_s=DAY_S)

    assert len(aged) == 1
    with store._database.writing() as connection:
        assert retention.expired(connection, before) == []
        assert retention.expired(connection, before + 100 * DAY_S) == []


def test_a_fact_for_a_thinned_minute_is_counted_and_changes_nothing(store: Store) -> None:
    store.ingest("shop", LIVE, Batch((minutes([1] * 30, [2] * 30),)), (), now=NOON)
    store.retain(now=NOON + 9 * DAY_S, minutes_s=DAY_S)
    before = store.reader.figures_digest()

    late = store.ingest("shop", LIVE, Batch((minutes([2], [2], observed_at=2**31),)), (), now=NOON)

    assert late == Ingested(thinned=1)
    assert store.reader.figures_digest() == before
    fresh = minutes([2], [2], since=NOON + 10 * QUARTER_S)
    assert store.ingest("shop", LIVE, Batch((fresh,)), (), now=NOON).new == 1


def test_a_later_minute_of_a_thinned_quarter_hour_does_not_take_its_place(store: Store) -> None:
    store.ingest("shop", LIVE, Batch((minutes([1] * 5, [2] * 5),)), (), now=NOON)
    store.retain(now=NOON + 9 * DAY_S, minutes_s=DAY_S)

    fact = minutes([1], [2], since=NOON + 600)
    late = store.ingest("shop", LIVE, Batch((fact,)), (), now=NOON)

    assert late == Ingested(thinned=1)
    (kept,) = store.reader.pick("shop", Ratio("requests"))
    span = Span(NOON, NOON + QUARTER_S)
    assert store.reader.windows([WindowAsk((kept.id,), (span,))]) == [[Tally(5, 10, 300)]]
    assert store.reader.tally_rows((kept.id,), 60, span).at.tolist() == []


def test_keeping_minutes_for_less_than_a_day_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="minutes cannot be kept for 3600 s only"):
        store.retain(now=NOON, minutes_s=3_600)


def test_the_last_run_of_each_source_tells_its_error_and_when_it_last_went_well(
    store: Store,
) -> None:
    good = RunRecord(
        "shop",
        NOON,
        NOON + 2,
        span=Span(NOON - 60, NOON),
        stored=Ingested(new=3),
        counts=Counts(read=3),
        warnings=("slow",),
    )
    store.record(good)
    store.record(RunRecord("shop", NOON + 60, NOON + 61, error="refused"))
    store.record(RunRecord("bank", NOON, NOON + 1))

    bank, shop = store.reader.last_runs()

    assert (bank.last.source, bank.last.error, bank.last_good_at) == ("bank", None, NOON + 1)
    assert (shop.last.error, shop.last_good_at) == ("refused", NOON + 2)
    store.record(good)
    assert store.reader.last_runs()[1].last == good


def test_a_run_recorded_with_a_count_that_is_kept_no_more_is_read_all_the_same(
    store: Store,
) -> None:
    run = RunRecord("shop", NOON, NOON + 1, stored=Ingested(new=3))
    store.record(run)
    with store._database.writing() as connection:
        older = func.replace(runs.c.record, '"new":3', '"new":3,"duplicates":2')
        connection.execute(update(runs).values(record=older))

    assert store.reader.last_runs()[0].last == run
