"""A composite of OpenSLO is one here: Occurrences weigh burns, Timeslices are bad where any is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from promise_strategies import bases, slos, windows

from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger, Origin, Weight
from slo.indicator import Combined, Composite, Indicator, Ratio, RawRatio, Sliced, Uptime
from slo.objective import Objective, Slo
from slo.spans import RollingWindow

MONTH = RollingWindow(30 * 86_400)
SOURCES = (Origin(name="p", kind="prometheus"), Origin(name="q", kind="prometheus"))
WEIGHTS = st.integers(1, 9_999).map(lambda parts: Fraction(parts, 100))


def promise(name: str, indicator: Indicator, percent: str = "99", **more: object) -> Slo:
    objective = Objective.from_percent(percent)
    return Slo(name, "", objective, MONTH, "p", indicator, **more)  # type: ignore[arg-type]


def made_of(method: Combined, *members: Slo, weights: tuple[int, ...] = ()) -> Slo:
    names, shares = tuple(one.name for one in members), tuple(map(Fraction, weights))
    indicator = Composite(method, names, shares)
    return replace(promise("whole", indicator, "99.5"), source="", composed=members)


def written(*promised: Slo) -> tuple[str, list[str]]:
    ledger, write = Ledger(), registry.load("openslo").write
    assert write is not None
    held = Definitions(slos=tuple(Carried(slo=one) for one in promised), sources=SOURCES)
    return write(held, ledger), [str(one) for one in ledger.findings]


def read(text: str) -> tuple[tuple[Slo, ...], list[str]]:
    ledger = Ledger()
    held = registry.read({"a.yaml": text}, ledger)
    told = [str(one) for one in ledger.findings if one.weight is not Weight.NOTED]
    return tuple(each.slo for each in held.slos), told


@st.composite
def composites(draw: st.DrawFn) -> tuple[Slo, ...]:
    """Members over windows and objectives of their own, and behind them what is made of them."""
    method = draw(st.sampled_from([Combined.WEIGHTED_BURN, Combined.UNION_OF_BAD_SLICES]))
    is_union = method is Combined.UNION_OF_BAD_SLICES
    count = draw(st.integers(2, 3))
    members = []
    for number in range(count):
        base = draw(bases())
        slices = (draw(st.sampled_from([60, 900])), Fraction(draw(st.integers(1, 100)), 100))
        indicator = Sliced(base, *slices) if is_union else base
        window, source = draw(windows()), draw(st.sampled_from(["p", "q"]))
        member = promise(f"Member {number}", indicator)
        members.append(replace(member, window=window, source=source))
    weights = () if is_union else tuple(draw(WEIGHTS) for _ in members)
    names = tuple(one.name for one in members)
    promised = replace(
        draw(slos()),
        name="The whole",
        source="",
        indicator=Composite(method, names, weights),
        group_by=(),
        breakdown=(),
        policy=None,
        composed=tuple(members),
    )
    return (*members, promised)


@settings(max_examples=40)
@given(composites())
def test_a_composite_comes_back_from_openslo_with_its_members_as_they_were(
    promised: tuple[Slo, ...],
) -> None:
    text, told = written(*promised)

    assert told == []
    assert read(text) == (promised, [])


@settings(max_examples=25)
@given(composites())
def test_alone_a_composite_brings_what_its_members_measure(promised: tuple[Slo, ...]) -> None:
    *members, whole = promised

    text, (told,) = written(whole)
    (*parts, found), left = read(text)

    assert told.startswith('noted: slo "The whole": "Member 0", "Member 1"')
    assert left == []
    assert found == replace(whole, composed=tuple(parts))
    assert [(one.name, one.indicator, one.source) for one in parts] == [
        (one.name, one.indicator, one.source) for one in members
    ]


def test_the_weights_that_are_written_are_shares_that_sum_to_one() -> None:
    """The burn of each times its weight burns the whole, whether or not a reader divides by their sum."""
    a, b = promise("a", Ratio("r", bad="e")), promise("b", Ratio("s", bad="f"))

    text, _ = written(made_of(Combined.WEIGHTED_BURN, a, b, weights=(3, 1)))

    (document,) = [one for one in yaml.safe_load_all(text) if one["kind"] == "SLO"]
    spec = document["spec"]
    assert "indicator" not in spec
    assert spec["budgetingMethod"] == "Occurrences"
    assert [(one["compositeWeight"], one["targetPercent"]) for one in spec["objectives"]] == [
        (0.75, 99.5),
        (0.25, 99.5),
    ]


def test_a_member_that_is_not_sliced_is_bad_in_each_minute_that_is_not_wholly_good() -> None:
    union = made_of(
        Combined.UNION_OF_BAD_SLICES,
        promise("a", Uptime("up")),
        promise("b", Sliced(Ratio("r", bad="e"), 300, Fraction(95, 100))),
    )

    text, _ = written(union)

    (document,) = [one for one in yaml.safe_load_all(text) if one["kind"] == "SLO"]
    slices = [
        (one["timeSliceTarget"], one["timeSliceWindow"]) for one in document["spec"]["objectives"]
    ]
    assert slices == [(1, "1m"), (0.95, "5m")]
    (first, _, _), _ = read(text)
    assert first.indicator == Sliced(Uptime("up"), 60, Fraction(1))


BURNS = Combined.WEIGHTED_BURN
PLAIN, SLICED = promise("a", Ratio("r", bad="e")), promise("b", Sliced(Uptime("up"), 60, None))


@pytest.mark.parametrize(
    ("slo", "said"),
    [
        (made_of(Combined.WORST_MEMBER, PLAIN, SLICED), "of composites OpenSLO v1 has the weighted"),
        (made_of(Combined.SUM_OF_EVENTS, PLAIN, SLICED), "union of bad slices, not sum-of-events"),
        (made_of(BURNS, PLAIN, SLICED, weights=(1, 1)), '"b": it is made of slices'),
        (made_of(BURNS, PLAIN, replace(made_of(BURNS, PLAIN, weights=(1,)), name="c"),
                 weights=(1, 1)), '"c": an objective of OpenSLO has one indicator'),
        (made_of(Combined.UNION_OF_BAD_SLICES, SLICED, promise("c", RawRatio("g"))),
         '"b": it has no slices that are bad or not'),
    ],
)  # fmt: skip
def test_a_composite_that_openslo_cannot_say_is_refused_with_what_stands_in_its_way(
    slo: Slo, said: str
) -> None:
    text, (refused, *more) = written(slo)

    assert "kind: SLO" not in text
    assert refused.startswith('refused: slo "whole": ')
    assert said in refused
    assert more == []


def objective(title: str, metric: str, rest: str = "target: 0.99") -> str:
    query = "{metricSource: {type: Prometheus, spec: {query: 'sum(%s)'}}}"
    ratio = f"{{good: {query % f'{metric}_good'}, total: {query % metric}}}"
    spec = f"{{metadata: {{name: i}}, spec: {{ratioMetric: {ratio}}}}}"
    return f"  - {{displayName: {title}, {rest}, indicator: {spec}}}\n"


def document(*objectives: str, method: str = "Occurrences", more: str = "") -> str:
    return (
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: shop}\nspec:\n"
        f"  service: s\n  budgetingMethod: {method}\n{more}"
        "  timeWindow: [{duration: 28d, isRolling: true}]\n"
        f"  objectives:\n{''.join(objectives)}"
    )


def test_a_composite_of_another_tool_becomes_its_objectives_and_what_weighs_their_burns() -> None:
    heavy = objective("pay", "s", "target: 0.99, compositeWeight: 2.5")

    (one, two, whole), told = read(document(objective("browse", "r"), heavy))

    assert told == []
    assert [one.name, two.name] == ["shop-browse", "shop-pay"]
    assert [one.indicator, two.indicator] == [Ratio("r", good="r_good"), Ratio("s", good="s_good")]
    assert whole.indicator == Composite(
        BURNS, ("shop-browse", "shop-pay"), (Fraction(1), Fraction(5, 2))
    )
    assert (whole.name, whole.objective.percent, whole.composed) == ("shop", 99, (one, two))


def test_what_is_said_of_a_composite_is_said_of_its_weights_and_its_members_too() -> None:
    ledger = Ledger()

    registry.read({"a.yaml": document(objective("a", "r"), objective("b", "s"))}, ledger)

    assert {one.what for one in ledger.findings} == {
        'it becomes composite = "weighted-burn"',
        "the weights sum to 2; each counts by its share of them",
        'it becomes the SLO "shop-a", which alerts by the default rows',
        'it becomes the SLO "shop-b", which alerts by the default rows',
    }


SLICES = "target: 0.99, timeSliceWindow: 5m"
ALERTS = "  alertPolicies: [{alertPolicyRef: x}]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (document(objective("a", "r", SLICES), objective("b", "s", SLICES), more=ALERTS,
                  method="RatioTimeslices"), "a composite of RatioTimeslices has no method here"),
        (document(objective("a", "r"), objective("b", "s", "target: 0.999"), more=ALERTS),
         "a composite has one objective here, and these have 99, 99.9 %; they stay"),
    ],
)  # fmt: skip
def test_objectives_that_make_nothing_together_here_stay_and_the_reason_is_told(
    text: str, said: str
) -> None:
    found, (left, alerts) = read(text)

    assert [one.name for one in found] == ["shop-a", "shop-b"]
    assert "left out: " in left
    assert said in left
    assert "left out: they are those of the composite" in alerts


TWO = (objective("a", "r"), objective("b", "s"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (document(*TWO, more="  indicatorRef: x\n"), "stands at the SLO, or at each objective"),
        (document(TWO[0], "  - {target: 0.99}\n"), "write indicator or indicatorRef, one of them"),
        (document(TWO[0], "  - {target: 0.99, indicatorRef: x}\n"), 'no SLI is called "x"'),
        (document(TWO[0], TWO[0]), '"shop-a" is the name of another SLO; give'),
        (document(TWO[0], objective("b", "s", "target: 0.9, compositeWeight: 0")), "be above 0"),
        (document(*TWO, method="Timeslices"), "timeSliceWindow is missing"),
    ],
)
def test_a_composite_that_is_wrong_is_refused_whole(text: str, said: str) -> None:
    found, told = read(text)

    assert found == ()
    assert any(said in one for one in told)


def test_an_objective_that_is_said_to_be_an_slo_measures_what_that_one_does() -> None:
    a, b = promise("a", Ratio("r", bad="e")), promise("b", Ratio("s", bad="f"))
    text, _ = written(a, b, made_of(BURNS, a, b, weights=(1, 1)))
    at = text.rindex("sum(f)")

    found, told = read(f"{text[:at]}sum(x){text[at + 6 :]}")

    assert found == (a, b)
    assert any('"b" is an SLO that measures something else' in one for one in told)


def test_a_single_objective_with_an_indicator_of_its_own_is_a_plain_slo() -> None:
    (found,), told = read(document(objective("a", "r", "target: 0.99, compositeWeight: 2")))

    assert (found.name, found.indicator) == ("shop", Ratio("r", good="r_good"))
    assert told == []


@pytest.mark.parametrize("weight", ["1e999999999", "1/0", "-1", "0"])
def test_a_weight_in_an_annotation_is_a_number_above_0_or_refused_at_once(weight: str) -> None:
    a, b = promise("a", Ratio("r", bad="e")), promise("b", Ratio("s", bad="f"))
    text, _ = written(made_of(BURNS, a, b, weights=(3, 1)))

    found, told = read(text.replace("weight: '3'", f"weight: '{weight}'"))

    assert found == ()
    assert len(told) == 1
