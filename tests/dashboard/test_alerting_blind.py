"""Data that are missing: of one SLO alone, of its whole source, and of both one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import SLO, Shop
from builders import DAY_S, HOUR_S, minutes, series

from collectors.contract import Batch, Stream
from collectors.store.quieting import Acknowledged
from dashboard.charts.now import calm, others_rows
from dashboard.config import load
from dashboard.views.pages.now import now_of
from dashboard.views.upkeep.scene import Scene
from slo.alerting import Alert, AlertKind, Phase
from slo.indicator import Ratio
from slo.rules import tally_pick

OTHER = SLO.replace('total = "requests"', 'total = "{name}"')


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with an SLO `mobile` on series of its own, both well up to now."""
    made = Shop(tmp_path)
    path = tmp_path / "config.toml"
    path.write_text(path.read_text() + OTHER.format(name="mobile"))
    made.config = load(path, {}, with_sources=False)
    mobile(made, HOUR_S)
    yield made
    made.store.close()


def mobile(shop: Shop, length_s: int) -> None:
    """An hour of requests of `mobile`, up to the moment."""
    pick = tally_pick(Ratio(total="mobile"))
    key = series(pick.name, rule=pick.rule)
    count = length_s // 60
    rows = minutes([100] * count, [100] * count, since=shop.now - length_s, key=key)
    shop.store.ingest("shop", Stream("mobile"), Batch((rows,)), (), now=shop.now)


def last(shop: Shop, kind: AlertKind) -> Alert | None:
    """The last alert of the kind."""
    return next((one for one in shop.store.reader.alerts.known().alerts if one.kind is kind), None)


def words(shop: Shop, channel: str = "hook") -> list[str]:
    """The first lines that the channel was told, in order."""
    told = shop.store.reader.alerts.told()
    return [str(one.body["summary"]) for one in told if one.channel == channel]


def test_a_dead_series_is_told_as_its_own_since_its_data_ended_and_never_as_its_source(
    shop: Shop,
) -> None:
    ended = shop.now
    shop.serve(bad=0, length_s=600)

    (blind,) = shop.judge()

    assert (blind.subject, blind.kind, blind.began_at) == ("mobile", AlertKind.NO_DATA, ended)
    assert last(shop, AlertKind.STALE) is None
    assert words(shop) == [
        "mobile: no data since 14:00 UTC, though its source goes on: it is not judged."
    ]


def test_a_source_that_stops_after_one_of_its_series_is_news_to_every_channel(shop: Shop) -> None:
    shop.serve(bad=0, length_s=2 * DAY_S)
    shop.judge()
    shop.send()
    shop.store.apply(Acknowledged("mobile", "ada", "test"), now=shop.now)
    stopped = shop.now

    (late,) = shop.judge(after_s=600)

    assert (late.kind, late.subject, late.began_at) == (AlertKind.STALE, "shop", stopped)
    assert late.slos == ("checkout", "mobile")
    for channel in ("hook", "am"):
        said = "Source shop: no data since 14:00 UTC. 2 SLOs cannot be judged: checkout, mobile."
        assert said in words(shop, channel)


def test_a_source_that_stops_at_once_says_so_in_one_alert_though_bins_end_apart(shop: Shop) -> None:
    shop.serve(bad=0, length_s=60)

    kinds = [one.kind for _ in range(20) for one in shop.judge(after_s=60)]

    assert kinds == [AlertKind.STALE]


def test_a_source_that_comes_back_is_on_time_though_one_series_stays_dead(shop: Shop) -> None:
    shop.judge(after_s=HOUR_S)
    shop.now -= HOUR_S
    shop.serve(bad=0, length_s=HOUR_S)

    shop.judge()
    (begun, over) = last(shop, AlertKind.NO_DATA), last(shop, AlertKind.STALE)
    shop.serve(bad=0, length_s=300)
    shop.judge()

    assert begun is not None
    assert over is not None
    assert (begun.subject, over.phase) == ("mobile", Phase.RECOVERING)
    assert not last(shop, AlertKind.STALE).is_live  # type: ignore[union-attr]
    assert last(shop, AlertKind.NO_DATA).is_live  # type: ignore[union-attr]


def test_data_that_come_in_again_end_it_and_a_second_end_is_an_episode_of_its_own(
    shop: Shop,
) -> None:
    shop.serve(bad=0, length_s=600)
    (first,) = shop.judge()
    for _ in range(2):
        shop.serve(bad=0, length_s=600)
        mobile(shop, 600)
        shop.judge()
    ended = shop.now
    shop.serve(bad=0, length_s=600)

    (second,) = shop.judge()

    assert words(shop)[1].startswith("mobile: data come in again since ")
    assert words(shop)[2] == "mobile: data come in again, 30 min after they first ended."
    assert (second.began_at, second.key != first.key) == (ended, True)


def test_data_that_come_and_end_again_within_one_episode_are_told_since_they_last_ended(
    shop: Shop,
) -> None:
    shop.serve(bad=0, length_s=420)
    (first,) = shop.judge()
    shop.serve(bad=0, length_s=60)
    mobile(shop, 60)
    shop.judge()
    shop.serve(bad=0, length_s=420)

    assert shop.judge() == ()

    assert words(shop) == [
        "mobile: no data since 14:00 UTC, though its source goes on: it is not judged.",
        "mobile: data come in again since 14:08 UTC.",
        "mobile: no data since 14:08 UTC, though its source goes on: it is not judged.",
    ]
    assert [one.key for one in shop.store.reader.alerts.live()] == [first.key]
    (blind,) = now_of(Scene(shop.config, shop.store.reader, shop.now)).handled.blind
    assert blind.words == "no data since 14:08 UTC"


def test_a_source_on_time_again_says_nothing_of_an_slo_that_stays_without_data(shop: Shop) -> None:
    shop.judge(after_s=600)
    shop.now -= 600
    shop.serve(bad=0, length_s=600)
    shop.judge()
    shop.serve(bad=0, length_s=300)
    shop.judge()

    assert words(shop)[-1] == "Source shop: on time again, after 15 min."
    assert last(shop, AlertKind.NO_DATA).is_live  # type: ignore[union-attr]


def test_now_shows_what_is_blind_with_a_line_that_leads_to_it_and_what_to_silence(
    shop: Shop,
) -> None:
    shop.serve(bad=0, length_s=600)
    shop.judge()
    shop.send()

    page = now_of(Scene(shop.config, shop.store.reader, shop.now))

    (blind,) = page.handled.blind
    assert blind.words == "no data since 14:00 UTC"
    assert blind.standing.words.startswith("told am 14:10 UTC")
    assert (blind.address, blind.about) == ("/objective?id=mobile", {"slo": "mobile"})
    assert "mobile" not in {one.name for one in page.quiet}
    assert "Nothing asks for anyone" not in str(calm(page))
    assert "/objective?id=mobile" in str(others_rows(page.others, page.handled))


def test_now_tells_of_a_blind_source_once_and_leads_to_the_sources(shop: Shop) -> None:
    shop.judge(after_s=HOUR_S)

    page = now_of(Scene(shop.config, shop.store.reader, shop.now))

    (blind,) = page.handled.blind
    assert blind.words == "late since 14:00 UTC: 2 SLOs cannot be judged"
    assert (blind.address, blind.about) == ("/health", {"source": "shop"})
    assert (page.quiet, page.folded) == ((), "")
