"""Several SLOs by weight: the burn of each member times its share of the weights."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import NOON, minutes, series
from verdict_builders import DAYS_30, an_slo, judged, stored

from collectors.store.corrections import target_of
from collectors.store.store import Store
from dashboard.views.apart_words import members_block
from dashboard.views.machines import check, explain
from dashboard.views.slos.slo_view import SloView
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import TallyRows
from slo.indicator import Combined, Composite, Ratio, Uptime
from slo.judgement import Check, Level, Now
from slo.objective import Objective, Slo
from slo.rules import tally_pick
from slo.spans import RollingWindow, Span

HOURS = 6 * 60


def requests(of: str, *, bad: int, total: int = 1000, until: int = NOON) -> TallyRows:
    """Six hours of equal minutes of one service."""
    since = until - 60 * HOURS
    return minutes([total - bad] * HOURS, [total] * HOURS, since=since, key=series(of))


def member(of: str) -> Slo:
    """A member with an objective and a window that play no part."""
    return an_slo("50", name=of, indicator=Ratio(total=of), window=RollingWindow(86_400))


def weighed(percent: str, **weights: int) -> Slo:
    members = tuple(map(member, weights))
    method = Combined.WEIGHTED_BURN
    made = Composite(method, tuple(weights), tuple(map(Fraction, weights.values())))
    objective = Objective.from_percent(percent)
    return Slo("shop", "shop", objective, DAYS_30, "", made, composed=members)


def one(url: str, slo: Slo, *, as_of: int = NOON) -> SloView:
    (view,) = judged(url, slo, as_of=as_of)
    return view


PAIR = weighed("99", login=3, pay=1)


def test_weighed_members_of_which_one_was_never_measured_are_not_measured(tmp_path: Path) -> None:
    view = one(stored(tmp_path, requests("login", bad=500)), PAIR)

    assert view.tally is None
    assert view.judgement.now is Now.FROZEN
    assert view.judgement.level is Level.UNKNOWN
    assert check.verdict([view]) is Check.UNKNOWN


def test_weighed_members_are_frozen_while_one_of_them_is_late(tmp_path: Path) -> None:
    url = stored(tmp_path, requests("login", bad=500), requests("pay", bad=0, until=NOON - 7_200))

    view = one(url, PAIR)

    assert view.judgement.now is Now.FROZEN
    assert any(said.startswith("pay: no data since") for said in view.reasons)


def test_the_burn_is_that_of_each_member_times_its_share_whatever_their_traffic(
    tmp_path: Path,
) -> None:
    facts = requests("login", bad=4), requests("pay", bad=20_000, total=1_000_000)

    view = one(stored(tmp_path, *facts), PAIR)

    # Of a budget of 1 % login burns at 0.4 and pay at 2: 3/4 x 0.4 + 1/4 x 2.
    assert [part.burn_rate("1h") for part in view.parts] == [Fraction(2, 5), 2]
    assert view.burn_rate("1h") == Fraction(4, 5)
    assert view.sli == 1 - Fraction(8, 1_000)
    assert view.budget_remaining == Fraction(1, 5)


def test_weights_say_how_members_compare_and_nothing_else(tmp_path: Path) -> None:
    url = stored(tmp_path, requests("login", bad=4), requests("pay", bad=20))

    slis = {one(url, weighed("99", login=3 * n, pay=n)).sli for n in (1, 7, 100)}

    assert slis == {1 - Fraction(8, 1_000)}


def test_a_weighed_budget_that_is_spent_to_the_last_bit_is_spent(tmp_path: Path) -> None:
    facts = (requests(of, bad=bad) for of, bad in (("a", 3), ("b", 7), ("c", 20)))

    view = one(stored(tmp_path, *facts), weighed("99", a=1, b=1, c=1))

    # A third each, which no float holds: (0.3 % + 0.7 % + 2 %) / 3 is the budget of 1 %.
    assert view.budget_remaining == 0
    assert view.judgement.level is Level.SPENT


def test_a_member_without_events_burns_nothing_and_keeps_its_weight(tmp_path: Path) -> None:
    silent = minutes([0] * HOURS, [0] * HOURS, since=NOON - 60 * HOURS, key=series("pay"))

    view = one(stored(tmp_path, requests("login", bad=8), silent), PAIR)

    assert view.burn_rate("1h") == Fraction(3, 4) * Fraction(8, 10)


def test_members_without_any_events_have_no_sli_and_are_no_traffic(tmp_path: Path) -> None:
    none = (
        minutes([0] * HOURS, [0] * HOURS, since=NOON - 60 * HOURS, key=series(of))
        for of in ("login", "pay")
    )

    view = one(stored(tmp_path, *none), PAIR)

    assert view.sli is None
    assert view.judgement.state.value == "NO_TRAFFIC"


def test_a_weighed_burn_pages_by_what_it_is_itself_and_not_for_one_member(tmp_path: Path) -> None:
    url = stored(tmp_path, requests("login", bad=0), requests("pay", bad=300))

    light, heavy = one(url, PAIR), one(url, weighed("99", login=1, pay=3))

    # pay burns at 30: a quarter of it is under 14.4, three quarters are above.
    assert light.parts[1].judgement.now is Now.PAGING
    assert not any(fired.row.long_s == 3_600 for fired in light.firing)
    assert heavy.judgement.now is Now.PAGING
    assert heavy.firing[0].long_burn == Fraction(45, 2)


def test_weighed_members_are_told_as_time_as_good_as_their_slis(tmp_path: Path) -> None:
    view = one(stored(tmp_path, requests("login", bad=4), requests("pay", bad=20)), PAIR)

    assert view.tally is not None
    assert (view.tally.total, view.tally.observed_s) == (60 * HOURS, 60 * HOURS)
    assert view.tally.bad == pytest.approx(60 * HOURS * 0.008)
    assert view.promise == "99 % good, login weighing 75 % and pay 25 %"
    block = members_block(view)
    (said,) = block.words
    assert said.startswith("The burn of each member against 99 % counts by its weight;")
    assert [row[0].note for row in block.rows] == ["25 % of the weight", "75 % of the weight"]
    told = dict(explain.steps(view))
    assert (
        told["burn 1h"]
        == "sum of weight × bad share / budget = (0.75 × 0.004 + 0.25 × 0.02) / 0.01 = 0.8"
    )
    assert (
        told["sli"]
        == told["together"]
        == "sum of weight × SLI = 0.75 × 0.996 + 0.25 × 0.98 = 0.992"
    )


def test_a_composite_of_weights_within_weights_is_that_of_their_products(tmp_path: Path) -> None:
    url = stored(tmp_path, *(requests(of, bad=bad) for of, bad in (("a", 4), ("b", 8), ("c", 16))))
    inner = weighed("90", a=1, b=1)
    names, weights = ("shop", "c"), (Fraction(1), Fraction(1))
    outer = Slo(
        "all",
        "shop",
        Objective.from_percent("99"),
        DAYS_30,
        "",
        Composite(Combined.WEIGHTED_BURN, names, weights),
        composed=(inner, member("c")),
    )

    view = one(url, outer)

    # Half of the mean of 4 and 8, and half of 16, in a thousand.
    assert view.sli == 1 - Fraction(11, 1_000)
    assert [part.sli for part in view.parts[0].parts] == [
        Fraction(996, 1_000),
        Fraction(992, 1_000),
    ]


def test_an_uptime_weighs_beside_requests(tmp_path: Path) -> None:
    up = Uptime("probe")
    pick = tally_pick(up)
    down = minutes(
        [60] * (HOURS - 36) + [0] * 36,
        [60] * HOURS,
        since=NOON - 60 * HOURS,
        key=series(pick.name, rule=pick.rule),
    )
    slo = Slo(
        "shop",
        "shop",
        Objective.from_percent("90"),
        DAYS_30,
        "",
        Composite(Combined.WEIGHTED_BURN, ("up", "pay"), (Fraction(1), Fraction(1))),
        composed=(an_slo("99", name="up", indicator=up), member("pay")),
    )

    view = one(stored(tmp_path, down, requests("pay", bad=100)), slo)

    # Down for a tenth of the time, a tenth of the requests failed.
    assert view.sli == Fraction(9, 10)
    assert view.budget_left_s == 0


def test_a_correction_of_a_member_is_weighed_as_the_member_is(tmp_path: Path) -> None:
    half, since = HOURS // 2, NOON - 60 * HOURS
    good = [900] * half + [1_000] * half
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
    with Store.open(url, now=NOON) as store:
        target = target_of("shop", Ratio(total="login"))
        store.corrections.put(drill, (target,), actor="x", now=NOON)

    view = one(url, weighed("90", login=3, pay=1))

    # Login failed 5 % as measured and nothing with the drill taken out; pay 0.8 % either way.
    assert view.raw is not None
    assert view.raw.sli == 1 - (
        Fraction(3, 4) * Fraction(50, 1_000) + Fraction(1, 4) * Fraction(8, 1_000)
    )
    assert view.sli == 1 - Fraction(1, 4) * Fraction(8, 1_000)
    assert view.raw_remaining != view.budget_remaining
    assert view.is_corrected
    assert view.corrected_s == 60 * half
    assert dict(explain.steps(view))["left as measured"] == (
        "1 − sum of weight × bad share / budget = 1 − (0.75 × 0.05 + 0.25 × 0.008) / 0.1 = 0.605"
    )


def test_the_left_of_a_further_window_is_told_by_weights_too(tmp_path: Path) -> None:
    url = stored(tmp_path, requests("login", bad=4), requests("pay", bad=20))

    view = one(url, replace(PAIR, further=(RollingWindow(7_200),)))

    told = dict(explain.steps(view))
    assert told["window 2h"].endswith(
        " UTC: 1 − sum of weight × bad share / budget = 1 − (0.75 × 0.004 + 0.25 × 0.02) / 0.01 = 0.2"
    )
    assert told["sli 2h"] == "sum of weight × SLI = 0.75 × 0.996 + 0.25 × 0.98 = 0.992"
