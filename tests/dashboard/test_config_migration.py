"""A `[[migration]]` becomes periods in UTC, and measures that their kinds can make."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from migration_builders import (
    BESIDE,
    BREAK,
    COST,
    FILES,
    INCIDENTS,
    LATENCY,
    MOVED,
    PERIODS,
    PROMETHEUS,
)

from dashboard.config import Config, load
from dashboard.config.migration_def import BreakDef, MigrationDef
from dashboard.measures.kinds import latency_quantile
from slo.errors import ConfigError
from slo.evidence.terms import Better, Goal, Multiple, Op, Role
from slo.indicator import Latency, Ratio
from slo.spans import Span

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

HOUR, DAY = 3_600, 86_400


def configured(text: str) -> Config:
    Path("config.toml").write_text(text, encoding="utf-8")
    return load(Path("config.toml"), {}, with_sources=False)


def migration(text: str) -> MigrationDef:
    (found,) = configured(text).migrations
    return found


def utc(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def test_two_periods_and_one_measure_are_a_whole_migration() -> None:
    found = migration(PERIODS + INCIDENTS)

    assert (found.name, found.title) == ("cloud", "cloud")
    assert found.before == Span(utc(2025, 1, 1), utc(2025, 7, 1))
    assert found.after == Span(utc(2025, 10, 1), utc(2026, 4, 1))
    assert found.transition == Span(utc(2025, 7, 1), utc(2025, 10, 1))
    assert found.evaluate_at == utc(2026, 4, 1)
    assert (found.confidence, found.multiple) == (0.95, Multiple.HOLM)
    assert found.min_coverage == Fraction(4, 5)
    (metric,) = found.metrics
    assert (metric.id, metric.title, metric.role) == ("incidents", "incidents", Role.GOAL)
    assert (metric.source, metric.goal, metric.better) == (None, None, Better.LOWER)


def test_days_in_quotes_mean_what_days_without_mean() -> None:
    quoted = PERIODS.replace("2025-01-01", '"2025-01-01"').replace("2026-04-01", '"2026-04-01"')

    assert migration(quoted + INCIDENTS) == migration(PERIODS + INCIDENTS)


def test_days_begin_at_the_midnight_of_the_migrations_zone_and_else_of_the_files() -> None:
    top = 'timezone = "Europe/Berlin"\n'
    berlin = migration(top + PERIODS + INCIDENTS)
    own = migration(top + PERIODS + 'timezone = "Asia/Kathmandu"\n' + INCIDENTS)

    # 1 January is an hour after UTC, 1 July two.
    assert berlin.before == Span(utc(2025, 1, 1) - HOUR, utc(2025, 7, 1) - 2 * HOUR)
    assert berlin.before.length_s == 181 * DAY - HOUR
    assert berlin.transition == Span(utc(2025, 7, 1) - 2 * HOUR, utc(2025, 10, 1) - 2 * HOUR)
    assert own.before.since == utc(2025, 1, 1) - (5 * HOUR + 45 * 60)


def test_a_day_that_a_zone_left_out_ends_where_it_begins() -> None:
    # Apia went from 29 December 2011 to 31 December: 30 December has no second.
    periods = (
        '[[migration]]\nname = "cloud"\ntimezone = "Pacific/Apia"\n'
        "before = [2011-12-01, 2011-12-30]\nafter = [2011-12-31, 2012-01-31]\n"
    )

    found = migration(periods + INCIDENTS)

    assert found.before.until == found.after.since == utc(2011, 12, 30, 10)
    assert found.transition is None


def test_where_clocks_skip_midnight_the_day_begins_with_its_first_second() -> None:
    # São Paulo put 4 November 2018 00:00 to 01:00: 03:00 UTC.
    periods = (
        '[[migration]]\nname = "cloud"\ntimezone = "America/Sao_Paulo"\n'
        "before = [2018-10-01, 2018-11-04]\nafter = [2018-11-04, 2018-12-01]\n"
    )

    found = migration(periods + INCIDENTS)

    assert found.after.since == utc(2018, 11, 4, 3)
    assert found.transition is None


def test_a_metric_keeps_what_is_written_of_every_kind_and_of_its_own() -> None:
    keys = (
        'title = "API, p95"\nquantile = 99.9\ngoal = "< 500ms"\nsame_within = 10\nservice = "api"\n'
    )

    (metric,) = migration(FILES + PERIODS + LATENCY + keys).metrics

    assert (metric.title, metric.source, metric.service) == ("API, p95", "shop", "api")
    assert metric.goal == Goal(Op.LT, 0.5)
    assert metric.goal_text == "< 500ms"
    assert metric.same_within == Fraction(1, 10)
    assert isinstance(metric.options, latency_quantile.Options)
    assert metric.options.quantile == Fraction(999, 1000)


def test_a_measure_that_knows_no_better_learns_it_from_its_goal() -> None:
    (higher,) = migration(FILES + PERIODS + COST + 'goal = ">= 4.5"\n').metrics
    (lower,) = migration(FILES + PERIODS + COST + 'goal = "< 900"\n').metrics
    (neither,) = migration(FILES + PERIODS + COST + 'role = "context"\n').metrics

    assert (higher.better, lower.better, neither.better) == (Better.HIGHER, Better.LOWER, None)


def test_a_service_moved_on_a_day_of_its_own_counts_requests_on_both_sides() -> None:
    keys = 'settle = "14d"\nold = \'requests{side="old"}\'\nnew = \'requests{side="new"}\'\n'

    (moved,) = migration(FILES + PERIODS + INCIDENTS + MOVED + keys).services

    assert (moved.name, moved.cutover, moved.settle_s) == ("checkout", utc(2025, 8, 14), 14 * DAY)
    assert (moved.old, moved.new) == (Ratio('requests{side="old"}'), Ratio('requests{side="new"}'))
    assert moved.source == "shop"


def test_a_service_may_settle_at_once() -> None:
    (moved,) = migration(FILES + PERIODS + INCIDENTS + MOVED + 'settle = "0d"\n').services

    assert moved.settle_s == 0


def test_a_lone_counter_of_a_prometheus_is_taken_for_all_requests() -> None:
    keys = "old = 'requests{side=\"old\"}'\nnew = 'requests{side=\"new\"}'\n"

    (moved,) = migration(PROMETHEUS + PERIODS + INCIDENTS + MOVED + keys).services

    assert moved.old == Ratio('requests{side="old"}', good='requests{side="old"}')


def test_a_service_may_still_have_to_be_moved() -> None:
    (moved,) = migration(PERIODS + INCIDENTS + '[[migration.service]]\nname = "mail"\n').services

    assert (moved.cutover, moved.settle_s, moved.old) == (None, 0, None)


def test_two_series_side_by_side_stand_where_the_kind_has_its_own() -> None:
    (samples,) = migration(FILES + PERIODS + BESIDE + 'new_name = "Canary"\n').besides
    buckets = BESIDE.replace("request_seconds{", "request_seconds_bucket{")
    (histogram,) = migration(PROMETHEUS + PERIODS + buckets).besides

    assert samples.old.model_dump()["samples"] == 'request_seconds{side="old"}'
    assert samples.new.model_dump()["samples"] == 'request_seconds{side="new"}'
    assert (samples.old_name, samples.new_name) == ("Old", "Canary")
    assert samples.span is None
    assert histogram.old.model_dump()["histogram"] == 'request_seconds_bucket{side="old"}'


def test_the_days_on_which_both_ran_are_days_of_the_migrations_zone() -> None:
    days = "days = [2025-08-01, 2025-09-01]\n"

    (beside,) = migration('timezone = "Europe/Berlin"\n' + FILES + PERIODS + BESIDE + days).besides

    assert beside.span == Span(utc(2025, 8, 1) - 2 * HOUR, utc(2025, 9, 1) - 2 * HOUR)


def test_a_break_is_the_midnight_from_which_all_or_some_measures_differ() -> None:
    some = BREAK + 'metrics = ["incidents", "incidents"]\n'

    found = migration(PERIODS + INCIDENTS + BREAK + some)

    assert found.breaks == (
        BreakDef(utc(2025, 3, 1), "fewer are published"),
        BreakDef(utc(2025, 3, 1), "fewer are published", ("incidents",)),
    )


def test_a_source_collects_once_what_measures_and_promises_need() -> None:
    slo = '[[slo]]\nname = "a"\nobjective = 99\nsamples = \'request_seconds{service="api"}\'\n'
    twice = LATENCY + LATENCY.replace('"p95"', '"p99"') + "quantile = 99\n"

    (source,) = configured(
        PROMETHEUS + slo + 'latency = "1s"\n' + PERIODS + twice + INCIDENTS + BESIDE
    ).sources

    assert source.indicators[0] == Latency(1.0, samples='request_seconds{service="api"}')
    assert len(source.indicators) == len(set(source.indicators)) == 4


def test_without_a_table_the_rules_of_delivery_are_their_defaults() -> None:
    rules = configured("").delivery

    assert rules.environments == ("production", "prod", "live")
    assert (rules.fail_within_s, rules.lead_from, rules.severities) == (DAY, "merged_at", ())


def test_the_rules_of_delivery_are_those_that_are_written() -> None:
    rules = configured(
        '[delivery]\nenvironments = ["live", "live"]\nfail_within = "12h"\n'
        'lead_from = "committed_at"\ntrain_within = "5m"\nseverities = ["1"]\n'
        "count_rollbacks = true\n"
    ).delivery

    assert rules.environments == ("live",)
    assert (rules.fail_within_s, rules.train_within_s) == (12 * HOUR, 300)
    assert (rules.lead_from, rules.severities, rules.count_rollbacks) == (
        "committed_at",
        ("1",),
        True,
    )


def test_the_document_of_claims_is_a_path_beside_the_file_that_need_not_be_there_yet(
    tmp_path: Path,
) -> None:
    assert migration(PERIODS + INCIDENTS).claims is None
    assert migration(PERIODS + 'claims = "told/claims.md"\n' + INCIDENTS).claims == (
        tmp_path / "told" / "claims.md"
    )


@pytest.mark.parametrize("path", ['""', '"a\\u0000.md"', '"a\\nb.md"', "3"])
def test_a_document_that_no_path_can_name_is_refused_on_its_line(path: str) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml:\d+: migration .*claims: must be"):
        configured(PERIODS + f"claims = {path}\n" + INCIDENTS)
