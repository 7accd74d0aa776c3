"""Every annotation of burnline's own is written by someone and read by someone."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from builders import DAY_S

from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger, Origin, Owner
from slo.formats.openslo.words import Own
from slo.indicator import Combine, Combined, Composite, Gauge, Latency, Op, Ratio, Uptime
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.spans import RollingWindow
from slo.tally import Treatment

TARGET, MONTH = Objective.from_percent(99), RollingWindow(30 * DAY_S)
OWNER = Owner(
    name="Web Shop",
    team="payments",
    owner="Ann",
    notify=("pager",),
    runbook="https://runs/",
    dashboard="https://boards/",
    logs="https://logs/",
)
ROWS = (BurnRow(Severity.PAGE, Fraction(1, 70), 3_600, 120, 3),)
WORDY = Slo(
    "Checkout EU",
    "Web Shop",
    TARGET,
    MONTH,
    "p",
    Ratio("r", bad="e"),
    policy=ROWS,
    further=(RollingWindow(7 * DAY_S),),
    group_by=("region",),
    breakdown=("code",),
    corrections=Treatment.AS_GOOD,
    min_bad_events=3,
    notify=("pager", "mail"),
    budget_policy="freeze",
    effective=1_700_000_000,
)
PROBE = Slo("probe", "", TARGET, MONTH, "p", Uptime("up", 600, Combine.ALL))
WAIT = Slo("wait", "", TARGET, MONTH, "p", Latency(0.5, samples="seconds", only_if="up"))
LAG = Slo("lag", "", TARGET, MONTH, "p", Gauge("lag", Op.LTE, 0.5, percentile="p95"))
EACH = Ratio("r", bad="e"), Ratio("s", bad="f")
MEMBERS = tuple(
    Slo(name, "", TARGET, MONTH, "p", one, group_by=("region",))
    for name, one in zip(("member-a", "member-b"), EACH, strict=True)
)
THIRDS = Composite(
    Combined.WEIGHTED_BURN, ("member-a", "member-b"), (Fraction(1, 3), Fraction(2, 3))
)
WHOLE = Slo("whole", "", TARGET, MONTH, "", THIRDS, composed=MEMBERS)
ALONE = (WORDY, PROBE, WAIT, LAG, WHOLE)
"""The members are written within the composite alone: all that is known of them stands there."""


@cache
def written() -> str:
    slos = tuple(Carried(slo=one) for one in ALONE)
    sources = (Origin(name="p", kind="prometheus"),)
    write = registry.load("openslo").write
    assert write is not None
    return write(Definitions(slos=slos, services=(OWNER,), sources=sources), Ledger())


@cache
def read(text: str) -> tuple[dict[str, Slo], tuple[Owner, ...]]:
    held = registry.read({"a.yaml": text}, Ledger())
    return {one.slo.name: one.slo for one in held.slos}, held.services


def test_what_stands_in_annotations_of_burnlines_own_comes_back_as_it_was() -> None:
    found, owners = read(written())

    assert found == {one.name: one for one in (*ALONE, *MEMBERS)}
    assert owners == (OWNER,)


@pytest.mark.parametrize("one", Own)
def test_each_annotation_of_burnlines_own_is_written_and_without_it_something_is_lost(
    one: Own,
) -> None:
    """Written under a prefix of others it is theirs: then nobody here reads it."""
    text, key = written(), f" burnline/{one}: "

    theirs = text.replace(key, f" others/{one}: ")

    assert key in text
    assert read(theirs) != read(text)


def test_an_annotation_of_burnlines_own_that_there_is_not_says_nothing() -> None:
    text = written()

    more = text.replace(" burnline/team: ", " burnline/teem: nobody\n    burnline/team: ")

    assert more != text
    assert read(more) == read(text)
