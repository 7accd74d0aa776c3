"""The plan matters more than the schema: a scan instead of a seek costs a factor of 700."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import DAY_S, NOON, series
from sqlalchemy import event

from collectors.contract import Batch, Stream
from collectors.store.store import Reader, Store, WindowAsk
from slo.facts import TallyRows
from slo.spans import Span

SERIES, DAYS = 30, 6
LENGTHS_S = (300, 1_800, 3_600, 6 * 3_600, DAY_S, 3 * DAY_S, 5 * DAY_S)
UNTIL = NOON + DAYS * DAY_S - 1_200


@pytest.fixture
def filled(store: Store, store_url: str) -> Iterator[Reader]:
    """A reader of a filled and analysed store."""
    at = NOON + 60 * np.arange(DAYS * 1_440)
    ones = np.ones(len(at))
    for number in range(SERIES):
        key = series("requests", service=f"s{number}")
        for start in range(0, len(at), 5_000):
            part = slice(start, start + 5_000)
            seconds = np.full(len(at[part]), 60)
            fact = TallyRows(key, at[part], ones[part], ones[part], seconds, NOON)
            store.ingest("shop", Stream("x"), Batch((fact,)), (), now=NOON)
    with store._database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    with Reader.open(store_url) as reader:
        yield reader


def plan_of_windows(reader: Reader, *, leaving_out: int | None = None) -> str:
    """The plan of the very statement that the reader sent for all series, or all but one."""
    sent: list[tuple[str, Any]] = []
    engine = reader._database.engine

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "tally_" in statement:
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    asks = [
        WindowAsk((one.id,), tuple(Span(UNTIL - length, UNTIL) for length in LENGTHS_S))
        for one in reader.series("shop")
        if one.id != leaving_out
    ]
    reader.windows(asks)
    event.remove(engine, "before_cursor_execute", note)
    assert len(sent) == 1, "all windows of all series are one statement"
    statement, parameters = sent[0]
    ask = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with reader._database.reading() as connection:
        rows = connection.exec_driver_sql(ask + statement, parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("leaving_out", [None, SERIES // 2], ids=["all", "a gap"])
def test_windows_seek_every_level_by_series_and_time(
    filled: Reader, store_url: str, leaving_out: int | None
) -> None:
    plan = plan_of_windows(filled, leaving_out=leaving_out)

    if store_url.startswith("sqlite"):
        levels = [line for line in plan.splitlines() if "tally_" in line]
        seek = re.compile(
            r"SEARCH tally_\w+ USING PRIMARY KEY \(series_id=\? AND at>\? AND at<\?\)"
        )
        assert levels
        assert [line for line in levels if not seek.search(line)] == []
    else:
        assert "Seq Scan on tally_1m" not in plan
        assert "Seq Scan on tally_15m" not in plan
        assert "Gather" not in plan, "workers take longer to start than this takes to run"
        conditions = re.findall(r"Index Cond: \((.*)\)\n?", plan)
        assert any("series_id = " in one and "at >= " in one for one in conditions)


def test_a_tick_of_one_series_touches_its_own_bins_alone(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/a.db", now=NOON) as store:
        sent: list[str] = []
        engine = store._database.engine
        listen = ("before_cursor_execute", lambda _c, _k, statement, *_: sent.append(statement))
        at = NOON + 60 * np.arange(3)
        for minute in range(3):
            fact = TallyRows(
                series(), at[minute : minute + 1], np.ones(1), np.ones(1), np.full(1, 60), NOON
            )
            if minute == 2:
                event.listen(engine, *listen)
            store.ingest("shop", Stream("x"), Batch((fact,)), (), now=NOON)
        event.remove(engine, *listen)
        rolled_up = [statement for statement in sent if "INSERT INTO tally_1" in statement]
        with store.reader._database.reading() as connection:
            plans = [
                str(row[-1])
                for statement in rolled_up
                for row in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", tuple(range(statement.count("?")))
                )
            ]

    assert len(rolled_up) == 4, "one append and three roll-ups"
    assert [plan for plan in plans if "SCAN tally" in plan] == []
