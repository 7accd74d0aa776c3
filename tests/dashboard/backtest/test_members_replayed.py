"""Members of a group in a backtest: each minute as the alerts beside the sum would have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import NOON, incident, minutes, series, states
from small_shop import SOURCE, a_promise
from verdict_builders import DAYS_30, Shop, an_slo, stored

from collectors.store.store import Reader
from dashboard.config import load
from dashboard.shell.trying import slo_of
from dashboard.views.alerts.episodes import episodes
from dashboard.views.backtest import members
from dashboard.views.backtest.making import Tried, own_policy, tried
from dashboard.views.backtest.told import blocks, headline
from dashboard.views.counted.figures import evaluate
from dashboard.views.machines.backtest import document
from dashboard.views.pages.backtest import BacktestPage, BacktestWish, backtest_page
from dashboard.views.upkeep.scene import Scene
from slo.alerting import Alert, AlertKind
from slo.errors import ConfigError
from slo.facts import SeriesKind, TallyRows
from slo.indicator import Combine, Ratio, Split, Uptime
from slo.objective import Slo
from slo.policy import BurnRow, Severity
from slo.spans import RollingWindow

LENGTH = 270
SINCE = NOON - LENGTH * 60
# At 99 % of a day, 2 % of the budget in 30 min: a burn of 0.96, and 0.4 % in 10 min: of 0.576.
POLICY = (
    BurnRow(Severity.PAGE, Fraction(2, 100), 1_800, 300),
    BurnRow(Severity.TICKET, Fraction(4, 1_000), 600, 120),
)
REGIONS = replace(an_slo("99", window=RollingWindow(86_400), policy=POLICY), group_by=("region",))


def region(name: str, bad: dict[range, int], *, length: int = LENGTH) -> TallyRows:
    """A hundred a minute, of which so many are bad in those minutes."""
    lost = [next((n for at, n in bad.items() if minute in at), 0) for minute in range(length)]
    good = [100 - one for one in lost]
    return minutes(good, [100] * length, since=SINCE, key=series(region=name))


# Of the sum a third of a region counts: it pages in the last outage alone, tickets before.
UNEVEN = (
    region("ap", {range(40, 50): 6, range(200, 215): 30}),
    region("eu", {range(90, 100): 7, range(203, 230): 40}),
    # Gone while it fired: an hour later its alert ends, though no minute of it says so.
    region("us", {range(110, 150): 3}, length=140),
)


def made(folder: Path, url: str, slo: Slo = REGIONS) -> Tried:
    (folder / "config.toml").write_text("", encoding="utf-8")
    with Reader.open(url) as reader:
        return tried(Scene(load(folder / "config.toml", {}), reader, NOON), slo, [own_policy(slo)])


def judged_by_the_minute(url: str, slo: Slo) -> set[tuple[str, str, int, int | None]]:
    """Every alert with its beginning and end, had somebody evaluated each minute."""
    known: dict[tuple[str, AlertKind], Alert] = {}
    found: dict[tuple[str, str, int], int | None] = {}
    with Reader.open(url) as reader:
        for at in range(SINCE + 60, NOON + 60, 60):
            views = evaluate([slo], reader, as_of=at, sources={"shop": Shop()})
            for one in episodes(views, known.values(), now=at):
                known[one.alert.subject, one.alert.kind] = one.alert
                if one.alert.kind in (AlertKind.PAGE, AlertKind.TICKET):
                    key = (one.alert.subject, one.alert.kind.value, one.alert.began_at)
                    found[key] = one.alert.ended_at
    return {(*key, end) for key, end in found.items()}


def replayed(made: Tried) -> set[tuple[str, str, int, int | None]]:
    (side,) = made.sides
    each = [(made.slo.name, side.found), *((one.slo.name, one.found) for one in side.members)]
    return {
        (name, one.severity.value, one.span.since, None if one.is_open else one.span.until)
        for name, found in each
        for one in (*found.pages, *found.tickets)
    }


def below(made: Tried) -> Sequence[str]:
    return blocks(made)[0].below[1:]


def test_members_without_a_bad_event_are_not_replayed_and_that_is_said(tmp_path: Path) -> None:
    found = made(tmp_path, stored(tmp_path, region("eu", {}), region("us", {})))

    assert found.sides[0].members == ()
    assert list(below(found)) == ["No member by region had anything bad."]


def test_a_member_that_was_not_found_is_refused_with_those_that_were(tmp_path: Path) -> None:
    url = stored(tmp_path, *UNEVEN)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    config = load(tmp_path / "config.toml", {})

    with Reader.open(url) as reader:
        assert slo_of(config, reader, "checkout/eu").member == (("region", "eu"),)
        with pytest.raises(ConfigError, match="has no member") as refused:
            slo_of(config, reader, "checkout/eur")

    assert "checkout/ap, checkout/eu, checkout/us" in refused.value.mend


def test_every_alert_of_the_sum_and_of_members_is_that_of_judging_each_minute(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, *UNEVEN)

    found = made(tmp_path, url)

    assert replayed(found) == judged_by_the_minute(url, REGIONS)
    kinds = {(name, kind) for name, kind, _, _ in replayed(found)}
    assert kinds >= {("checkout", "page"), ("checkout/ap", "page"), ("checkout/us", "page")}
    (us,) = (one.found.pages for one in found.sides[0].members if one.slo.name == "checkout/us")
    assert not us[0].is_open


def test_a_member_by_itself_is_the_slo_of_its_series_alone(tmp_path: Path) -> None:
    url = stored(tmp_path, *UNEVEN)
    eu = replace(REGIONS, name="checkout/eu", member=(("region", "eu"),))
    picked = Ratio(total='requests{region="eu"}')
    alone = replace(REGIONS, indicator=picked, group_by=())

    found = made(tmp_path, url, eu)

    assert found.sides[0].found == made(tmp_path, url, alone).sides[0].found
    assert found.sides[0].found.pages
    (said,) = below(found)
    assert said.startswith("Replayed by itself; while checkout as a whole has a page")


def test_the_members_with_the_most_bad_events_are_replayed_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST_REPLAYED", 2)
    found = made(tmp_path, stored(tmp_path, *UNEVEN))

    # Bad in all: 1,080 + 70 of eu, 450 + 60 of ap, 90 of us.
    assert [one.slo.name for one in found.sides[0].members] == ["checkout/eu", "checkout/ap"]
    assert found.left_out == 1
    assert below(found)[-1] == "1 more members were not replayed."


def test_pages_of_members_are_counted_named_and_listed_beside_those_of_the_sum(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, stored(tmp_path, *UNEVEN))
    figures, *listed = blocks(found)

    (of_members,) = (row for row in figures.rows if row[0].words == "Pages of members")
    pages = {one.slo.name: len(one.found.pages) for one in found.sides[0].members}
    assert of_members[1].words == str(sum(pages.values()))
    assert headline(found).endswith(f"and {sum(pages.values())} times for single members")
    (block,) = (one for one in listed if one.title == "Pages of members")
    assert {row[1].words: row[1].address for row in block.rows} == {
        name: f"/backtest?slo=checkout%2F{name}" for name in ("ap", "eu", "us")
    }
    (policy,) = document(found)["policies"]  # type: ignore[misc]
    assert {one["name"]: len(one["pages"]) for one in policy["members"]} == pages


def test_an_incident_that_a_member_alone_paged_for_is_found_by_it_and_says_so(
    tmp_path: Path,
) -> None:
    noted = incident("INC-1", at=SINCE + 110 * 60, lasted_s=1_800)
    # Two of a hundred burn 2 in one region, and 0.67 in the sum of three.
    regions = (region("ap", {}), region("eu", {}), region("us", {range(110, 150): 2}))
    found = made(tmp_path, stored(tmp_path, *regions, replace(noted, service="shop")))

    (side,) = found.sides
    assert (side.found.recall, side.found_by_any) == (0, 1)
    (missed,) = (one for one in blocks(found) if one.title == "Incidents without a page")
    assert [row[3].words for row in missed.rows] == ["us alone paged"]
    (with_them,) = (row for row in blocks(found)[0].rows if row[0].words.endswith("with them"))
    assert with_them[1].words == "1 of 1"


UP = Uptime("probe", combine=Combine.ANY)


def test_a_member_of_probes_is_held_against_the_outages_of_its_own(tmp_path: Path) -> None:
    def probe(name: str, seen: str) -> object:
        return states(seen, since=NOON - 7_200, key=series("probe", SeriesKind.STATUS, region=name))

    facts = [probe("eu", "u" * 60 + "d" * 10 + "u" * 51), probe("us", "u" * 121)]
    url = stored(tmp_path, *facts, indicators=(UP, Split(UP, ("region",))))  # type: ignore[arg-type]
    group = replace(an_slo("99", indicator=UP, window=DAYS_30), group_by=("region",))

    eu = made(tmp_path, url, replace(group, name="c/eu", member=(("region", "eu"),)))
    us = made(tmp_path, url, replace(group, name="c/us", member=(("region", "us"),)))

    assert [one.span.length_s for one in eu.records.found] == [600]
    assert us.records.found == ()


CONFIG = SOURCE + a_promise(objective="99", window='"1d"', group_by='["region"]')


def test_the_page_offers_each_member_and_shows_when_members_paged(tmp_path: Path) -> None:
    stored(tmp_path, *UNEVEN)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    config = load(tmp_path / "config.toml", {})

    def page(name: str) -> BacktestPage:
        with Reader.open(config.store_url) as reader:
            scene = Scene(config, reader, NOON, is_fixed=True)
            found = backtest_page(scene, BacktestWish(name, None, "own", ""))
        assert isinstance(found, BacktestPage)
        return found

    whole, eu = page("checkout"), page("checkout/eu")

    assert whole.names == ("checkout", "checkout/ap", "checkout/eu", "checkout/us")
    assert [one.name for one in whole.lanes] == ["Incidents", "Pages", "Of members"]
    assert eu.slo.member == (("region", "eu"),)
    assert [one.name for one in eu.lanes] == ["Incidents", "Pages"]
