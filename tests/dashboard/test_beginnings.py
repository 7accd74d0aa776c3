"""Since when it burns and fires: one answer on page and alert, and by the minute where it can be."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON, series
from verdict_builders import an_slo, judged, stored

from collectors.store.store import Reader, Store
from dashboard.views.alerts.episodes import episodes
from dashboard.views.counted.beginnings import fires_since
from dashboard.views.counted.burning import Burning, burning
from slo.alerting import Alert, AlertKind
from slo.facts import TallyRows
from slo.objective import Slo
from slo.onset import Since
from slo.policy import BurnRow, Severity


def shop(folder: Path, bad: dict[range, int], *, since: int, bin_s: int = 60) -> str:
    """A hundred requests a minute until noon, of which so many are bad in each range of bins."""
    at = np.arange(since, NOON, bin_s)
    total = np.full(len(at), 100.0 * bin_s / 60)
    failed = np.zeros(len(at))
    for bins, share in bad.items():
        failed[bins.start : bins.stop] = share * bin_s / 60
    observed = np.full(len(at), bin_s)
    return stored(folder, TallyRows(series(bin_s=bin_s), at, total - failed, total, observed, NOON))


def stepped(url: str, slo: Slo, since: int, until: int, step_s: int) -> tuple[Alert, ...]:
    """The alerts of an evaluation at each moment."""
    alerts: tuple[Alert, ...] = ()
    for now in range(since, until + 1, step_s):
        views = judged(url, slo, as_of=now)
        alerts = tuple(one.alert for one in episodes(views, alerts, now=now))
    return alerts


def burns(url: str, slo: Slo, *live: Alert) -> Burning:
    (view,) = judged(url, slo, as_of=NOON)
    with Reader.open(url) as reader:
        return burning(view, reader, live)


@pytest.mark.parametrize(("bin_s", "burnt"), [(60, 45), (900, 16)])
def test_page_and_alert_say_alike_since_when_it_fires(
    tmp_path: Path, bin_s: int, burnt: int
) -> None:
    count = 2 * DAY_S // bin_s
    url = shop(tmp_path, {range(count - burnt, count): 50}, since=NOON - 2 * DAY_S, bin_s=bin_s)
    slo = an_slo("99")

    alerts = stepped(url, slo, NOON - (burnt + 2) * bin_s, NOON, bin_s)

    (page,) = [one for one in alerts if one.kind is AlertKind.PAGE]
    assert burns(url, slo).fires == burns(url, slo, page).fires == Since(page.began_at)


def test_the_alert_that_is_live_knows_better_than_a_replay(tmp_path: Path) -> None:
    url = shop(tmp_path, {range(1_400, 1_440): 50}, since=NOON - DAY_S)
    slo = an_slo("99")
    page = next(iter(stepped(url, slo, NOON, NOON, 60)))

    (view,) = judged(url, slo, as_of=NOON)
    with Reader.open(url) as reader:
        replayed = fires_since(view, reader)

    assert page.began_at == NOON
    assert burns(url, slo, page).fires == Since(NOON)
    assert replayed is not None
    assert replayed.at < NOON


def test_what_fired_at_the_first_moment_that_is_replayed_may_be_older(tmp_path: Path) -> None:
    slo = an_slo("99", policy=(BurnRow(Severity.PAGE, Fraction(1, 1_000), 600, 120),))
    url = shop(tmp_path, {range(3 * 1_440): 50}, since=NOON - 3 * DAY_S)

    assert burns(url, slo).fires == Since(NOON - DAY_S + 60, is_open=True)


def test_a_young_history_tells_the_minute_in_which_it_began_to_burn(tmp_path: Path) -> None:
    """Twenty minutes of history, of which ten were bad and the last eight are well again."""
    slo = an_slo("99.9", policy=(BurnRow(Severity.PAGE, Fraction(5, 100), 6 * HOUR_S, 1_800),))
    url = shop(tmp_path, {range(2, 12): 90}, since=NOON - 1_200)

    found = burns(url, slo)

    assert found.onset == Since(NOON - 18 * 60)
    assert found.share_s == 18 * 60
    assert found.share == Fraction(900, 1_800)


def test_a_slow_burn_of_days_began_in_a_minute_and_not_in_a_quarter_hour(tmp_path: Path) -> None:
    slo = an_slo("99", policy=(BurnRow(Severity.TICKET, Fraction(1, 10), 3 * DAY_S, 6 * HOUR_S),))
    count = 5 * 1_440
    url = shop(tmp_path, {range(count - 2_887, count): 3}, since=NOON - 5 * DAY_S)

    found = burns(url, slo)

    assert found.onset == Since(NOON - 2_887 * 60)
    assert found.share == Fraction(3, 100)


def test_a_ticket_of_days_fires_since_a_minute_and_not_since_a_quarter_hour(tmp_path: Path) -> None:
    """Of 100 requests a minute 7 fail: 618 such minutes are the first above 1 % of three days."""
    slo = an_slo("99", policy=(BurnRow(Severity.TICKET, Fraction(1, 10), 3 * DAY_S, 6 * HOUR_S),))
    count = 5 * 1_440
    url = shop(tmp_path, {range(count - 2_887, count): 7}, since=NOON - 5 * DAY_S)

    assert burns(url, slo).fires == Since(NOON - (2_887 - 618) * 60)


def test_where_minutes_are_kept_no_longer_a_ticket_fires_since_a_quarter_hour(
    tmp_path: Path,
) -> None:
    slo = an_slo("99", policy=(BurnRow(Severity.TICKET, Fraction(1, 10), 3 * DAY_S, 6 * HOUR_S),))
    count = 5 * 1_440
    url = shop(tmp_path, {range(count - 2_887, count): 7}, since=NOON - 5 * DAY_S)
    with Store.open(url, now=NOON) as store:
        store.retain(now=NOON, minutes_s=DAY_S)

    assert burns(url, slo).fires == Since(NOON - 151 * 900)
