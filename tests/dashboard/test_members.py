"""A group of members: each has a budget of its own, the whole is their sum, one that pages pages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import NOON, minutes, series, states
from small_shop import SOURCE, a_promise
from verdict_builders import an_slo, judged, one_judged, stored

from collectors.store.store import Reader
from dashboard.config import load
from dashboard.views.apart_words import members_block, members_sentence
from dashboard.views.counted.families import is_retired, members_of
from dashboard.views.machines import check, status
from dashboard.views.pages.now import now_of
from dashboard.views.pages.objective import ObjectivePage, Wish, objective_page
from dashboard.views.pages.unfound import Unfound
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.facts import SeriesKind, TallyRows
from slo.indicator import MOST_MEMBERS, Combine, Ratio, Sliced, Split, Uptime
from slo.judgement import Check, Level, Now
from slo.objective import Slo
from slo.splits import splits_of

HOURS = 6 * 60
REGIONS = replace(an_slo("99"), group_by=("region",))


def region(name: str, *, bad: int, total: int = 1000, until: int = NOON) -> TallyRows:
    """Six hours of equal minutes of one region."""
    since = until - 60 * HOURS
    key = series(region=name)
    return minutes([total - bad] * HOURS, [total] * HOURS, since=since, key=key)


def of(view: SloView, value: str) -> SloView:
    return next(one for one in view.parts if one.slo.member[0][1] == value)


def test_a_group_without_any_data_has_no_members_and_is_not_measured(tmp_path: Path) -> None:
    view = one_judged(stored(tmp_path), REGIONS)

    assert view.parts == ()
    assert view.judgement.now is Now.FROZEN


def test_the_whole_is_the_sum_of_its_members(tmp_path: Path) -> None:
    view = one_judged(stored(tmp_path, region("eu", bad=5), region("us", bad=20)), REGIONS)

    assert [one.name for one in view.parts] == ["checkout/eu", "checkout/us"]
    assert view.tally is not None
    assert view.tally.bad == sum(one.tally.bad for one in view.parts if one.tally)
    assert view.tally.total == sum(one.tally.total for one in view.parts if one.tally)


def test_a_member_has_the_budget_of_its_own_events(tmp_path: Path) -> None:
    view = one_judged(stored(tmp_path, region("eu", bad=5), region("us", bad=20)), REGIONS)

    assert of(view, "eu").budget_remaining == pytest.approx(1 - 0.005 / 0.01)
    assert of(view, "us").budget_remaining == pytest.approx(1 - 0.020 / 0.01)
    assert of(view, "us").judgement.level is Level.SPENT
    assert view.budget_remaining == pytest.approx(1 - 0.0125 / 0.01)


def test_a_member_that_pages_pages_though_the_sum_does_not(tmp_path: Path) -> None:
    quiet = region("eu", bad=0, total=100_000)
    view = one_judged(stored(tmp_path, quiet, region("us", bad=500)), REGIONS)

    assert of(view, "eu").judgement.now is Now.QUIET
    assert view.judgement.now is Now.PAGING
    assert view.judgement.level is Level.HEALTHY
    assert view.reasons[0].startswith("us: page-level burn: 50.0×")
    assert check.verdict([view]) is Check.CRITICAL
    assert view.alarming.series_ids == of(view, "us").series_ids
    assert members_sentence(view) == "Of 2 members us fires."


def test_check_names_the_member_that_asks_for_someone(tmp_path: Path) -> None:
    quiet = region("eu", bad=0, total=100_000)
    view = one_judged(stored(tmp_path, quiet, region("us", bad=500)), REGIONS)

    first, whole, member = check.lines([view])

    assert first.startswith("CRITICAL: checkout (region us) is paging")
    assert whole.startswith("CRITICAL checkout: paging for region us, ")
    assert member.startswith("CRITICAL checkout/us: paging")
    (entry,) = check.document([view], NOON)["slos"]  # type: ignore[misc]
    assert [one["name"] for one in entry["members"]] == ["checkout/eu", "checkout/us"]
    assert entry["fires_for"] == "checkout/us"


def test_a_member_whose_budget_is_spent_warns_though_nothing_fires(tmp_path: Path) -> None:
    burst = minutes([0] * 10, [1000] * 10, since=NOON - 86_400 * 5, key=series(region="us"))
    calm = [region("us", bad=0, total=1), region("eu", bad=0, total=100_000)]
    view = one_judged(stored(tmp_path, burst, *calm), REGIONS)

    assert view.judgement.level is Level.HEALTHY
    assert view.judgement.now is Now.QUIET
    assert check.verdict([view]) is Check.WARNING


def test_status_shows_the_members_that_need_someone_below_their_objective(tmp_path: Path) -> None:
    facts = [region(name, bad=0) for name in ("ap", "eu", "sa")]
    view = one_judged(stored(tmp_path, *facts, region("us", bad=500)), REGIONS)

    table = "\n".join(status.lines([view], (), NOON))

    assert "■ paging" in table
    assert "  us " in table
    assert "  3 more members" in table
    assert "  ap " not in table


def test_a_member_that_stopped_an_hour_before_the_others_holds_nothing_up(tmp_path: Path) -> None:
    gone = region("us", bad=500, until=NOON - 3_960)
    view = one_judged(stored(tmp_path, region("eu", bad=0, total=100_000), gone), REGIONS)

    assert is_retired(of(view, "us"), view)
    assert [one.name for one in members_of(view)] == ["checkout/eu"]
    assert view.judgement.now is Now.QUIET
    assert members_block(view).rows[-1][1].words == "gone"


def test_a_member_that_paged_when_it_fell_silent_is_not_taken_back_for_an_hour(
    tmp_path: Path,
) -> None:
    silent = region("us", bad=500, until=NOON - 1_800)
    view = one_judged(stored(tmp_path, region("eu", bad=0, total=100_000), silent), REGIONS)

    assert view.firing
    assert check.verdict([view]) is Check.CRITICAL


def test_series_without_the_label_are_a_member_by_that_name(tmp_path: Path) -> None:
    bare = minutes([1] * 60, [1] * 60, since=NOON - 3_600, key=series())
    view = one_judged(stored(tmp_path, bare, region("eu", bad=0)), REGIONS)

    assert [one.name for one in view.parts] == ["checkout/no region", "checkout/eu"]


def test_of_more_values_than_are_kept_the_first_in_the_alphabet_are_members(
    tmp_path: Path,
) -> None:
    names = [f"r{number:03}" for number in range(MOST_MEMBERS + 3)]
    facts = [
        minutes([9], [10], since=NOON - 60, key=series(region=name)) for name in reversed(names)
    ]
    view = one_judged(stored(tmp_path, *facts), REGIONS)

    assert [one.slo.member[0][1] for one in view.parts] == names[:MOST_MEMBERS]
    assert view.beyond == 3
    assert view.tally is not None
    assert view.tally.total == 10 * len(names)
    block = members_block(view)
    assert block.note.startswith("200 of 203")
    assert "1 % of the events have values beyond the first 200" in block.below[-1]


def test_names_of_values_are_shown_as_they_are_however_hostile(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>" * 20
    view = one_judged(stored(tmp_path, region(hostile, bad=500)), REGIONS)

    name = members_block(view).rows[0][0]

    assert name.words.startswith("<script>")
    assert len(name.words) <= 60
    assert "<" not in name.address


UP = Uptime("probe", combine=Combine.ANY)
PROBES: Slo = replace(an_slo("90", indicator=UP), group_by=("region",))


def test_seconds_of_grouped_probes_are_combined_within_a_group_and_summed(tmp_path: Path) -> None:
    facts = [
        states("u" * 61, since=NOON - 3_600, key=series("probe", SeriesKind.STATUS, region="eu")),
        states("d" * 61, since=NOON - 3_600, key=series("probe", SeriesKind.STATUS, region="us")),
    ]
    url = stored(tmp_path, *facts, indicators=(UP, Split(UP, ("region",))))  # type: ignore[arg-type]

    grouped, alone = judged(url, PROBES, replace(PROBES, group_by=()))

    assert grouped.tally is not None
    assert alone.tally is not None
    assert (grouped.tally.good, grouped.tally.total) == (3_600, 7_200)
    assert (alone.tally.good, alone.tally.total) == (3_600, 3_600)
    assert of(grouped, "us").sli == 0
    assert grouped.coverage == alone.coverage


CONFIG = SOURCE + a_promise(objective="99", group_by='["region"]', breakdown='["region"]')


def test_each_member_has_a_page_and_now_says_which_one_fires(tmp_path: Path) -> None:
    quiet = region("eu", bad=0, total=100_000)
    stored(tmp_path, quiet, region("a/b, c", bad=500))
    (tmp_path / "config.toml").write_text(CONFIG)
    config = load(tmp_path / "config.toml", {}, with_sources=False)
    with Reader.open(config.store_url) as reader:
        scene = Scene(config, reader, NOON)
        whole, page, gone = (
            objective_page(scene, Wish(name))
            for name in ("checkout", "checkout/a/b, c", "checkout/mars")
        )
        now = now_of(scene)

    assert isinstance(gone, Unfound)
    assert set(gone.near) == {"checkout/eu", "checkout/a/b, c"}
    assert isinstance(page, ObjectivePage)
    assert page.view.name == "checkout/a/b, c"
    assert isinstance(whole, ObjectivePage)
    titles = [block.title for drawn in whole.sections for block in drawn.blocks]
    assert titles[:2] == ["Bad events by region", "Members"]
    assert now.apart[0] == "Of 2 members a/b, c fires."
    assert now.apart[1].startswith("a/b, c is 100 % of bad events since ")


def test_members_of_slices_have_slices_of_their_own(tmp_path: Path) -> None:
    sliced = Sliced(Ratio("requests"), 300, Fraction(95, 100))
    slo = replace(an_slo("90", indicator=sliced), group_by=("region",), breakdown=("region",))
    facts = region("eu", bad=0), region("us", bad=100)
    url = stored(tmp_path, *facts, indicators=(sliced, *splits_of(slo)))  # type: ignore[arg-type]

    view = one_judged(url, slo)

    assert of(view, "eu").sli == 1
    assert of(view, "us").sli == 0
    assert view.sli == 1
