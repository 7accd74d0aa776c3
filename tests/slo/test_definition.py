"""What the store keeps of a promise gives the same promise back, whatever it measures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

import orjson
import pytest

from slo.definition import document, promised
from slo.indicator import (
    Absent,
    Combine,
    Combined,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Op,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.spans import CalendarWindow, Period, RollingWindow
from slo.tally import Treatment

MONTH = CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin"))
PLAIN = Slo(
    "checkout", "shop", Objective.from_percent("99.95"), RollingWindow(2_592_000), "p", Uptime("up")
)
FULL = replace(
    PLAIN,
    window=MONTH,
    policy=(BurnRow(Severity.PAGE, Fraction(1, 3), 3_600, 300, 7),),
    further=(RollingWindow(604_800), CalendarWindow(Period.QUARTER, ZoneInfo("Asia/Kathmandu"))),
    group_by=("route", "code"),
    corrections=Treatment.AS_GOOD,
    min_bad_events=3,
    budget_policy="careful",
)
KINDS: tuple[Indicator, ...] = (
    Ratio("all"),
    Ratio('all{a="b"}', bad="errors", absent=Absent.ZERO),
    Latency(0.0025, samples="seconds", only_if="ok"),
    Uptime("probe", 93_600, Combine.ANY),
    Gauge("p95_seconds", Op.LTE, 0.5, percentile="p95"),
    RawRatio("ratio", is_failure=True),
    Sliced(Gauge("queue", Op.GT, 1e-9), 300, Fraction(2, 3)),
    Sliced(Ratio("all", good="fine"), 900),
    Composite(Combined.WEIGHTED_BURN, ("a", "b"), (Fraction(1, 3), Fraction(2))),
)


@pytest.mark.parametrize("indicator", KINDS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("slo", [PLAIN, FULL], ids=["plain", "full"])
def test_a_promise_that_was_kept_as_json_is_read_back_as_the_same_promise(
    slo: Slo, indicator: Indicator
) -> None:
    promise = replace(slo, indicator=indicator)

    kept = orjson.loads(orjson.dumps(document(promise)))

    assert promised(promise, kept) == promise


def test_a_promise_of_the_first_stores_keeps_the_document_that_they_have() -> None:
    rows = (BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300),)

    assert document(replace(PLAIN, policy=rows)) == {
        "service": "shop",
        "objective": "99.95",
        "window": {"kind": "30d", "zone": None},
        "source": "p",
        "indicator": {"kind": "uptime", "probe": "up", "valid_s": 300, "combine": "majority"},
        "policy": [{"severity": "page", "share": "1/50", "long_s": 3_600, "short_s": 300}],
    }


def test_who_is_told_and_what_is_told_apart_is_no_part_of_the_promise() -> None:
    told = replace(PLAIN, notify=("phone",), breakdown=("route",))

    assert document(told) == document(PLAIN)
    assert promised(told, document(PLAIN)) == told


def test_a_composite_of_the_past_has_the_members_it_had_then() -> None:
    one, two, three = (replace(PLAIN, name=name) for name in ("a", "b", "c"))
    now = Composite(Combined.WORST_MEMBER, ("a", "b", "c"))
    then = Composite(Combined.WORST_MEMBER, ("b", "a"))
    whole = replace(PLAIN, source="", indicator=now, composed=(one, two, three))

    past = promised(whole, document(replace(whole, indicator=then)))

    assert past == replace(whole, indicator=then, composed=(one, two))
    assert promised(whole, document(PLAIN)).composed == ()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"indicator": {"kind": "oracle"}}, "measures a 'oracle'"),
        ({"indicator": {"kind": "uptime", "phase": 1}}, "phase"),
        ({"window": {"kind": "fortnight", "zone": "UTC"}}, "fortnight"),
        ({"objective": "100"}, "must be below 100"),
        ({"window": {}}, "'zone'"),
    ],
)
def test_a_document_in_a_shape_that_is_not_known_is_refused_with_what_is_wrong(
    broken: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        promised(PLAIN, {**document(PLAIN), **broken})
