"""A member of a group that fires: every surface names it and shows its figures, none of the sum's.

Region eu served 10,000 requests a minute for five hours and then 1,000 for one, of which 200
failed: 20 times the 1 % allowed, 12,000 of 3,060,000 in all, so 39.2 % of its budget is spent and
the rest lasts 0.6078 / 20 of 30 days: 21 h 52 m. With us, which is well, it is one in 3,255.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import HOUR_S, NOON, minutes, series

from collectors.contract import Batch, Stream
from collectors.store.alert_book import StoredNotice
from collectors.store.quieting import Acknowledged
from collectors.store.store import Store
from dashboard.config import Config, load
from dashboard.notify.wire import of_json
from dashboard.shell import quieting
from dashboard.shell.alerting import evaluate_alerts
from dashboard.views.alerts.blocks import ledger
from dashboard.views.alerts.burning_words import left_sentence, sentence
from dashboard.views.apart_words import members_block
from dashboard.views.counted.families import alarms
from dashboard.views.headline import headline
from dashboard.views.machines import check
from dashboard.views.pages.fleet import judged
from dashboard.views.pages.now import now_of
from dashboard.views.pages.objective import ObjectivePage, Wish, objective_page
from dashboard.views.pages.objective_words import verdict_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.alerting import AlertKind
from slo.errors import InputError
from slo.facts import TallyRows
from slo.judgement import Now

CONFIG = """
[alerts]
address = "https://slo.example.org"
[[channel]]
name = "am"
kind = "alertmanager"
url = "http://127.0.0.1:9093"
[[source]]
kind = "files"
name = "shop"
every = "1m"
[[source.file]]
path = "none.csv"
holds = "requests"
[[slo]]
name = "checkout"
service = "shop"
objective = 99
total = "requests"
group_by = ["region"]
"""
COMPOSITE = """
[[slo]]
name = "calm"
objective = 99
total = 'requests{region="us"}'
[[slo]]
name = "all"
objective = 99
composite = "worst-member"
members = ["checkout", "calm"]
"""
AT_THIS_RATE = "Budget gone in 21 h 52 m at this rate."


def rows(region: str, *, bad: int, total: int, since: int, until: int) -> TallyRows:
    count = (until - since) // 60
    key = series(region=region)
    return minutes([total - bad] * count, [total] * count, since=since, key=key)


class Regions:
    """Two regions of one shop, judged whenever a test says."""

    def __init__(self, folder: Path) -> None:
        self.path, self.now = folder / "config.toml", NOON
        self.path.write_text(CONFIG)
        self.store = Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOON)
        before, last = NOON - 6 * HOUR_S, NOON - HOUR_S
        self.add(rows("us", bad=0, total=100_000, since=before, until=NOON))
        self.add(rows("eu", bad=0, total=10_000, since=before, until=last))
        self.add(rows("eu", bad=200, total=1_000, since=last, until=NOON))

    @property
    def config(self) -> Config:
        return load(self.path, {}, with_sources=False)

    @property
    def scene(self) -> Scene:
        return Scene(self.config, self.store.reader, self.now)

    def add(self, *facts: TallyRows) -> None:
        for one in facts:
            self.store.ingest("shop", Stream("facts"), Batch((one,)), (), now=self.now)

    def go_on(self, *, eu: int, us: int, length_s: int = HOUR_S) -> None:
        """Both serve on for so long; so many of a thousand, and of a hundred thousand, fail."""
        until = self.now + length_s
        self.add(
            rows("eu", bad=eu, total=1_000, since=self.now, until=until),
            rows("us", bad=us, total=100_000, since=self.now, until=until),
        )
        self.now = until

    def judge(self) -> list[tuple[str, str, bool]]:
        """What began or ended."""
        changed = evaluate_alerts(self.config, self.store, self.now)
        return [(one.subject, one.kind.value, one.is_live) for one in changed]

    def view(self, name: str = "checkout") -> SloView:
        return next(one for one in judged(self.scene) if one.name == name)

    def told(self) -> list[StoredNotice]:
        return list(self.store.reader.alerts.told())


@pytest.fixture
def regions(tmp_path: Path) -> Iterator[Regions]:
    made = Regions(tmp_path)
    yield made
    made.store.close()


def test_the_alert_names_the_member_and_tells_its_figures_alone(regions: Regions) -> None:
    assert regions.judge() == [("checkout/eu", "page", True)]

    notice = of_json(regions.told()[0].body)

    assert notice.summary.startswith("checkout (region eu): 20 % of requests failing for 1 h")
    assert AT_THIS_RATE in notice.summary
    assert notice.lines[0] == "Still burning. 60 % of the 30-day budget left."
    assert notice.lines[-1].startswith("Burns 20.0× the allowed rate over 1 h, 20.0× over 5 min")
    assert dict(notice.labels)["region"] == "eu"
    assert dict(notice.links)["Objective"].endswith("/objective?id=checkout%2Feu")


def test_labels_by_which_an_alert_is_known_are_the_same_at_its_end(regions: Regions) -> None:
    regions.judge()
    regions.go_on(eu=0, us=0)
    regions.judge()
    regions.go_on(eu=0, us=0)
    regions.judge()

    first, *_, last = (of_json(one.body) for one in regions.told() if " page " in one.alert)

    assert last.happening.value == "resolved"
    assert last.labels == first.labels
    assert last.subject == first.subject == "checkout/eu"


def test_each_member_that_fires_has_an_alert_of_its_own(regions: Regions) -> None:
    regions.add(rows("ap", bad=100, total=500, since=NOON - HOUR_S, until=NOON))

    assert {one[0] for one in regions.judge()} == {"checkout/ap", "checkout/eu"}


def test_none_begins_for_a_member_while_the_sum_says_as_much(regions: Regions) -> None:
    regions.add(rows("ap", bad=50_000, total=100_000, since=NOON - HOUR_S, until=NOON))

    assert regions.judge() == [("checkout", "page", True)]
    (view,) = judged(regions.scene)
    assert alarms(view) == (view,)
    assert view.fires_for is None


def test_what_fires_for_a_member_goes_on_when_the_sum_begins_to(regions: Regions) -> None:
    regions.judge()
    regions.go_on(eu=200, us=40_000)

    assert regions.judge() == [("checkout", "page", True)]
    live = {(one.subject, one.kind) for one in regions.store.reader.alerts.live()}
    assert ("checkout/eu", AlertKind.PAGE) in live


def test_an_alert_of_a_member_that_falls_silent_ends_with_an_hour_of_the_others(
    regions: Regions,
) -> None:
    regions.judge()
    since, until = NOON, NOON + 2 * HOUR_S
    regions.add(rows("us", bad=0, total=100_000, since=since, until=until))
    regions.now = until - 600
    assert regions.judge() == []
    regions.now = until

    assert regions.judge() == [("checkout/eu", "page", False)]


def test_now_shows_the_member_with_its_own_figures(regions: Regions) -> None:
    regions.judge()

    page = now_of(regions.scene)

    assert page.gravest is not None
    assert sentence(page.gravest).startswith("checkout (region eu): 20 % of requests failing")
    assert sentence(page.gravest).endswith(AT_THIS_RATE)
    assert left_sentence(page.gravest.view) == "60 % of the 30-day budget left."
    assert page.handled.of(page.gravest.view) is not None
    assert page.apart[0] == "Of 2 members eu fires."
    assert headline(judged(regions.scene)).startswith("checkout (region eu) is paging;")


def test_the_page_of_the_group_says_which_member_fires_and_sets_the_whole_apart(
    regions: Regions,
) -> None:
    page = objective_page(regions.scene, Wish("checkout"))

    assert isinstance(page, ObjectivePage)
    assert verdict_words(page.view) == (
        "checkout (region eu) is paging: burning 20.0× over 1 h, 60 % of its budget left;"
        " of the whole 96 %"
    )
    assert page.rows[0].burns == "0.2× and 0.2×"
    assert page.rows[0].state == "quiet; fires for region eu: 20.0× and 20.0×"
    left, _, burn, _, gone = (one.figure for one in page.figures)
    assert (left.value, left.note) == ("96 %", "of the whole, region eu: 60 %")
    assert (burn.value, burn.note) == ("20.0×", "region eu; the whole 0.2×, 6 h <0.1×")
    assert gone.value == "21 h 52 m"
    assert gone.note.startswith("region eu, at the 1 h rate")
    assert gone.note.endswith("; the whole –")


def test_check_says_for_which_member_it_pages(regions: Regions) -> None:
    lines = check.lines(judged(regions.scene))

    assert lines[1].startswith("CRITICAL checkout: paging for region eu, 96 % left")
    assert lines[2].startswith("CRITICAL checkout/eu: paging, 60 % left")


def test_a_composite_has_its_group_in_the_state_that_the_group_is_in(regions: Regions) -> None:
    regions.path.write_text(CONFIG + COMPOSITE)
    checkout, whole = regions.view(), regions.view("all")

    part = whole.parts[0]

    assert part.judgement.now is checkout.judgement.now is whole.judgement.now is Now.PAGING
    assert part.firing == checkout.firing
    assert members_block(whole).note == "1 of 2 to look at"
    assert members_block(whole).rows[0][1].words == "paging"
    assert verdict_words(whole).startswith("all (checkout, region eu) is paging: burning 20.0×")
    assert whole.alarming.name == "all"
    assert whole.alarming.budget_remaining == checkout.alarming.budget_remaining


def test_the_alert_of_a_composite_is_its_own_by_the_figures_of_the_part_that_fires(
    regions: Regions,
) -> None:
    regions.path.write_text(CONFIG + COMPOSITE)
    assert {one[0] for one in regions.judge()} == {"all", "checkout/eu"}

    notice = next(of_json(one.body) for one in regions.told() if one.alert.startswith("all "))

    assert notice.summary.startswith("all (checkout, region eu): 20 % of requests failing for 1 h")
    assert AT_THIS_RATE in notice.summary
    assert notice.lines[0] == "Still burning. 60 % of the 30-day budget left."
    assert dict(notice.links)["Objective"].endswith("/objective?id=all")


def test_who_looks_after_a_group_looks_after_its_members(regions: Regions) -> None:
    regions.judge()
    live = regions.store.reader.alerts.live()

    quieting.refuse_calm("checkout", live)
    quieting.refuse_calm("checkout/eu", live)
    with pytest.raises(InputError, match="check"):
        quieting.refuse_calm("check", live)
    regions.store.apply(Acknowledged("checkout", "ada", "unverified"), now=NOON)

    (alert,) = ledger(regions.store.reader.alerts, NOON, since=0, subjects=["checkout"]).live
    assert alert.acknowledged_by == "ada"


def test_a_member_can_be_silenced_and_asked_for_by_its_name(regions: Regions) -> None:
    body = {"slo": "checkout/eu", "for": "1h", "by": "ada", "reason": "drill"}
    made = quieting.silenced(body, key="k", actor="unverified", received_at=NOON)

    quieting.refuse_unknown(regions.config, made.silence)
    quieting.refuse_unknown_subjects(regions.config, ["checkout/eu"])
    with pytest.raises(InputError):
        quieting.refuse_unknown_subjects(regions.config, ["checkouts/eu"])
