"""What judging asks is SQL text, and a file answers it without SQLAlchemy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from builders import NOON, minutes, series
from sqlalchemy import text

from collectors.contract import Batch, Stream
from collectors.store.inbox import put
from collectors.store.reader import Reader
from collectors.store.store import Store
from collectors.store.windows import WindowAsk
from slo.errors import StoreError
from slo.facts import SeriesKind
from slo.spans import Span
from slo.tally import Tally

ROOT = Path(__file__).resolve().parents[3]
HOUR = Span(NOON, NOON + 3_600)
JUDGE = """
import sys
from collectors.store.reader import Reader
from collectors.store.windows import WindowAsk
from slo.spans import Span
with Reader.open(sys.argv[1]) as reader:
    ids = tuple(one.id for one in reader.series())
    assert reader.windows([WindowAsk(ids, (Span(0, 2**40),))])[0][0] is not None
    assert reader.changed_definitions()["checkout"][1].document == {"objective": "99.5"}
assert "sqlalchemy" not in sys.modules
"""


def fill(store: Store) -> None:
    """Two series, one of them with seconds that are partly known, and a promise that changed."""
    for name, partial in (("cart", False), ("checkout", True)):
        fact = minutes([9] * 3, [10] * 3, key=series("requests", service=name), partial=partial)
        store.ingest("shop", Stream(name), Batch((fact,)), (), now=NOON)
    for now, objective in ((NOON, "99.9"), (NOON + 60, "99.5")):
        store.define("checkout", {"objective": objective}, now=now)


def told(reader: Reader) -> list[Any]:
    """All that judging asks: of each source and kind, of each series and of both together."""
    found = [reader.series(*asked) for asked in ((), ("shop",), ("shop", SeriesKind.TALLY), ("x",))]
    ids = tuple(one.id for one in found[0])
    asks = [WindowAsk(some, (HOUR, Span(0, NOON))) for some in (ids[:1], ids[1:], ids, (9_999,))]
    return [found, reader.windows(asks), reader.changed_definitions()]


def test_a_file_answers_alike_before_and_after_sqlalchemy_reads_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with Store.open(url, now=NOON) as store:
        fill(store)

    with Reader.open(url) as reader:
        before = told(reader)
        with reader._database.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM series")).scalar() == 2
        after = told(reader)

    assert before == after
    assert before[1][2][0] == Tally(54, 60, 360, partial_s=180)


def test_both_engines_answer_alike_what_judging_asks(store: Store, tmp_path: Path) -> None:
    fill(store)
    with Store.open(f"sqlite:///{tmp_path}/beside.db", now=NOON) as beside:
        fill(beside)

        assert told(store.reader) == told(beside.reader)


def test_judging_a_file_never_loads_sqlalchemy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with Store.open(url, now=NOON) as store:
        fill(store)

    subprocess.run([sys.executable, "-c", JUDGE, url], cwd=ROOT, check=True)


def test_a_value_that_is_asked_for_is_never_read_as_sql(store: Store) -> None:
    fill(store)

    assert store.reader.series("shop' OR 1=1 --") == ()
    assert store.reader.series(":kind") == ()


@pytest.mark.parametrize("lost", ["DROP TABLE burnline_store", "DELETE FROM burnline_store"])
def test_a_database_without_an_identity_is_refused_before_anything_is_asked(
    lost: str, store_url: str
) -> None:
    with Store.open(store_url, now=NOON) as store, store._database.writing() as connection:
        connection.execute(text(lost))

    said = "not a burnline store: its identity is missing"
    with pytest.raises(StoreError, match=said):
        Reader.open(store_url)
    with pytest.raises(StoreError, match=said):
        put(store_url, "note", {}, delivery_id="1", actor="Ada", now=NOON)
    with pytest.raises(StoreError, match="not a burnline store"):
        Store.open(store_url, now=NOON)
