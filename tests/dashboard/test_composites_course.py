"""What is drawn and said of a composite, against the product's own judge asked again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, series
from verdict_builders import Shop, an_slo, judged, stored

from collectors.store.store import Reader
from dashboard.views.compliance.making import records
from dashboard.views.counted.burning import burning
from dashboard.views.counted.course import course_view
from dashboard.views.counted.quarters import quarters
from dashboard.views.counted.zoom import Zoom
from dashboard.views.slos.slo_view import SloView
from slo.facts import TallyRows
from slo.indicator import Combined, Composite, Indicator, Ratio, Uptime
from slo.judgement import Now
from slo.objective import Objective, Slo
from slo.periods import ReportPeriod
from slo.rules import tally_pick
from slo.spans import UTC, RollingWindow

DAYS_2 = RollingWindow(2 * DAY_S)
COUNT = 5 * DAY_S // 60
BEGIN = NOON - 5 * DAY_S
BUSY, QUIET, LOGIN, PAY = Ratio("busy"), Ratio("quiet"), Uptime("login"), Uptime("pay")


def requests(of: Ratio, per_minute: int, seed: int) -> TallyRows:
    """Five days of traffic that swings by the day, with errors in bursts."""
    rng = np.random.default_rng(seed)
    place = np.arange(COUNT)
    total = rng.poisson(per_minute * (1.1 + np.sin(place / 1_440 * 2 * np.pi)))
    rate = np.where((place // 400) % 5 == seed % 5, 0.2, 0.002)
    bad = rng.binomial(total, rate)
    return minutes((total - bad).tolist(), total.tolist(), since=BEGIN, key=series(of.total))


def probed(of: Uptime, *downs: slice) -> TallyRows:
    pick, up = tally_pick(of), np.full(COUNT, 60)
    for down in downs:
        up[down] = 0
    key = series(pick.name, rule=pick.rule)
    return minutes(up.tolist(), [60] * COUNT, since=BEGIN, key=key)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return stored(
        tmp_path_factory.mktemp("composites"),
        requests(BUSY, 40, 7),
        requests(QUIET, 2, 8),
        probed(LOGIN, slice(3_000, 3_040), slice(7_000, 7_010)),
        probed(PAY, slice(3_030, 3_060), slice(COUNT - 90, COUNT)),
    )


def composite(method: Combined, of: dict[str, Indicator], *weights: int) -> Slo:
    members = tuple(an_slo("50", name=name, indicator=one) for name, one in of.items())
    made = Composite(method, tuple(of), tuple(map(Fraction, weights)))
    return Slo("all", "", Objective.from_percent("98"), DAYS_2, "", made, composed=members)


WEIGHED = composite(Combined.WEIGHTED_BURN, {"busy": BUSY, "quiet": QUIET, "pay": PAY}, 5, 2, 1)
LAID = composite(Combined.UNION_OF_BAD_SLICES, {"login": LOGIN, "pay": PAY})
BOTH = pytest.mark.parametrize("slo", [WEIGHED, LAID], ids=["weighed", "laid"])


def one(url: str, slo: Slo, *, as_of: int = NOON) -> SloView:
    (view,) = judged(url, slo, as_of=as_of)
    return view


@BOTH
@pytest.mark.parametrize("zoom", [Zoom.WINDOW, Zoom.HOURS_3])
def test_every_point_of_the_course_is_what_the_judge_says_of_that_moment(
    slo: Slo, zoom: Zoom, url: str
) -> None:
    view = one(url, slo)
    with Reader.open(url) as reader:
        course = course_view(reader, view, zoom, Shop())

    assert len(course.known) > 50
    for at, left in course.known[:: len(course.known) // 6]:
        judged_left = one(url, slo, as_of=at).budget_remaining
        assert judged_left is not None
        assert left == pytest.approx(float(judged_left), abs=1e-9)


@BOTH
def test_the_parts_of_the_course_have_the_sli_that_the_judge_finds_in_them(
    slo: Slo, url: str
) -> None:
    view = one(url, slo)
    with Reader.open(url) as reader:
        shares = course_view(reader, view, Zoom.WINDOW, Shop()).shares
    length_s = shares[1][0] - shares[0][0]
    short = Slo(
        "all", "", slo.objective, RollingWindow(length_s), "", slo.indicator, composed=slo.composed
    )

    for at, sli in shares[5:-1:9]:
        found = one(url, short, as_of=at + length_s).sli
        assert (sli is None) == (found is None)
        assert sli is None or float(sli) == pytest.approx(float(found or 0), abs=1e-12)


@BOTH
def test_the_quarter_hours_of_the_window_sum_to_what_was_spent(slo: Slo, url: str) -> None:
    view = one(url, slo)
    with Reader.open(url) as reader:
        found = quarters(reader, view)

    assert view.tally is not None
    inside = found.at >= view.span.since - 900
    assert found.bad[inside].sum() == pytest.approx(float(view.tally.bad), rel=1e-9)
    assert found.total[inside].sum() == pytest.approx(float(view.tally.total), rel=1e-9)


@pytest.mark.parametrize(
    ("slo", "began", "slack_s"),
    [(WEIGHED, BEGIN + 6_800 * 60, 120), (LAID, BEGIN + 7_000 * 60, 0)],
    ids=["weighed", "laid"],
)
def test_what_burns_now_is_told_with_its_beginning_and_since_when_it_fires(
    slo: Slo, began: int, slack_s: int, url: str
) -> None:
    view = one(url, slo)
    assert view.judgement.now is Now.PAGING

    with Reader.open(url) as reader:
        found = burning(view, reader)

    # The burst of the busy one, which weighs most; the ten minutes in which nobody could log in.
    assert found.onset is not None
    assert abs(found.onset.at - began) <= slack_s
    assert found.fires is not None
    first = found.fires.at
    assert one(url, slo, as_of=first).judgement.now is Now.PAGING
    assert one(url, slo, as_of=first - 60).judgement.now is not Now.PAGING


@BOTH
def test_a_past_month_is_what_the_judge_says_of_the_window_it_is(slo: Slo, url: str) -> None:
    with Reader.open(url) as reader:
        (record,) = records(reader, [slo], ReportPeriod.MONTH, UTC, NOON)
    assert record.periods
    for kept in record.periods:
        length_s = kept.span.length_s
        same = Slo(
            "all",
            "",
            slo.objective,
            RollingWindow(length_s),
            "",
            slo.indicator,
            composed=slo.composed,
        )
        view = one(url, same, as_of=kept.span.until)

        assert kept.compliance.sli == view.sli
        assert kept.compliance.remaining == view.budget_remaining


def test_the_worst_of_composites_is_the_one_that_kept_least_of_a_month(url: str) -> None:
    names, method = ("weighed", "laid"), Combined.WORST_MEMBER
    members = replace(WEIGHED, name="weighed"), replace(LAID, name="laid")
    worst = replace(WEIGHED, indicator=Composite(method, names), composed=members)
    within = replace(worst, indicator=Composite(method, ("all",)), composed=(worst,))

    view = one(url, worst)
    with Reader.open(url) as reader:
        each = [
            records(reader, [slo], ReportPeriod.MONTH, UTC, NOON)[0]
            for slo in (*members, worst, within)
        ]

    lefts = {part.name: part.budget_remaining for part in view.parts}
    assert view.budget_remaining == min(left for left in lefts.values() if left is not None)
    assert view.together in [part.together for part in view.parts]
    for weighed, laid, *worsts in zip(*(one.periods for one in each), strict=True):
        found = [kept.compliance.remaining for kept in (weighed, laid)]
        least = min(left for left in found if left is not None)
        assert [kept.compliance.remaining for kept in worsts] == [least, least]


def failing(name: str, *per_mille: int) -> TallyRows:
    """A thousand requests a minute up to noon, each twelve hours failing by so many."""
    good = [1_000 - bad for bad in per_mille for _ in range(720)]
    since = NOON - 60 * len(good)
    return minutes(good, [1_000] * len(good), since=since, key=series(name))


def test_the_course_of_weights_within_weights_is_that_of_each_member_by_its_weights(
    tmp_path: Path,
) -> None:
    """The first member burns in the last of five half days alone, the others all the time."""
    url = stored(
        tmp_path,
        failing("a", 0, 0, 0, 0, 60),
        failing("b", 125, 125, 125, 125, 125),
        failing("c", 1, 1, 1, 1, 1),
    )
    within = composite(Combined.WEIGHTED_BURN, {"a": Ratio("a"), "b": Ratio("b")}, 3, 1)
    made = Composite(Combined.WEIGHTED_BURN, ("all", "c"), (Fraction(2), Fraction(1)))
    members = (within, an_slo("50", name="c", indicator=Ratio("c")))
    objective, day = Objective.from_percent("90"), RollingWindow(DAY_S)
    slo = Slo("both", "", objective, day, "", made, composed=members)

    with Reader.open(url) as reader:
        course = course_view(reader, one(url, slo), Zoom.WINDOW, Shop())

    left = dict(course.known)
    for at, of_first in ((NOON, 0.03), (NOON - 6 * HOUR_S, 0.015), (NOON - 12 * HOUR_S, 0.0)):
        # Of a bad tenth: 2/3 of (3/4 of the first and 1/4 of 12.5 %), and 1/3 of 0.1 %.
        bad = 2 / 3 * (0.75 * of_first + 0.25 * 0.125) + 1 / 3 * 0.001
        assert left[at] == pytest.approx(1 - bad / 0.1)
    assert course.gaps == ()


@pytest.mark.parametrize(("bad", "falls"), [(10, 0), (20, 1)])
def test_a_member_of_two_instances_measures_its_window_as_one_would(
    tmp_path: Path, bad: int, falls: int
) -> None:
    """Of 2,880 bad requests that two days allow the lesser burst takes 3.5 %, which is no fall."""
    good = [50] * 1_380 + [50 - bad // 2] * 10 + [50] * 50
    both = [
        minutes(good, [50] * 1_440, since=NOON - DAY_S, key=series("busy", instance=of))
        for of in "ab"
    ]
    made = composite(Combined.WEIGHTED_BURN, {"busy": BUSY}, 1)
    slo = replace(made, objective=Objective.from_percent("99"))
    url = stored(tmp_path, *both)

    with Reader.open(url) as reader:
        course = course_view(reader, one(url, slo), Zoom.HOURS_3, Shop())

    assert len(course.cliffs) == falls


def test_looked_at_within_a_hole_a_weighted_burn_is_as_it_was_when_its_data_ended(
    tmp_path: Path,
) -> None:
    hole = NOON - 6 * HOUR_S
    parts = [
        minutes([99] * count, [100] * count, since=until - 60 * count, key=series(name))
        for name in ("busy", "quiet")
        for until, count in ((hole, 600), (NOON, 60))
    ]
    slo = composite(Combined.WEIGHTED_BURN, {"busy": BUSY, "quiet": QUIET}, 1, 3)

    view = one(stored(tmp_path, *parts), slo, as_of=hole + 2 * HOUR_S)

    assert (view.data_until, view.stale) == (hole, True)
    # One of a hundred failed, of the two that 98 % allow.
    assert view.budget_remaining == Fraction(1, 2)
