"""The kinds of rows that files can hold: each read by a piece of its own, alone."""

from __future__ import annotations

import pytest
from file_builders import EVER, table

from collectors.files.identity import Key, Owner, SeriesBook
from collectors.files.kinds import KINDS
from collectors.files.plan import Holds, Plan
from collectors.files.remarks import Remarks
from collectors.files.rows import StateAt, ValueAt
from collectors.files.sheet import Sheet
from collectors.files.when import When
from slo.errors import InputError
from slo.facts import Status

T0 = 1_767_268_800


def sheet(plan: Plan) -> Sheet:
    """What the reader of a file with these columns is made from."""
    remarks = Remarks()
    when = When.of(plan, ["at"], EVER, remarks)
    owner = Owner(plan.column("service"), plan.service, plan.labels)
    return Sheet(plan, when, owner, Key(plan.key), SeriesBook("rows.csv"), remarks)


def test_every_kind_of_row_that_can_be_configured_has_a_reader() -> None:
    assert set(KINDS) == set(Holds)


def test_a_reader_needs_nothing_but_the_cells_of_one_row() -> None:
    probes = table(columns={"latency": "ms"}, unit="ms", service="shop").plan("files")

    state, latency = KINDS[Holds.PROBES](sheet(probes)).parts(
        {"at": T0, "status": "up", "ms": 467.0}
    )

    assert isinstance(state, StateAt)
    assert isinstance(latency, ValueAt)
    assert (state.at, state.state) == (T0, Status.UP)
    assert (latency.series.name, latency.value) == ("probe_latency_seconds", 0.467)


def test_a_series_is_made_once_and_the_same_for_every_row_of_it() -> None:
    gauges = KINDS[Holds.GAUGES](sheet(table(holds="gauges", service="shop").plan("files")))

    (first,), (second,) = (gauges.parts({"at": T0 + i, "value": i}) for i in range(2))

    assert isinstance(first, ValueAt)
    assert isinstance(second, ValueAt)
    assert first.series is second.series


def test_a_book_of_series_names_the_file_that_makes_too_many() -> None:
    gauges = KINDS[Holds.GAUGES](sheet(table(holds="gauges").plan("files")))
    for i in range(10_000):
        gauges.parts({"at": T0, "value": 1, "service": f"s{i}"})

    with pytest.raises(InputError, match="more than 10,000 series") as caught:
        gauges.parts({"at": T0, "value": 1, "service": "one more"})

    assert caught.value.where == "rows.csv"
