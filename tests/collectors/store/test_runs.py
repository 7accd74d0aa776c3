"""Of the runs of each source the newest are kept, and the last that went well."""

from __future__ import annotations

from builders import NOON

from collectors.store.store import RunRecord, Store


def record(store: Store, source: str, at: int, error: str | None = None) -> None:
    store.record(RunRecord(source, at, at + 1, error))


def kept(store: Store) -> int:
    with store._database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one())


def test_a_source_that_fails_for_long_keeps_its_last_good_run_and_the_newest(store: Store) -> None:
    record(store, "shop", NOON)
    record(store, "other", NOON)
    for number in range(1, 301):
        record(store, "shop", NOON + number, "connection refused")

    (other, shop) = store.reader.last_runs()

    assert kept(store) == 1 + 200 + 1
    assert (shop.last.started_at, shop.last_good_at) == (NOON + 300, NOON + 1)
    assert other.last_good_at == NOON + 1


def test_the_last_run_is_the_one_recorded_last_even_where_a_clock_was_set_back(
    store: Store,
) -> None:
    record(store, "shop", NOON + 3_600)
    record(store, "shop", NOON)

    last = store.reader.last_run("shop")

    assert last is not None
    assert last.started_at == NOON
    assert store.reader.last_run("nobody") is None
