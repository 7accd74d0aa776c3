"""What a weighed budget spent in a part of its window, and under corrections: told as it weighs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from builders import DAY_S, NOON, minutes, series
from verdict_builders import DAYS_30, an_slo, judged, stored

from collectors.store.corrections import target_of
from collectors.store.store import Reader, Store
from dashboard.config import load
from dashboard.views.explained.corrected import corrected_steps
from dashboard.views.report import spends
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import TallyRows
from slo.indicator import Combined, Composite, Ratio
from slo.objective import Objective, Slo
from slo.spans import CalendarWindow, Period, RollingWindow, Span

DAY = 1_440
NEW_YEAR = NOON - DAY_S // 2


def weighed(percent: str, **weights: int) -> Slo:
    """Members by their weights, each the requests of its name."""
    members = tuple(an_slo("50", name=of, indicator=Ratio(total=of)) for of in weights)
    made = Composite(Combined.WEIGHTED_BURN, tuple(weights), tuple(map(Fraction, weights.values())))
    objective = Objective.from_percent(percent)
    return Slo("shop", "shop", objective, DAYS_30, "", made, composed=members)


def one(url: str, slo: Slo, *, as_of: int = NOON) -> SloView:
    (view,) = judged(url, slo, as_of=as_of)
    return view


def days(of: str, since: int, *parts: tuple[int, int, int]) -> TallyRows:
    """So many days of so many good of so many a minute."""
    good = [good for count, good, _ in parts for _ in range(count * DAY)]
    total = [total for count, _, total in parts for _ in range(count * DAY)]
    return minutes(good, total, since=since, key=series(of))


def test_a_day_in_which_a_member_has_little_traffic_is_weighed_by_that_day(tmp_path: Path) -> None:
    since = NOON - 7 * DAY_S
    login = days("login", since, (6, 1_000, 1_000), (1, 5, 10))
    url = stored(tmp_path, login, days("pay", since, (7, 100, 100)))
    week = replace(weighed("99", login=1, pay=1), window=RollingWindow(7 * DAY_S))
    view, day = one(url, week), Span(NOON - DAY_S, NOON)

    with Reader.open(url) as reader:
        (read,) = reader.windows([spends.asks(view, day)])
        rates = spends.rated(view, day, read)
        (rate,) = rates
        rows = reader.tally_rows(rate.together, 900, day)
    spent = spends.spent(rates, read, week.treatment)

    assert read[0] is not None
    assert (read[0].sli, read[0].total) == (Fraction(3, 4), DAY_S)
    # Of the week: half of the 7,200 bad among 8,654,400 of login, against 1 %.
    assert spent == Fraction(1, 2) * Fraction(7_200, 8_654_400) * 100
    assert abs(float(spent) - float((rows.total - rows.good).sum()) / (7 * DAY_S) * 100) < 1e-9


def test_two_months_of_a_week_spend_each_its_own_budget(tmp_path: Path) -> None:
    since, until = NEW_YEAR - 3 * DAY_S, NEW_YEAR + 4 * DAY_S
    login = days("login", since, (3, 990, 1_000), (4, 10, 10))
    url = stored(tmp_path, login, days("pay", since, (7, 100, 100)))
    month = CalendarWindow(Period.MONTH, ZoneInfo("UTC"))
    slo = replace(weighed("99", login=1, pay=1), window=month)
    view, week = one(url, slo, as_of=until), Span(since, until)

    with Reader.open(url) as reader:
        (read,) = reader.windows([spends.asks(view, week)])
    spent = spends.spent(spends.rated(view, week, read), read, slo.treatment)

    # December: half of 1 % of its requests failed, of a budget of 1 %; January nothing.
    assert spent == Fraction(1, 2)


def test_a_correction_of_a_weighed_member_is_told_by_the_counts_of_that_member(
    tmp_path: Path,
) -> None:
    since = NOON - DAY_S
    url = stored(tmp_path, days("login", since, (1, 9, 10)), days("pay", since, (1, 99, 100)))
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("login",)),
        when=Span(since, since + 3_600),
        reason="a drill",
        author="Ada",
    )
    with Store.open(url, now=NOON) as store:
        target = target_of("shop", Ratio(total="login"))
        store.corrections.put(drill, (target,), actor="x", now=NOON)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")

    with Reader.open(url) as reader:
        view = one(url, weighed("90", login=3, pay=1))
        told = [*corrected_steps(Scene(load(tmp_path / "config.toml", {}), reader, NOON), view)]

    assert [name for name, _ in told] == ["correction", "corrected"]
    assert told[0][1].endswith("; login: total − good under it = 600 − 540 = 60 bad")
    assert told[1][1] == "sum of weight × SLI = 0.75 × 0.9 + 0.25 × 0.99 = 0.9225"
