"""Several SLOs as one: the worst member, or the sum of events, over one window for all."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import NOON, minutes, series
from verdict_builders import DAYS_30, Shop, an_slo, judged, stored

from collectors.store.corrections import target_of
from collectors.store.store import Reader, Store
from dashboard.views.apart_words import members_block
from dashboard.views.compliance.windows import windows_block
from dashboard.views.corrections.words import both_words
from dashboard.views.counted.figures import evaluate
from dashboard.views.machines import check, explain
from dashboard.views.slos.reasons import MADE_UP
from dashboard.views.slos.slo_view import SloView
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import TallyRows
from slo.indicator import Combined, Composite, Ratio
from slo.judgement import Check, Level, Now
from slo.objective import Objective, Slo
from slo.spans import RollingWindow, Span

HOURS = 6 * 60


def requests(of: str, *, bad: int, total: int = 1000, until: int = NOON) -> TallyRows:
    """Six hours of equal minutes of one service."""
    key = series(of)
    return minutes([total - bad] * HOURS, [total] * HOURS, since=until - 60 * HOURS, key=key)


def member(of: str, percent: str = "90") -> Slo:
    return an_slo(percent, name=of, indicator=Ratio(total=of), window=RollingWindow(86_400))


def composite(method: Combined, *members: Slo) -> Slo:
    return Slo(
        name="shop",
        service="shop",
        objective=Objective.from_percent("99"),
        window=DAYS_30,
        source="",
        indicator=Composite(method, tuple(one.name for one in members)),
        composed=members,
    )


WORST = composite(Combined.WORST_MEMBER, member("login"), member("pay"), member("search"))
SUM = composite(Combined.SUM_OF_EVENTS, member("login"), member("pay"))


def one(url: str, slo: Slo, *, as_of: int = NOON) -> SloView:
    (view,) = judged(url, slo, as_of=as_of)
    return view


def a_shop(folder: Path, **bad: int) -> str:
    return stored(folder, *(requests(of, bad=count) for of, count in bad.items()))


def test_a_composite_of_members_without_data_is_not_measured(tmp_path: Path) -> None:
    for slo in (WORST, SUM):
        view = one(stored(tmp_path), slo)

        assert view.tally is None
        assert view.judgement.now is Now.FROZEN
        assert check.verdict([view]) is Check.UNKNOWN


def test_the_worst_member_decides_by_the_composites_own_objective_and_window(
    tmp_path: Path,
) -> None:
    view = one(a_shop(tmp_path, login=1, pay=20, search=4), WORST)

    assert view.name == "shop"
    assert view.sli == Fraction(98, 100)
    assert view.budget_remaining == 1 - Fraction(2, 1)
    assert view.window_kind == "30d"
    assert view.promise.endswith("worst by pay; also of login, search")
    assert [one.objective_percent for one in view.parts] == [99, 99, 99]


def test_in_each_of_several_windows_the_worst_is_the_one_that_is_worst_in_it(
    tmp_path: Path,
) -> None:
    url = a_shop(tmp_path, login=1, pay=20, search=4)
    earlier = NOON - 3 * 86_400
    with_more = stored(tmp_path, requests("search", bad=100, until=earlier), url=url)
    slo = replace(WORST, window=RollingWindow(86_400), further=(RollingWindow(7 * 86_400),))

    view = one(with_more, slo)
    day, week = view.windows

    # Within the day pay lost 20 of 1,000; over the week search lost 100 and 4 of 2,000.
    assert (day.sli, week.sli) == (Fraction(98, 100), 1 - Fraction(104, 2_000))
    assert week.budget_remaining == 1 - Fraction(52, 10)
    assert week.window == RollingWindow(7 * 86_400)
    in_windows = [row[0].note.rpartition(", ")[2] for row in windows_block(view).rows]
    assert in_windows == ["worst by pay", "worst by search"]


def test_the_worst_of_figures_that_are_made_up_says_so_once_and_of_no_member(
    tmp_path: Path,
) -> None:
    url, made_up = a_shop(tmp_path, login=1, pay=20, search=4), {"shop": Shop(is_generated=True)}

    with Reader.open(url) as reader:
        (view,) = evaluate([WORST], reader, as_of=NOON, sources=made_up)

    assert [said for said in view.reasons if MADE_UP in said] == [MADE_UP]


def test_members_are_said_to_be_held_to_the_composite_and_not_to_what_they_promise(
    tmp_path: Path,
) -> None:
    (said,) = members_block(one(a_shop(tmp_path, login=1, pay=20, search=4), WORST)).words

    assert said.endswith(" each is held to 99 % here, whatever it promises by itself.")


def test_the_worst_member_is_another_as_soon_as_another_is_worse(tmp_path: Path) -> None:
    url = a_shop(tmp_path, login=1, pay=20, search=4)
    with_more = stored(tmp_path, requests("search", bad=900, until=NOON - 86_400), url=url)

    assert one(with_more, WORST).promise.endswith("worst by search; also of login, pay")


def test_now_is_of_the_member_that_fires_and_budget_of_the_one_with_the_least(
    tmp_path: Path,
) -> None:
    spent_before = requests("login", bad=1000, until=NOON - 5 * 86_400)
    url = stored(
        tmp_path,
        spent_before,
        requests("login", bad=0),
        requests("pay", bad=300, total=1_000),
        requests("search", bad=0),
        requests("pay", bad=0, total=1_000_000, until=NOON - 86_400),
    )

    view = one(url, WORST)

    assert view.promise.endswith("worst by login; also of pay, search")
    assert view.judgement.level is Level.SPENT
    assert view.judgement.now is Now.PAGING
    assert view.reasons[0].startswith("pay: page-level burn")
    assert view.alarming.name == "shop"
    assert view.alarming.series_ids != view.series_ids


def test_a_long_window_of_one_and_a_short_one_of_another_make_nothing_fire(
    tmp_path: Path,
) -> None:
    before = minutes([0] * 30, [1000] * 30, since=NOON - 3_600, key=series("login"))
    lately = minutes([1000] * 30, [1000] * 30, since=NOON - 1_800, key=series("login"))
    calm = minutes([1000] * 55, [1000] * 55, since=NOON - 3_600, key=series("pay"))
    burst = minutes([0] * 1 + [1000] * 4, [1000] * 5, since=NOON - 300, key=series("pay"))
    pair = composite(Combined.WORST_MEMBER, member("login"), member("pay"))

    view = one(stored(tmp_path, before, lately, calm, burst), pair)

    login, pay = view.parts
    assert login.burn_rate("1h") == 50
    assert login.burn_rate("5m") == 0
    assert pay.burn_rate("5m") == 20
    assert not any(fired.row.long_s == 3_600 for fired in view.firing)


def test_a_composite_is_frozen_while_one_of_its_members_cannot_be_measured(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, requests("login", bad=0), requests("pay", bad=0, until=NOON - 7_200))

    for slo in (SUM, composite(Combined.WORST_MEMBER, *SUM.composed)):
        view = one(url, slo)

        assert view.judgement.now is Now.FROZEN
        assert view.stale
        assert any(said.startswith("pay: no data since") for said in view.reasons)
        assert check.verdict([view]) is Check.UNKNOWN


def test_what_pages_at_one_member_pages_while_another_cannot_be_measured(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, requests("login", bad=500), requests("pay", bad=0, until=NOON - 7_200))

    view = one(url, composite(Combined.WORST_MEMBER, *SUM.composed))

    assert check.verdict([view]) is Check.CRITICAL


def test_the_sum_of_events_weighs_each_member_by_its_traffic(tmp_path: Path) -> None:
    url = stored(tmp_path, requests("login", bad=10, total=100), requests("pay", bad=0, total=900))

    view = one(url, SUM)

    assert view.tally is not None
    assert (view.tally.bad, view.tally.total) == (10 * HOURS, 1_000 * HOURS)
    assert view.budget_remaining == 0
    assert view.judgement.level is Level.SPENT


def test_a_sum_does_not_fire_for_a_member_whose_events_are_few(tmp_path: Path) -> None:
    facts = requests("login", bad=50, total=100), requests("pay", bad=0, total=100_000)

    view = one(stored(tmp_path, *facts), SUM)

    assert view.parts[0].judgement.now is Now.PAGING
    assert view.judgement.now is Now.QUIET


def test_a_series_that_two_members_read_counts_once(tmp_path: Path) -> None:
    all_ = an_slo(name="all", indicator=Ratio(total="login"))
    some = an_slo(name="some", indicator=Ratio(total='login{service!="x"}'))

    view = one(a_shop(tmp_path, login=10), composite(Combined.SUM_OF_EVENTS, all_, some))

    assert view.tally is not None
    assert view.tally.total == 1_000 * HOURS


@pytest.mark.parametrize("slo", [WORST, SUM], ids=lambda slo: slo.indicator.method.value)
def test_the_members_of_a_composite_are_shown_and_lead_to_their_own_pages(
    slo: Slo, tmp_path: Path
) -> None:
    view = one(a_shop(tmp_path, login=1, pay=20, search=4), slo)

    block = members_block(view)

    assert block.rows[0][0].words == "pay"
    assert block.rows[0][0].address == "/objective?id=pay"
    assert len(block.rows) == len(slo.composed)
    (entry,) = check.document([view], NOON)["slos"]  # type: ignore[misc]
    assert [one["name"] for one in entry["members"]] == [one.name for one in slo.composed]


def test_as_measured_the_worst_is_the_member_that_was_the_worst_before_corrections(
    tmp_path: Path,
) -> None:
    slo, half = composite(Combined.WORST_MEMBER, member("login"), member("pay")), HOURS // 2
    since = NOON - 60 * HOURS
    good = [980] * half + [1_000] * half
    login = minutes(good, [1_000] * HOURS, since=since, key=series("login"))
    url = stored(tmp_path, login, requests("pay", bad=8))
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("login",)),
        when=Span(since, since + 60 * half),
        reason="a drill",
        author="Ada",
    )
    before, held = one(url, slo), slo.composed[0]
    with Store.open(url, now=NOON) as store:
        target = target_of(held.source, held.indicator)
        store.corrections.put(drill, (target,), actor="x", now=NOON)

    after = one(url, slo)

    # Of a budget of 1 % the login took all, 1 % of its requests, and pay four fifths.
    assert (before.raw_remaining, before.budget_remaining) == (0, 0)
    assert (after.raw_remaining, after.budget_remaining) == (0, Fraction(1, 5))
    assert check.entry(after)["as_measured"]["sli"] == 0.99  # type: ignore[index]
    (measured,) = (text for name, text in explain.steps(after) if name == "as measured")
    assert measured.startswith("login, the worst then: good / total")
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        shown = [
            database.execute(explain.document(part)["sql"]).fetchone()  # type: ignore[arg-type]
            for part in (after, *after.parts)
        ]
    assert shown == [
        (one.tally.good, one.tally.total, one.tally.observed_s)
        for one in (after, *after.parts)
        if one.tally
    ]
    said = "As measured, 0 % of the budget is left; with corrections, 20 %: 3 h with 3,600 bad"
    assert both_words(after).startswith(said)
