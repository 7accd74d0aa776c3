"""Many SLOs whose data end together on a source that goes on: one alert, which names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from alert_builders import a_silence
from alert_exporter import bring, live, on, promise
from alert_shop import Shop
from builders import HOUR_S, series

from collectors.contract import Batch, Stream
from collectors.store.quieting import Acknowledged, Silenced
from dashboard.charts.now import others_rows
from dashboard.config import load
from dashboard.shell.quieting import refuse_calm
from dashboard.views.alerts.blocks import ledger, live_block
from dashboard.views.alerts.standing import Standing, handled
from dashboard.views.pages.now import now_of
from dashboard.views.upkeep.scene import Scene
from slo.alerting import AlertKind
from slo.errors import InputError
from slo.facts import TallyRows
from slo.indicator import Ratio
from slo.rules import tally_pick
from slo.silences import Scope

SIX = ("books", "cart", "login", "mail", "pay", "search")
NOT_JUDGED = "They are not judged: books, cart, login, mail, pay, …."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with six SLOs besides `checkout`, on series of one exporter, all well up to now."""
    made = Shop(tmp_path)
    promise(made, *SIX)
    bring(made, HOUR_S, *SIX)
    yield made
    made.store.close()


def words(shop: Shop, channel: str = "hook") -> list[str]:
    """The first lines that the channel was told, in order."""
    told = shop.store.reader.alerts.told()
    return [str(one.body["summary"]) for one in told if one.channel == channel]


def labels(shop: Shop) -> list[tuple[object, ...]]:
    """What Alertmanager knows each of its alerts by, in order of telling."""
    told = [one.body for one in shop.store.reader.alerts.told() if one.channel == "am"]
    return [(one["service"], one["team"], one["labels"]) for one in told]


def standing(shop: Shop) -> Standing:
    """What *Now* says is done about the data that ended."""
    (blind,) = handled(Scene(shop.config, shop.store.reader, shop.now)).blind
    return blind.standing


def test_an_exporter_that_dies_is_one_alert_which_counts_its_slos_and_names_the_first(
    shop: Shop,
) -> None:
    ended = shop.now

    (lost,) = on(shop, 600)

    assert (lost.key, lost.slos, lost.source) == (f"books no-data {ended}", SIX, "shop")
    assert words(shop) == [
        f"6 SLOs of source shop: no data, the first since 14:00 UTC, though it goes on. {NOT_JUDGED}"
    ]


def test_judged_minute_by_minute_slos_that_end_a_few_minutes_apart_are_still_one_alert(
    shop: Shop,
) -> None:
    bring(shop, 60, *SIX)
    began = [*on(shop, 60, *SIX[1:]), *on(shop, 60, *SIX[2:]), *on(shop, 60, *SIX[3:])]
    for _ in range(15):
        began += on(shop, 60)

    (lost,) = began
    assert set(live(shop)[0].slos) == set(SIX)
    assert lost.key == live(shop)[0].key


def test_slos_come_and_go_while_the_alert_lives_under_one_key_through_a_restart(
    shop: Shop,
) -> None:
    (lost,) = on(shop, 600)
    shop.send()
    shop.restart()

    none = on(shop, 600, "books", "cart")
    shop.restart()
    still = live(shop)
    over = [one for _ in range(3) for one in on(shop, 300, *SIX)]

    assert none == ()
    assert [(one.key, one.slos) for one in still] == [(lost.key, SIX[2:])]
    assert [one.key for one in over] == [lost.key]
    assert shop.told() == ["firing", "recovering", "resolved"]
    assert words(shop)[-1].startswith("4 SLOs of source shop: data come in again, 30 min after")


def test_what_ends_later_on_the_same_source_is_an_alert_of_its_own(shop: Shop) -> None:
    (first,) = on(shop, HOUR_S, *SIX[:2])

    (second,) = on(shop, HOUR_S)

    assert (first.slos, second.slos) == (SIX[2:], SIX[:2])
    assert {one.key for one in live(shop)} == {first.key, second.key}


def test_the_first_of_it_may_come_back_and_end_again_without_a_second_alert_of_its_name(
    shop: Shop,
) -> None:
    (lost,) = on(shop, 600)
    on(shop, 600, "books")

    assert on(shop, HOUR_S) == ()
    assert [(one.key, set(one.slos)) for one in live(shop)] == [(lost.key, set(SIX))]


def test_an_alert_goes_on_for_the_others_when_its_first_is_not_promised_any_more(
    shop: Shop,
) -> None:
    (lost,) = on(shop, 600)
    promise(shop, *SIX[1:])

    assert on(shop, 60) == ()
    assert [(one.key, one.slos) for one in live(shop)] == [(lost.key, SIX[1:])]


def test_the_labels_that_a_channel_knows_an_alert_by_stay_whoever_joins_it(shop: Shop) -> None:
    on(shop, 600)
    promise(shop, *SIX[:3], service="bank")

    on(shop, 60)

    first, second = labels(shop)
    assert first == second
    assert first == ("shop", "web", [["tier", "gold"], ["alertname", "NoData"]])


def test_an_slo_of_wide_bins_is_named_by_the_alert_of_those_that_ended_with_it(shop: Shop) -> None:
    promise(shop, *SIX, "wide")
    pick = tally_pick(Ratio(total="wide"))
    key = series(pick.name, rule=pick.rule, bin_s=900)
    at = np.arange(shop.now - HOUR_S, shop.now, 900, dtype=np.int64)
    counts, full = np.full(len(at), 1_500.0), np.full(len(at), 900, dtype=np.int64)
    rows = TallyRows(key, at, counts, counts, full, shop.now)
    shop.store.ingest("shop", Stream("wide"), Batch((rows,)), (), now=shop.now)
    on(shop, 600, *SIX)
    ended = shop.now

    began = [one for _ in range(22) for one in on(shop, 60)]

    assert [(one.key, one.began_at) for one in began] == [(f"books no-data {ended}", ended)]
    assert set(live(shop)[0].slos) == {*SIX, "wide"}


def test_while_the_whole_source_is_late_nothing_begins_for_its_parts(shop: Shop) -> None:
    (late,) = shop.judge(after_s=600)

    assert (late.kind, live(shop)) == (AlertKind.STALE, [])


def test_whoever_is_named_by_it_can_acknowledge_it_and_nobody_else_can(shop: Shop) -> None:
    on(shop, 600)

    shop.store.apply(Acknowledged("pay", "ada", "test"), now=shop.now)

    assert [one.acknowledged_by for one in live(shop)] == ["ada"]
    refuse_calm("search", live(shop))
    with pytest.raises(InputError, match='no alert of "checkout" is live'):
        refuse_calm("checkout", live(shop))


@pytest.mark.parametrize(
    ("scope", "name", "told"),
    [
        (Scope.SOURCE, "shop", []),
        (Scope.SERVICE, "shop", []),
        (Scope.SLO, "books", ["firing"]),
        (Scope.SOURCE, "checkout", ["firing"]),
    ],
)
def test_it_is_silenced_with_its_source_or_service_but_not_with_one_of_its_slos(
    shop: Shop, scope: Scope, name: str, told: list[str]
) -> None:
    shop.store.apply(Silenced(a_silence(scope, name, since=shop.now), "test"), now=shop.now)

    on(shop, 600)

    assert shop.told() == told
    assert standing(shop).is_silenced is (told == [])


def test_an_slo_that_is_promised_no_more_changes_nothing_about_whose_service_it_is(
    shop: Shop,
) -> None:
    shop.store.apply(
        Silenced(a_silence(Scope.SERVICE, "shop", since=shop.now), "test"), now=shop.now
    )
    on(shop, 600)

    promise(shop, *SIX[1:])
    before = standing(shop)
    shop.judge()

    assert (before.is_silenced, standing(shop).is_silenced) == (True, True)
    assert shop.told() == []


def test_of_slos_of_two_services_it_is_silenced_with_neither_and_told_of_neither(
    shop: Shop,
) -> None:
    path = shop.config.path
    path.write_text(path.read_text().replace('service = "shop"', 'service = "bank"', 2))
    shop.config = load(path, {}, with_sources=False)
    shop.store.apply(
        Silenced(a_silence(Scope.SERVICE, "shop", since=shop.now), "test"), now=shop.now
    )

    on(shop, 600)

    assert (shop.told(), standing(shop).is_silenced) == (["firing"], False)
    assert labels(shop)[0][0] == ""


def test_now_and_the_list_of_alerts_name_the_first_and_count_the_rest(shop: Shop) -> None:
    on(shop, 600)

    page = now_of(Scene(shop.config, shop.store.reader, shop.now))
    (row,) = live_block(ledger(shop.store.reader.alerts, shop.now, since=0)).rows

    (blind,) = page.handled.blind
    assert blind.words == "no data, the first since 14:00 UTC: 6 SLOs cannot be judged"
    assert (blind.address, blind.about) == ("/health", {"source": "shop"})
    assert "books and 5 more" in str(others_rows(page.others, page.handled))
    assert row[0].words == "books and 5 more"
    assert page.folded == ""
