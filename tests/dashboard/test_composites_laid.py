"""Several SLOs of time as one: a minute is bad when it is bad for any of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from builders import NOON, minutes, series
from verdict_builders import DAYS_30, an_slo, judged, stored

from collectors.store.corrections import target_of
from collectors.store.store import Reader, Store
from collectors.store.windows import WindowAsk
from dashboard.views.apart_words import members_block
from dashboard.views.machines import check, explain
from dashboard.views.slos.slo_view import SloView
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import TallyRows
from slo.indicator import Combined, Composite, Indicator, Ratio, Sliced, Uptime
from slo.judgement import Check, Now
from slo.objective import Objective, Slo
from slo.rules import tally_pick
from slo.spans import Span

HOURS = 6 * 60
LOGIN, PAY = Uptime("login"), Uptime("pay")


def probed(of: Indicator, up_s: list[int], *, until: int = NOON) -> TallyRows:
    """The minutes of a probe, the last ending at a moment."""
    pick = tally_pick(of)
    key = series(pick.name, rule=pick.rule)
    return minutes(up_s, [60] * len(up_s), since=until - 60 * len(up_s), key=key)


def member(name: str, of: Indicator) -> Slo:
    return an_slo("50", name=name, indicator=of)


def laid(*members: Slo, percent: str = "99") -> Slo:
    names = tuple(one.name for one in members)
    made = Composite(Combined.UNION_OF_BAD_SLICES, names)
    objective = Objective.from_percent(percent)
    return Slo("shop", "shop", objective, DAYS_30, "", made, composed=members)


BOTH = laid(member("login", LOGIN), member("pay", PAY))


def one(url: str, slo: Slo = BOTH, *, as_of: int = NOON) -> SloView:
    (view,) = judged(url, slo, as_of=as_of)
    return view


def bad_at(*places: int, seconds: int = 60, count: int = HOURS) -> list[int]:
    return [60 - seconds if place in places else 60 for place in range(count)]


def test_a_minute_that_nobody_calls_bad_and_one_does_not_know_is_unknown(tmp_path: Path) -> None:
    view = one(stored(tmp_path, probed(LOGIN, bad_at())))

    assert view.tally is None
    assert view.judgement.now is Now.FROZEN
    assert check.verdict([view]) is Check.UNKNOWN


def test_a_member_that_is_down_pages_while_another_cannot_be_measured(tmp_path: Path) -> None:
    login = probed(LOGIN, bad_at(*range(300, HOURS)))

    view = one(stored(tmp_path, login, probed(PAY, bad_at(), until=NOON - 7_200)))

    assert view.judgement.now is Now.PAGING
    assert not view.stale


def test_without_anything_bad_a_member_that_is_late_freezes_the_whole(tmp_path: Path) -> None:
    view = one(stored(tmp_path, probed(LOGIN, bad_at()), probed(PAY, bad_at(), until=NOON - 7_200)))

    assert view.judgement.now is Now.FROZEN


def test_minutes_that_are_bad_for_several_count_once(tmp_path: Path) -> None:
    login, pay = bad_at(10, 11, 12), bad_at(12, 13, 200)

    view = one(stored(tmp_path, probed(LOGIN, login), probed(PAY, pay)))

    assert view.tally is not None
    assert view.tally.bad == 5 * 60
    assert view.sli == Fraction(HOURS - 5, HOURS)
    assert view.promise == "login, pay all good 99 % of the time"
    assert view.slo.is_time_like
    assert view.budget_left_s == view.budget_remaining * Fraction(30 * 86_400, 100)  # type: ignore[operator]


def test_a_minute_with_one_bad_second_is_bad_as_a_whole(tmp_path: Path) -> None:
    url = stored(tmp_path, probed(LOGIN, bad_at(10, seconds=1)), probed(PAY, bad_at()))

    view = one(url)

    assert view.tally is not None
    assert view.tally.bad == 60


def test_slices_of_requests_lie_over_an_uptime(tmp_path: Path) -> None:
    sliced = Sliced(Ratio(total="requests"), 300, Fraction(9, 10))
    good = [50 if 100 <= place < 102 else 100 for place in range(HOURS)]
    requests = minutes(good, [100] * HOURS, since=NOON - 60 * HOURS, key=series("requests"))
    slo = laid(member("login", LOGIN), member("slices", sliced))

    url = stored(tmp_path, probed(LOGIN, bad_at(104, 105)), requests, indicators=(sliced,))
    view = one(url, slo)

    # Two of the five minutes 100 to 104 were half bad: the slice is. Login adds minute 105.
    assert view.tally is not None
    assert view.tally.bad == 6 * 60


def test_a_union_within_a_union_is_that_of_all(tmp_path: Path) -> None:
    third = Uptime("third")
    up = {LOGIN: bad_at(1, 2), PAY: bad_at(2, 3), third: bad_at(3, 4)}
    url = stored(tmp_path, *(probed(of, seconds) for of, seconds in up.items()))
    inner = laid(member("pay", PAY), member("third", third))

    nested = one(url, laid(member("login", LOGIN), inner))

    assert nested.tally is not None
    assert nested.tally.bad == 4 * 60


def test_of_a_member_under_a_correction_nothing_is_bad_but_of_the_others_all_is(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, probed(LOGIN, bad_at(1, 2)), probed(PAY, bad_at(2, 200)))
    since = NOON - 60 * HOURS
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("login",)),
        when=Span(since, since + 600),
        reason="a drill",
        author="Ada",
    )
    with Store.open(url, now=NOON) as store:
        store.corrections.put(drill, (target_of("shop", LOGIN),), actor="x", now=NOON)

    view = one(url)

    # Minute 1 was bad for login alone; minute 2 for pay, too, which nobody announced.
    assert view.raw is not None
    assert view.tally is not None
    assert (view.raw.bad, view.tally.bad) == (3 * 60, 2 * 60)
    assert view.tally.total == 60 * HOURS
    # The member beside it is treated as the whole: its time under the drill is called good, too.
    login = view.parts[0].tally
    assert login is not None
    assert (login.bad, login.total) == (0, 60 * HOURS)


@pytest.mark.parametrize("level_s", [60, 900, 3_600, 86_400])
def test_every_window_and_every_level_say_what_the_minutes_say(
    level_s: int, tmp_path: Path
) -> None:
    drawn = np.random.default_rng(7)
    count, until = 3 * 1_440, NOON
    up = [np.where(drawn.random(count) < 0.01, drawn.integers(0, 60, count), 60) for _ in "ab"]
    for seconds in up:
        seconds[500:700] = 60
    gap = slice(900, 1_000)
    url = stored(tmp_path, probed(LOGIN, up[0].tolist(), until=until))
    url = stored(
        tmp_path,
        probed(PAY, up[1][: gap.start].tolist(), until=until - 60 * (count - gap.start)),
        url=url,
    )
    url = stored(tmp_path, probed(PAY, up[1][gap.stop :].tolist(), until=until), url=url)
    bad = (up[0] < 60) | (up[1] < 60)
    bad[gap] = up[0][gap] < 60
    known = np.ones(count, bool)
    known[gap] = bad[gap]
    since = until - 60 * count
    begins = since + 60 * drawn.integers(0, count - 1, 40)
    spans = [Span(int(at), int(min(until, at + 60 * drawn.integers(1, count)))) for at in begins]
    together = one(url).together

    with Reader.open(url) as reader:
        (windows,) = reader.windows([WindowAsk(together, tuple(spans))])
        rows = reader.tally_rows(together, level_s, Span(since - since % level_s, until))

    for span, tally in zip(spans, windows, strict=True):
        inside = slice((span.since - since) // 60, (span.until - since) // 60)
        assert tally is not None
        assert tally.observed_s == 60 * known[inside].sum()
        assert tally.bad == 60 * bad[inside].sum()
    at = since + 60 * np.arange(count)
    for start, good, total in zip(rows.at, rows.good, rows.total, strict=True):
        there = (at >= start) & (at < start + level_s)
        assert total == 60 * known[there].sum()
        assert total - good == 60 * bad[there].sum()


def test_when_minutes_are_gone_what_was_bad_is_an_estimate_that_hides_nothing(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, probed(LOGIN, bad_at(1, 2)), probed(PAY, bad_at(2, 3)))
    with Store.open(url, now=NOON) as store:
        store.retain(now=NOON + 40 * 86_400, minutes_s=86_400)

    view = one(url)

    assert view.tally is not None
    assert view.tally.bad == 4 * 60
    assert view.tally.estimated_s == 900
    assert view.tally.total == 60 * HOURS


def test_the_union_is_explained_and_its_members_lead_to_their_pages(tmp_path: Path) -> None:
    view = one(stored(tmp_path, probed(LOGIN, bad_at(1, 2)), probed(PAY, bad_at(2, 3))))

    steps = explain.steps(view)

    (whole,) = (text for name, text in steps if name == "together")
    assert whole == (
        "every minute that is bad for any, each counted once: 180 s, where the members have 120 s,"
        " 120 s"
    )
    assert [row[0].address for row in members_block(view).rows] == [
        "/objective?id=login",
        "/objective?id=pay",
    ]
