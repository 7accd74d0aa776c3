"""Which values the bad events of a stretch have, and what is normal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import NOON, minutes, series, states
from verdict_builders import an_slo, one_judged, stored

from collectors.store.store import Reader
from dashboard.views.apart_words import breakdown_block, breakdown_sentence
from dashboard.views.counted.breakdown import Breakdown, breakdowns
from dashboard.views.counted.burning import burning
from dashboard.views.machines.blocks import lines
from dashboard.views.slos.slo_view import SloView
from slo.facts import Fact, SeriesKind, TallyRows
from slo.indicator import MOST_TOLD_APART, Split, Uptime
from slo.objective import Slo

ROUTES: Slo = replace(an_slo("99"), breakdown=("route",))
ONSET = NOON - 20 * 60


def route(name: str, *, bad: int, since: int, count: int, total: int = 100) -> TallyRows:
    return minutes([total - bad] * count, [total] * count, since=since, key=series(route=name))


def found(url: str, slo: Slo = ROUTES, onset: int | None = None) -> tuple[SloView, list[Breakdown]]:
    view = one_judged(url, slo)
    with Reader.open(url) as reader:
        return view, [*breakdowns(reader, view, onset)]


def a_burn() -> list[Fact]:
    """A week in which /pay had 8 of 100 bad events, and twenty minutes in which it had 91."""
    return [
        route("POST /pay", bad=8, since=NOON - 86_400, count=10),
        route("GET /cart", bad=92, since=NOON - 86_400, count=10),
        route("POST /pay", bad=91, since=ONSET, count=20),
        route("GET /cart", bad=9, since=ONSET, count=20),
    ]


def test_what_most_bad_events_have_in_common_is_said_with_what_is_normal(tmp_path: Path) -> None:
    view, (one,) = found(stored(tmp_path, *a_burn()), onset=ONSET)

    said = "POST /pay is 91 % of bad events since 11:40 UTC, normally 8 %."
    assert breakdown_sentence(view, one) == said
    assert [each.share for each in one.shares] == [Fraction(91, 100), Fraction(9, 100)]
    assert breakdown_block(view, one).words == (said,)
    assert said in "\n".join(lines([breakdown_block(view, one)]))


def test_the_share_of_one_value_is_told_to_the_nearest_percent_of_now_and_of_before(
    tmp_path: Path,
) -> None:
    before, total = NOON - 86_400, 1_000
    facts = [
        route("POST /pay", bad=77, since=before, count=10, total=total),
        route("GET /cart", bad=923, since=before, count=10, total=total),
        route("POST /pay", bad=916, since=ONSET, count=20, total=total),
        route("GET /cart", bad=81, since=ONSET, count=20, total=total),
        route("GET /", bad=3, since=ONSET, count=20, total=total),
    ]

    view, (one,) = found(stored(tmp_path, *facts), onset=ONSET)

    said = "POST /pay is 92 % of bad events since 11:40 UTC, normally 8 %."
    block = breakdown_block(view, one)
    assert block.words == (said,)
    assert [row[2].words for row in block.rows] == ["92 %", "8 %", "<1 %"]


def test_without_a_burn_the_last_day_is_told(tmp_path: Path) -> None:
    view, (one,) = found(stored(tmp_path, route("/", bad=1, since=NOON - 600, count=10)))

    assert breakdown_sentence(view, one) == "/ is 100 % of bad events in the last 1 d."


def test_nothing_bad_is_said_in_a_sentence_and_no_table(tmp_path: Path) -> None:
    view, (one,) = found(stored(tmp_path, route("/", bad=0, since=NOON - 600, count=10)))

    block = breakdown_block(view, one)
    assert block.words == ("There were no bad events in the last 1 d.",)
    assert block.rows == ()


def test_an_objective_without_data_has_no_breakdown(tmp_path: Path) -> None:
    assert found(stored(tmp_path))[1] == []


def test_a_label_that_nothing_carries_is_one_value_that_says_so(tmp_path: Path) -> None:
    slo = replace(ROUTES, breakdown=("rute",))

    view, (one,) = found(stored(tmp_path, route("/", bad=1, since=NOON - 600, count=10)), slo)

    assert breakdown_sentence(view, one).startswith("no rute is 100 %")


def test_of_many_values_ten_are_shown_and_the_rest_is_one_share(tmp_path: Path) -> None:
    many = [route(f"/{n:02}", bad=n + 1, since=NOON - 600, count=10) for n in range(20)]

    view, (one,) = found(stored(tmp_path, *many))

    assert len(one.shares) == MOST_TOLD_APART
    assert one.shares[0].value == "/19"
    assert one.rest == Fraction(sum(range(1, 11)), sum(range(1, 21)))
    assert breakdown_block(view, one).below == ("All other values together are 26 %.",)  # 55 of 210


def test_each_label_is_told_apart_on_its_own(tmp_path: Path) -> None:
    key = replace(series(route="/a", code="500"))
    fact = minutes([0] * 10, [5] * 10, since=NOON - 600, key=key)

    _, both = found(stored(tmp_path, fact), replace(ROUTES, breakdown=("route", "code")))

    assert [(one.label, one.shares[0].value) for one in both] == [("route", "/a"), ("code", "500")]


UP = Uptime("probe")


def test_probes_are_told_apart_by_the_time_they_were_down(tmp_path: Path) -> None:
    facts = [
        states("d" * 11, since=NOON - 600, key=series("probe", SeriesKind.STATUS, n="1")),
        states("d" * 11, since=NOON - 600, key=series("probe", SeriesKind.STATUS, n="2")),
    ]
    slo = replace(an_slo("99", indicator=UP), breakdown=("n",))
    wanted = (UP, Split(UP, ("n",), is_breakdown=True))

    view, (one,) = found(stored(tmp_path, *facts, indicators=wanted), slo)  # type: ignore[arg-type]

    assert breakdown_block(view, one).title == "Bad time by n"
    assert [each.bad for each in one.shares] == [600, 600]


def test_what_burns_is_told_of_the_member_with_its_own_budget(tmp_path: Path) -> None:
    quiet = minutes([100_000] * 360, [100_000] * 360, since=NOON - 21_600, key=series(route="/a"))
    fails = route("/b", bad=50, since=NOON - 21_600, count=360)
    url = stored(tmp_path, quiet, fails)
    view = one_judged(url, replace(ROUTES, group_by=("route",)))

    with Reader.open(url) as reader:
        told = burning(view, reader)

    assert (told.view.name, told.whole.name) == ("checkout//b", "checkout")
    assert told.short.rate == pytest.approx(50)
    assert told.view.budget_remaining == pytest.approx(1 - 50)
    assert told.gone_in_s is None
