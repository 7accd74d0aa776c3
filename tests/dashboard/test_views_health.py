"""What the page *Data health* says, on the drawn moment as a real store; shares by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import DAY_S
from fleet_history import AS_OF, DATA_UNTIL, FELL_SILENT, FROZE, LINES, filled

from collectors.store.leases import Resting, Standing
from collectors.store.reader import Reader
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from dashboard.config import Config, load
from dashboard.views.pages.health import HealthPage, SourceRow, health_of
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_words import State

# The 28 days begin at midnight; the last one is as long as it has been so far.
SO_FAR_S = 27 * DAY_S + AS_OF % DAY_S


def page_of(config: Path | Config, as_of: int = AS_OF, *, fixed: bool = False) -> HealthPage:
    """The page of the folder's store."""
    loaded = load(config, {}, with_sources=False) if isinstance(config, Path) else config
    with Reader.open(loaded.store_url) as reader:
        return health_of(Scene(loaded, reader, as_of, fixed))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> HealthPage:
    """The page of the drawn moment."""
    return page_of(filled(tmp_path_factory.mktemp("fleet")))


def row(page: HealthPage, name: str) -> SourceRow:
    return next(one for one in page.rows if one.name == name)


def test_the_headline_names_what_needs_a_hand_and_how_it_stands(whole: HealthPage) -> None:
    assert whole.headline == (
        "2 of 4 sources need a hand: cloudwatch is failing, rum-export is late"
    )
    assert whole.frozen == (
        "2 of 8 objectives cannot be judged now. Their alerts are frozen, not resolved."
    )


def test_a_failing_source_has_its_reason_and_a_silent_one_its_newest_row(
    whole: HealthPage,
) -> None:
    assert row(whole, "cloudwatch").words == (
        "Refused, HTTP 403: the role may not call GetMetricData."
    )
    assert row(whole, "rum-export").words == (
        "It answers, but its newest row is from 18 Nov 2026 04:12 UTC."
    )
    assert row(whole, "prometheus").words == "–"


def test_coverage_is_measured_seconds_over_all_seconds_of_the_days_so_far(
    whole: HealthPage,
) -> None:
    missing_s = {"cloudwatch": AS_OF - FROZE, "rum-export": AS_OF - FELL_SILENT, "prometheus": 0}

    for name, seconds in missing_s.items():
        share = 1 - Fraction(seconds, SO_FAR_S)
        words = "100 %" if share == 1 else f"{int(share * 1_000) / 10:.1f} %"
        assert row(whole, name).coverage == words


def test_each_day_has_its_own_share_and_a_day_that_was_not_measured_is_zero(
    whole: HealthPage,
) -> None:
    days = row(whole, "rum-export").days

    assert days[:23] == (1,) * 23
    assert days[23] == Fraction(FELL_SILENT % DAY_S, DAY_S)
    assert days[24:] == (0,) * 4


def test_a_source_of_events_measures_nothing_and_says_what_it_tells(whole: HealthPage) -> None:
    github = row(whole, "github")

    assert (github.coverage, github.lag, github.state) == ("–", "–", State.OK)
    assert github.days == (None,) * 28
    assert github.feeds == "deployments"
    assert row(whole, "prometheus").feeds == "6 objectives"


def test_open_holes_begin_at_the_minute_in_which_data_ended(whole: HealthPage) -> None:
    said = [(one.source, one.span, one.length) for one in whole.holes]

    assert said == [
        ("cloudwatch", "14:05 UTC, open", "1 h 37 m"),
        ("rum-export", "18 Nov 2026 04:12 UTC, open", "4 d 11 h"),
    ]


def test_a_closed_hole_names_its_objective_and_is_exact_to_the_minute(tmp_path: Path) -> None:
    since, until = DATA_UNTIL - 3 * DAY_S - 7 * 60, DATA_UNTIL - 3 * DAY_S + 55 * 60
    checkout = replace(LINES[0], holes=(since, until))
    page = page_of(filled(tmp_path, checkout, LINES[1]))

    (hole,) = page.holes
    assert hole.span == "19 Nov 2026 15:33 UTC to 16:35 UTC, checkout availability only"
    assert hole.length == "1 h 2 m"
    # Two objectives: the hole is half of what was to be measured then.
    share = 1 - Fraction(until - since, 2 * (SO_FAR_S - 120))
    assert row(page, "prometheus").coverage == f"{int(share * 1_000) / 10:.1f} %"


def test_the_kind_of_source_says_whether_a_hole_can_be_filled(tmp_path: Path) -> None:
    since, until = DATA_UNTIL - 3 * DAY_S, DATA_UNTIL - 3 * DAY_S + 3_600
    path = filled(tmp_path, replace(LINES[0], holes=(since, until)), LINES[1])
    config = load(path, {}, with_sources=False)
    by_hand = tuple(replace(one, fills_holes="only by hand") for one in config.sources)

    (hole,) = page_of(config).holes
    (odd,) = page_of(replace(config, sources=by_hand)).holes

    assert hole.mend == "if the files hold it"
    assert odd.mend == "only by hand"


def test_a_source_that_was_never_asked_says_so_and_one_that_is_not_asked_any_more_is_late(
    tmp_path: Path,
) -> None:
    config = filled(tmp_path, LINES[0])
    page = page_of(config, AS_OF + 3_600)

    assert row(page, "prometheus").state is State.LATE
    assert "does the collector run?" in row(page, "prometheus").words


def test_a_run_that_ends_within_the_seconds_that_visitors_share_is_on_record(
    tmp_path: Path,
) -> None:
    config = filled(tmp_path, LINES[0])
    loaded = load(config, {}, with_sources=False)
    with Store.open(loaded.store_url, now=AS_OF) as store:
        store.record(RunRecord("prometheus", AS_OF + 2, AS_OF + 9))

    found = row(page_of(config), "prometheus")

    assert (found.state, found.words) == (State.OK, "–")


def test_a_source_that_is_given_time_says_how_often_it_failed_and_when_it_is_asked_again(
    tmp_path: Path,
) -> None:
    config = filled(tmp_path)
    standing = Standing("", resting={"cloudwatch": Resting(19, AS_OF + 180)})
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        store.beat("ops-2", standing, now=AS_OF)

    assert row(page_of(config), "cloudwatch").words.endswith("19 tries, the next at 15:45 UTC.")


def test_the_name_of_a_file_is_never_capitalised(tmp_path: Path) -> None:
    config = filled(tmp_path)
    lost = "a.csv: there is no such file\n  at:  a.csv"
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        store.record(RunRecord("prometheus", AS_OF - 9, AS_OF - 8, lost))

    said = row(page_of(config), "prometheus").words

    assert said.startswith("a.csv: there is no such file. Last good")


def test_a_run_that_failed_in_part_says_how_much_and_with_what(tmp_path: Path) -> None:
    config = filled(tmp_path)
    failures = {"checkout_total": "timed out"}
    run = RunRecord("prometheus", AS_OF - 9, AS_OF - 8, "in part", streams=4, failures=failures)
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        store.record(run)

    found = row(page_of(config), "prometheus")

    assert found.state is State.PART
    assert found.words.startswith("1 of 4 streams failing. checkout_total: timed out.")


def test_this_burnline_tells_of_collector_backup_and_both_digests(tmp_path: Path) -> None:
    config = filled(tmp_path)
    loaded = load(config, {}, with_sources=False)
    with Store.open(loaded.store_url, now=AS_OF) as store:
        store.beat("ops-2", Standing(config_digest="f" * 12), now=AS_OF)
        store.audit(actor="a", action="backup", subject="b.db", detail={}, now=AS_OF - 7_200)

    house = dict(page_of(config).house)

    assert house["Collector"] == (
        "last pass 15:41 UTC (cloudwatch), took 1 s; lease held by ops-2, process 71"
    )
    assert house["Backup"] == "22 Nov 2026 13:42 UTC, checked whole, 2 h ago"
    assert house["Config"] == f"{loaded.digest[:6]} here, ffffff in the collector: kill -HUP 71"
    assert house["Waiting"] == "nothing"


def test_a_store_in_which_nothing_is_yet_still_shows_its_sources(tmp_path: Path) -> None:
    config = filled(tmp_path, LINES[0])
    (tmp_path / "burnline.db").unlink()
    Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF).close()

    page = page_of(config)

    assert {one.state for one in page.rows} == {State.NEVER}
    assert page.headline == "No source was collected yet"
    assert page.holes == ()


def test_sources_without_a_run_are_in_their_first_while_the_collector_is_at_work(
    tmp_path: Path,
) -> None:
    config = filled(tmp_path, LINES[0])
    (tmp_path / "burnline.db").unlink()
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        store.take_lease("ops-2", 71, "ops-2", Standing(""), now=AS_OF)

    page = page_of(config)

    assert {one.state for one in page.rows} == {State.FIRST}
    assert not any(one.needs_hand for one in page.rows)
    count = len(page.rows)
    assert page.headline == f"{count} of {count} sources are in their first collection"
    assert all(one.needs_hand for one in page_of(config, AS_OF + 3_600).rows)


def test_sources_that_answer_while_an_objective_has_no_data_are_not_all_said_to_be_well(
    tmp_path: Path,
) -> None:
    ends = AS_OF - 3 * DAY_S
    config = filled(tmp_path, LINES[0], replace(LINES[1], until=ends))
    sources = config.read_text().split("[[source]]")
    kept = [each for each in sources if "cloudwatch" not in each and "rum-export" not in each]
    config.write_text("[[source]]".join(kept))

    page = page_of(config)

    assert page.headline == (
        "All 2 sources answer, but payments success has had no data since 19 Nov 2026 15:42 UTC"
    )
    assert page.frozen.startswith("1 of 2 objectives cannot be judged now. Its alerts are frozen")


def test_a_moment_that_was_asked_for_tells_of_no_collector_and_misses_no_later_source(
    tmp_path: Path,
) -> None:
    config = filled(tmp_path)

    page = page_of(config, AS_OF - 60 * DAY_S, fixed=True)

    assert {one.state for one in page.rows} <= {State.BEFORE, State.OK}
    assert not any(one.needs_hand for one in page.rows)
    assert [name for name, _ in page.house] == ["Config"]
    assert page.headline.startswith("3 of 4 sources have no data yet: cloudwatch, ")


def test_a_pass_within_one_second_is_not_said_to_take_none(tmp_path: Path) -> None:
    config = filled(tmp_path)
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        store.record(RunRecord("prometheus", AS_OF - 2, AS_OF - 2))

    assert "(prometheus), took under 1 s" in dict(page_of(config).house)["Collector"]


def test_a_file_that_is_not_in_force_is_told_beside_the_digest_that_is(tmp_path: Path) -> None:
    config = filled(tmp_path)
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        standing = Standing("f" * 12, config_problem="config.toml:3: a: unknown key")
        store.beat("ops-2", standing, now=AS_OF)

    assert dict(page_of(config).house)["Config"] == (
        "ffffff; the file as it stands cannot be used and is not in force"
    )


MOVE = """
[[migration]]
name = "move"
before = ["2026-01-01", "2026-02-01"]
after = ["2026-03-01", "2026-04-01"]
metric = [{ id = "a", kind = "snapshot", source = "rum-export", gauge = "a", better = "lower" }]
"""


@pytest.mark.parametrize(
    ("more", "feeds"),
    [("", "nothing: no objective and no migration reads it"), (MOVE, "migration move")],
)
def test_a_source_that_no_objective_reads_says_so(tmp_path: Path, more: str, feeds: str) -> None:
    config = filled(tmp_path, LINES[0])
    config.write_text(config.read_text() + more)

    assert row(page_of(config), "rum-export").feeds == feeds
