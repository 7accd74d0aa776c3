"""The months of composites, of members of a group, and of several objectives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from builders import NOON, QUARTER_S, series
from compliance_builders import MONTH, at, hours, months, recorded
from verdict_builders import an_slo, stored

from collectors.store.store import Store
from dashboard.shell.definitions import keep
from dashboard.views.compliance.words import block
from slo.indicator import Combined, Composite, Latency, Ratio
from slo.objective import Slo


def composite(method: Combined, *members: Slo) -> Slo:
    whole = an_slo(
        "99", name="shop", indicator=Composite(method, tuple(one.name for one in members))
    )
    return replace(whole, source="", composed=members)


def test_a_composite_keeps_each_month_as_its_worst_member_of_that_month_did(tmp_path: Path) -> None:
    """The cart misses January, the payment February; each is held to the composite's 99 %."""
    january, february, march = (at(f"2026-0{n}-01") for n in (1, 2, 3))
    cart, pay = series("cart", bin_s=QUARTER_S), series("pay", bin_s=QUARTER_S)
    url = stored(
        tmp_path,
        *(
            replace(hours(*stretch, bad=bad), series=key)
            for key, stretch, bad in (
                (cart, (january, february), 30),
                (cart, (february, march), 1),
                (pay, (january, february), 5),
                (pay, (february, march), 20),
            )
        ),
    )
    members = (
        an_slo("90", name="cart", indicator=Ratio("cart")),
        an_slo("90", name="pay", indicator=Ratio("pay")),
    )

    (worst,) = recorded(url, composite(Combined.WORST_MEMBER, *members), as_of=march)
    (summed,) = recorded(url, composite(Combined.SUM_OF_EVENTS, *members), as_of=march)

    rows = block(worst, MONTH).rows
    assert [(row[0].words, row[1].note) for row in rows] == [
        ("Feb 2026", "pay the least"),
        ("Jan 2026", "cart the least"),
    ]
    assert [one.compliance.remaining for one in worst.periods] == [-1, -2]
    assert [one.compliance.remaining for one in summed.periods] == [
        1 - Fraction(21, 20),
        1 - Fraction(35, 20),
    ]


def test_the_months_of_a_member_are_judged_by_what_its_group_was_promised(tmp_path: Path) -> None:
    january, february, march = (at(f"2026-0{n}-01") for n in (1, 2, 3))
    pay = replace(hours(january, march, bad=5), series=series(bin_s=QUARTER_S, route="/pay"))
    cart = replace(hours(january, march, bad=0), series=series(bin_s=QUARTER_S, route="/cart"))
    url = stored(tmp_path, pay, cart)
    group = replace(an_slo("99.9"), group_by=("route",))
    with Store.open(url, now=NOON) as store:
        keep(store, [replace(group, objective=an_slo("99").objective)], january)
        keep(store, [replace(group, effective=february)], february - 60)
    member = replace(group, name="checkout//pay", member=(("route", "/pay"),))

    found = months(url, member, as_of=march)

    assert found["2026-01"].compliance.remaining == Fraction(1, 2)
    assert found["2026-02"].compliance.remaining == -4


def test_the_months_of_several_objectives_are_each_ones_own(tmp_path: Path) -> None:
    january, february = at("2026-01-01"), at("2026-02-01")
    slow = replace(hours(january, february, bad=900), series=series("seconds", rule="<=0.5"))
    url = stored(tmp_path, slow, hours(january, february, bad=0))
    latency = an_slo("99", name="latency", indicator=Latency(0.5, samples="seconds"))

    first, second = recorded(url, an_slo("99"), latency, as_of=february)

    assert first.periods[0].compliance.sli == 1
    assert second.periods[0].compliance.sli == Fraction(1, 10)
