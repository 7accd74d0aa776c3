"""Composites in a backtest: each minute as their alerts would have been, had somebody looked."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from pathlib import Path

import pytest
from builders import NOON, minutes, series
from verdict_builders import Shop, an_slo, stored

from collectors.contract import Batch, Stream
from collectors.store.store import Reader, Store
from dashboard.config import load
from dashboard.views.alerts.episodes import episodes
from dashboard.views.backtest.advising import advised
from dashboard.views.backtest.making import Tried, own_policy, tried
from dashboard.views.counted.figures import evaluate
from dashboard.views.explained.advised import advice_steps
from dashboard.views.explained.backtested import backtest_steps
from dashboard.views.pages.backtest import BacktestPage, BacktestWish, backtest_page
from dashboard.views.upkeep.scene import Scene
from slo.alerting import Alert, AlertKind
from slo.facts import TallyRows
from slo.indicator import Combined, Composite, Indicator, Ratio, Uptime
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.rules import tally_pick
from slo.spans import RollingWindow

LENGTH = 280
SINCE = NOON - LENGTH * 60
CONFIG = (
    '[[source]]\nname = "shop"\nkind = "prometheus"\nurl = "http://127.0.0.1:9"\nevery = "1m"\n'
)
# At 99 % of a day: 2 % of the budget in 30 min is a burn of 0.96, 0.4 % in 10 min one of 0.576.
POLICY = (
    BurnRow(Severity.PAGE, Fraction(2, 100), 1_800, 300),
    BurnRow(Severity.TICKET, Fraction(4, 1_000), 600, 120),
)
BUSY, RARE, LOGIN, PAY = Ratio("busy"), Ratio("rare"), Uptime("login"), Uptime("pay")
OF: dict[str, Indicator] = {"busy": BUSY, "rare": RARE, "login": LOGIN, "pay": PAY}
Bad = dict[range, int]


def member(name: str) -> Slo:
    return an_slo("50", name=name, indicator=OF[name])


def composite(name: str, method: Combined, *members: Slo, weights: tuple[int, ...] = ()) -> Slo:
    made = Composite(method, tuple(one.name for one in members), tuple(map(Fraction, weights)))
    objective = Objective.from_percent("99")
    return Slo(name, "", objective, RollingWindow(86_400), "", made, POLICY, composed=members)


BY_WEIGHT = composite(
    "weighed", Combined.WEIGHTED_BURN, member("busy"), member("login"), weights=(3, 1)
)
LAID = composite("laid", Combined.UNION_OF_BAD_SLICES, member("login"), member("pay"))
SUM = composite("sum", Combined.SUM_OF_EVENTS, member("busy"), member("rare"))
WORST = composite("worst", Combined.WORST_MEMBER, member("rare"), member("login"))
NESTED = composite("nested", Combined.WORST_MEMBER, LAID, BY_WEIGHT, member("rare"))
WITHIN = composite("within", Combined.WEIGHTED_BURN, BY_WEIGHT, LAID, weights=(1, 1))
ALL = (BY_WEIGHT, LAID, SUM, WORST, NESTED, WITHIN)


def rows(name: str, bad: Bad, *holes: range) -> list[TallyRows]:
    """So many a minute, of which so many are bad in those minutes; nothing of those in a hole."""
    pick, whole = tally_pick(OF[name]), {"busy": 500, "rare": 20}.get(name, 60)
    lost = [next((n for at, n in bad.items() if minute in at), 0) for minute in range(LENGTH)]
    seen = [not any(minute in hole for hole in holes) for minute in range(LENGTH)]
    key = series(pick.name, rule=pick.rule)
    return [
        minutes([whole - lost[n]], [whole], since=SINCE + n * 60, key=key)
        for n in range(LENGTH)
        if seen[n]
    ]


FACTS = {
    "busy": rows("busy", {range(60, 75): 60, range(180, 220): 12}, range(70, 80), range(195, 197)),
    "rare": rows("rare", {range(70, 90): 3, range(252, 256): 8}, range(150, 178), range(254, 264)),
    "login": rows(
        "login",
        {range(100, 104): 30, range(156, 158): 60, range(210, 230): 20},
        range(20),
        range(216, 242),
    ),
    "pay": rows("pay", {range(103, 106): 60, range(220, 228): 60}, range(105, 122)),
}

Found = set[tuple[str, str, int, int | None]]


def looked_at_each_minute(folder: Path) -> tuple[str, Found]:
    """A store that is filled minute by minute, and every alert of its composites."""
    url = stored(folder)
    known: dict[tuple[str, AlertKind], Alert] = {}
    found: dict[tuple[str, str, int], int | None] = {}
    by_minute: dict[int, list[TallyRows]] = {}
    for row in chain.from_iterable(FACTS.values()):
        by_minute.setdefault(int(row.at[0]), []).append(row)
    with Store.open(url, now=NOON) as store:
        for at in range(SINCE, NOON, 60):
            store.ingest("shop", Stream("facts"), Batch(tuple(by_minute[at])), (), now=at + 60)
            views = evaluate(ALL, store.reader, as_of=at + 60, sources={"shop": Shop()})
            for one in episodes(views, known.values(), now=at + 60):
                known[one.alert.subject, one.alert.kind] = one.alert
                if one.alert.kind.is_burn:
                    key = (one.alert.subject, one.alert.kind.value, one.alert.began_at)
                    found[key] = one.alert.ended_at
    return url, {(*key, end) for key, end in found.items()}


def made(folder: Path, url: str, slo: Slo) -> Tried:
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    with Reader.open(url) as reader:
        config = load(folder / "config.toml", {}, with_sources=False)
        return tried(Scene(config, reader, NOON), slo, [own_policy(slo)])


def replayed(made: Tried) -> Found:
    (side,) = made.sides
    return {
        (made.slo.name, one.severity.value, one.span.since, None if one.is_open else one.span.until)
        for one in (*side.found.pages, *side.found.tickets)
    }


def test_each_alert_begins_and_ends_in_the_minute_in_which_live_judging_has_it(
    tmp_path: Path,
) -> None:
    url, live = looked_at_each_minute(tmp_path)

    for slo in ALL:
        mine = {one for one in live if one[0] == slo.name}
        found = replayed(made(tmp_path, url, slo))
        if slo.indicator.method is Combined.WORST_MEMBER:
            # Live, a ticket beside a page of the worst goes on as far as the rows of the one that
            # pages; replayed, as far as those of any.
            mine, found = (_pages_whole(each) for each in (mine, found))
        assert found == mine, slo.name
    assert {name for name, kind, *_ in live if kind == "page"} == {one.name for one in ALL}


def _pages_whole(found: Found) -> Found:
    return {(*one, end if one[1] == "page" else None) for *one, end in found}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Thirty days: login is down for the half of one, pay for three seconds of every minute."""
    folder, count = tmp_path_factory.mktemp("month"), 30 * 1_440
    up = [0 if 12_000 <= minute < 12_720 else 60 for minute in range(count)]
    each = {"login": up, "pay": [57] * count}
    facts = [
        minutes(good, [60] * count, since=NOON, key=series(pick.name, rule=pick.rule))
        for good, pick in ((good, tally_pick(OF[name])) for name, good in each.items())
    ]
    return folder, stored(folder, *facts)


EVEN = (member("login"), member("pay"))


@pytest.mark.parametrize(
    ("slo", "of_month", "lowest", "worst"),
    [
        # 720 of 43,200 minutes are a sixtieth, and the half of a day.
        (composite("sum", Combined.SUM_OF_EVENTS, *EVEN), "116/120", "1.45/2", ("", "")),
        (
            composite("weighed", Combined.WEIGHTED_BURN, *EVEN, weights=(3, 1)),
            "234/240",
            "2.45/4",
            ("", ""),
        ),
        (composite("laid", Combined.UNION_OF_BAD_SLICES, *EVEN), "0/1", "0/1", ("", "")),
        (composite("worst", Combined.WORST_MEMBER, *EVEN), "57/60", "1/2", ("pay", "login")),
    ],
    ids=lambda one: one.name if isinstance(one, Slo) else "",
)
def test_a_target_is_advised_by_what_members_come_to_together(
    month: tuple[Path, str], slo: Slo, of_month: str, lowest: str, worst: tuple[str, str]
) -> None:
    folder, url = month
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    with Reader.open(url) as reader:
        config = load(folder / "config.toml", {}, with_sources=False)
        scene = Scene(config, reader, NOON + 30 * 86_400)
        found = advised(scene, slo)
        steps = advice_steps(scene, slo, found)

    (judged,) = found.judged
    assert found.lowest is not None
    assert judged.sli == _share(of_month)
    assert (judged.of, found.lowest.of) == worst
    assert found.lowest.sli == _share(lowest)
    told = [text for name, text in steps if name in ("month", "lowest")]
    assert [", worst by " in one for one in told] == [bool(one) for one in worst]
    assert sum(name == "sql" for name, _ in steps) == 2


def _share(text: str) -> Fraction:
    part, whole = text.split("/")
    return Fraction(part) / Fraction(whole)


@pytest.mark.parametrize(
    ("slo", "by", "burn"),
    [
        # All of login is down for ten minutes, of an hour's sixth; of 1 % that is 100.
        (composite("sum", Combined.SUM_OF_EVENTS, *EVEN), "", "bad / total / budget"),
        (
            composite("weighed", Combined.WEIGHTED_BURN, *EVEN, weights=(3, 1)),
            "",
            "sum of weight × bad share / budget",
        ),
        (composite("laid", Combined.UNION_OF_BAD_SLICES, *EVEN), "", "bad / total / budget"),
        (composite("worst", Combined.WORST_MEMBER, *EVEN), ", by login", "bad / total / budget"),
    ],
    ids=lambda one: one.name if isinstance(one, Slo) else "",
)
def test_a_page_is_explained_by_the_counts_of_what_burnt(
    tmp_path: Path, slo: Slo, by: str, burn: str
) -> None:
    rows_ = {"login": [0 if 120 <= n < 130 else 60 for n in range(240)], "pay": [60] * 240}
    picks = {name: tally_pick(OF[name]) for name in rows_}
    facts = (
        minutes(good, [60] * 240, since=NOON, key=series(picks[name].name, rule=picks[name].rule))
        for name, good in rows_.items()
    )
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with Reader.open(stored(tmp_path, *facts)) as reader:
        config = load(tmp_path / "config.toml", {}, with_sources=False)
        scene = Scene(config, reader, NOON + 240 * 60)
        found = tried(scene, slo, [own_policy(slo)])
        told = backtest_steps(scene, found)

    (paged,) = (text for name, text in told if name == "paged")
    assert paged.startswith("1 Jan 2026 14:01 UTC" + by + ": both over 0.96")
    assert [text.startswith(burn) for name, text in told if name.startswith("burn ")] == [True] * 2
    (onset,) = found.sides[0].onsets
    assert onset is not None
    assert onset.at == NOON + 120 * 60


def test_the_page_offers_composites_too(month: tuple[Path, str]) -> None:
    folder, url = month
    probes = "".join(
        f'[[slo]]\nname = "{one}"\nobjective = 99\nuptime = "{one}"\n' for one in ("login", "pay")
    )
    both = '[[slo]]\nname = "both"\nobjective = 99\ncomposite = "worst-member"\nmembers = ["login", "pay"]\n'
    (folder / "config.toml").write_text(CONFIG + probes + both, encoding="utf-8")
    with Reader.open(url) as reader:
        config = load(folder / "config.toml", {}, with_sources=False)
        wish = BacktestWish("both", None, "own", "")
        page = backtest_page(Scene(config, reader, NOON + 30 * 86_400), wish)

    assert isinstance(page, BacktestPage)
    assert page.names == ("login", "pay", "both")
    assert page.headline.startswith("both would have paged")
    assert any("they freeze" in said for said in page.blocks[0].below)
    assert "worst by pay" in page.months.rows[0][0].note
