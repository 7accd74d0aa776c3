"""What stands first, and the sentence over all: names and counts, both facts apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_builders import AS_OF, a_view

from dashboard.views.headline import headline
from dashboard.views.slos.overview import by_need, needs_attention
from dashboard.views.slos.slo_view import SloView

PAGING = {"5m": "25", "1h": "23", "30m": "4", "6h": "4"}
TICKET = {"1h": "2", "2h": "4", "6h": "3", "1d": "4"}


def paging(name: str, **given: str) -> SloView:
    return a_view(name, burns=PAGING, service=name, **given)


def test_paging_comes_first_then_ticket_spent_low_unmeasured_and_healthy() -> None:
    views = [
        a_view("healthy", left="0.9"),
        a_view("unmeasured", left=None),
        a_view("low", left="0.1"),
        a_view("spent", left="-0.1"),
        a_view("ticket", left="0.5", burns=TICKET),
        a_view("paging", left="0.8", burns=PAGING),
    ]

    names = [view.name for view in by_need(views)]

    assert names == ["paging", "ticket", "spent", "low", "unmeasured", "healthy"]


def test_among_equals_the_least_budget_comes_first_then_the_name() -> None:
    views = [a_view("b", left="0.5"), a_view("c", left="0.3"), a_view("a", left="0.5")]

    assert [view.name for view in by_need(views)] == ["c", "a", "b"]


def test_the_headline_names_who_pages_and_counts_the_budgets() -> None:
    views = [
        paging("checkout", left="0.38"),
        a_view("success", left="0.12", burns=TICKET, service="payments"),
        a_view("login latency", left="-0.22"),
        a_view("mobile", left="0.21"),
        a_view("start", left=None),
        a_view("mails", left="0.61", stale=True, data_until=AS_OF - 9_000),
        a_view("search", left="0.71"),
    ]

    assert headline(views) == (
        "checkout is paging, success has a ticket; "
        "1 of 7 budgets spent, 2 below 25 %, 1 not measured, 1 frozen"
    )


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a"], "a is paging"),
        (["a", "b"], "a and b are paging"),
        (["a", "b", "c"], "a, b and 1 other are paging"),
        (["a", "b", "c", "d"], "a, b and 2 others are paging"),
    ],
)
def test_the_headline_counts_the_names_beyond_the_second(names: list[str], sentence: str) -> None:
    views = [paging(name) for name in names]

    assert headline(views) == f"{sentence}; no budget spent or low"


def test_a_state_is_told_of_the_slo_and_never_of_its_service() -> None:
    """The SLO "checkout" is quiet; what pages is another of the service "checkout"."""
    views = [
        a_view("slices", burns=PAGING, service="checkout"),
        a_view("checkout", service="checkout"),
    ]

    assert headline(views) == "slices is paging; no budget spent or low"
    assert (
        headline([a_view("slices", left="-0.2", service="checkout")])
        == "slices: its budget is spent"
    )


def test_without_anything_to_say_the_headline_says_that_all_are_healthy() -> None:
    assert headline([a_view("a"), a_view("b")]) == "all 2 budgets healthy"
    assert headline([a_view("a")]) == "1 budget, healthy"
    assert headline([]) == "no objectives yet"


def test_nothing_measured_is_never_healthy() -> None:
    views = [a_view("a", left=None, data_until=None)]

    assert headline(views) == "a: its budget is not measured"
    assert needs_attention(views[0])


def test_a_frozen_objective_needs_a_person_though_its_budget_was_fine() -> None:
    frozen = a_view("a", left="0.9", stale=True, data_until=AS_OF - 9_000)

    assert needs_attention(frozen)
    assert not needs_attention(a_view("b", left="0.9"))
    assert headline([frozen]) == "a: its budget is frozen"


def test_what_fired_when_data_ended_comes_before_what_only_froze_and_is_told_of_the_past() -> None:
    ended = AS_OF - 9_000  # 13:12 UTC
    late = {"stale": True, "data_until": ended}
    views = [
        a_view("spent", left="-0.1", **late),
        a_view("calm", left="0.9", **late),
        a_view("success", left="0.12", burns=TICKET, service="payments", **late),
        a_view("availability", left="0.41", burns=PAGING, service="checkout", **late),
    ]

    names = [view.name for view in by_need(views)]

    assert names == ["availability", "success", "spent", "calm"]
    assert headline(views) == (
        "availability was paging and success had a ticket when data ended at 13:12 UTC; all 4 frozen"
    )
    assert headline([*views, a_view("lives")]) == (
        "availability was paging and success had a ticket when data ended at 13:12 UTC; "
        "1 of 5 budgets spent, 1 below 25 %, 4 frozen"
    )


def test_what_pages_now_comes_before_what_paged_when_its_data_ended() -> None:
    held = a_view("a", left="0.1", burns=PAGING, stale=True, data_until=AS_OF - 9_000)
    views = [held, a_view("ticket", burns=TICKET), paging("z")]

    assert [view.name for view in by_need(views)] == ["z", "a", "ticket"]


def grouped(whole: SloView, **left: str) -> SloView:
    """A group by region whose members have so much left."""
    slo = replace(whole.slo, group_by=("region",))
    parts = (
        replace(
            one, slo=replace(one.slo, name=f"{slo.name}/{region}", member=(("region", region),))
        )
        for region, share in left.items()
        for one in [a_view(slo.name, left=share)]
    )
    return replace(whole, slo=slo, parts=tuple(parts))


def test_a_spent_budget_of_a_member_is_named_and_not_counted_as_one_of_an_objective() -> None:
    checkout = grouped(a_view("checkout", left="0.9"), ap="-4.61", eu="0.1", us="0.95")
    said = "spent for checkout (region ap), below 25 % for checkout (region eu)"

    assert headline([checkout]) == f"1 budget, healthy as a whole; {said}"
    assert headline([checkout, a_view("b")]) == f"all 2 budgets healthy as a whole; {said}"
    assert headline([checkout, paging("z")]) == (
        f"z is paging; no budget spent or low as a whole; {said}"
    )
    assert headline([checkout, a_view("b", left="-1")]) == f"1 of 2 budgets spent; {said}"


def test_a_member_no_worse_off_than_its_group_is_not_named_beside_it() -> None:
    low = grouped(a_view("low", left="0.2"), ap="0.1", eu="-0.1")
    spent = grouped(a_view("spent", left="-0.2"), ap="-4", eu="0.1")

    assert headline([low]) == "low: its budget is below 25 %; spent for low (region eu)"
    assert headline([spent]) == "spent: its budget is spent"


def test_members_beyond_the_second_are_counted() -> None:
    regions = {f"r{n}": f"-{n}" for n in range(1, 6)}

    assert headline([grouped(a_view("a"), **regions)]) == (
        "1 budget, healthy as a whole; spent for a (region r5), a (region r4) and 3 others"
    )
