"""What lint says of rows that no share can fire, of members, of time, and how versions are told."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
from builders import DAY_S, HOUR_S, NOON
from page_builders import up
from verdict_builders import an_slo

from collectors.store.store import Store
from dashboard.shell.definitions import keep
from dashboard.views.compliance.history_words import block as history_block
from dashboard.views.compliance.versions import histories
from dashboard.views.linting.advice import members_advice
from dashboard.views.linting.making import lint
from dashboard.views.linting.words import lines, traffic_words, verdict
from dashboard.views.machines.history import document as history_document
from slo.burn import default_policy
from slo.policy import BurnRow, Severity
from slo.reach import reaches

DAYS_30 = 30 * DAY_S
PAGE = BurnRow(Severity.PAGE, Fraction(2, 100), HOUR_S, 300)


def test_a_row_that_no_share_of_bad_events_fires_is_a_problem_with_the_largest_burn() -> None:
    found = lint(an_slo("90"), (PAGE,), DAYS_30, Fraction(5))

    (said,) = found.advice
    assert found.is_broken
    assert said.words == (
        "page over 1 h and 5 min: can never fire: at 90 % the largest burn is 10×; write a longer "
        "long window"
    )
    assert verdict([found]) == "1 of 1 objective cannot be relied on"


def test_a_factor_a_share_and_a_budget_near_nothing_are_told_as_what_they_are() -> None:
    slo = an_slo("99.999999999")
    row = replace(PAGE, share=Fraction(1, 10**14))

    told = lines([lint(slo, (row,), DAYS_30, Fraction(1))], 100)

    # 1e-14 of the budget in 1 of 720 hours; the budget is 1e-11 of 2,592,000 requests.
    assert any("0.0000000000072×" in line for line in told)
    assert any("0.0000000000000000000072 % failed" in line for line in told)
    assert any("is 0.00002592 of a request" in line for line in told)


def test_lint_names_what_is_odd_at_the_top_the_problems_first() -> None:
    well = lint(replace(an_slo("99"), name="well"), (PAGE,), DAYS_30, Fraction(5))
    thin = lint(replace(an_slo("99"), name="thin"), (PAGE,), DAYS_30, Fraction(1, 720))
    never = lint(replace(an_slo("90"), name="never"), (PAGE,), DAYS_30, Fraction(5))

    told = lines([well, thin, never], 100)

    assert (well.advice, thin.is_broken) == ((), False)
    assert told[1].startswith("× never: page over 1 h and 5 min: can never fire")
    assert told[2].startswith("▾ thin: page over 1 h and 5 min: one failed request fires it")
    titles = [line.split(":")[0] for line in told if ": 9" in line]
    assert titles == ["never", "thin", "well"]
    hourly = lint(an_slo("99"), (PAGE,), DAYS_30, Fraction(1, 60))
    assert traffic_words(hourly) == "Measured: 60 requests an hour."


def test_time_is_never_too_little_unless_a_guard_waits_for_more_than_there_is() -> None:
    slo = replace(an_slo("90", indicator=up()), min_bad_events=4_000)
    row = replace(PAGE, share=Fraction(1, 100), min_bad_events=4_000)

    found = lint(slo, (row,), DAYS_30, Fraction(1))

    assert found.advice[0].words.endswith(
        "it needs 1 h 6 m of 1 h; write min_bad_events = 1800 or less"
    )
    assert traffic_words(found) == "Counts time, of which there is always as much."


def test_members_with_too_little_traffic_are_counted_among_all() -> None:
    objective = an_slo("99").objective
    policy = default_policy(objective, DAYS_30)
    rates = Fraction(1, 900), Fraction(5)
    thin, busy = (reaches(policy, objective, DAYS_30, rate) for rate in rates)

    (said,) = members_advice([thin, busy, thin])

    assert list(members_advice([busy])) == []
    assert said.words.startswith("2 of 3 members have so little traffic that one bad event")
    assert not said.is_problem


def test_traffic_is_told_in_the_smallest_unit_that_holds_ten() -> None:
    said = [
        traffic_words(lint(an_slo("99"), (PAGE,), DAYS_30, rate))
        for rate in (Fraction(12), Fraction(1, 2), Fraction(1, 3_600), Fraction(1, 500_000), None)
    ]

    assert said == [
        "Measured: 12 requests a second.",
        "Measured: 30 requests a minute.",
        "Measured: 24 requests a day.",
        "Measured: 0.1 requests a day.",
        "No traffic was measured, so counts are left open.",
    ]


def test_each_version_says_what_was_new_and_one_taken_back_that_it_never_held(
    tmp_path: Path,
) -> None:
    first, other = an_slo("99"), an_slo("99", indicator=up(), policy=(PAGE,))
    later = replace(an_slo("99.9"), effective=NOON + 9 * DAY_S)
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as store:
        for slo, now in ((first, NOON), (later, NOON + 60), (other, NOON + DAY_S)):
            keep(store, [slo], now)
        (found,) = histories(store.reader, [other], ZoneInfo("UTC"), NOON + 2 * DAY_S)

    present, taken_back, beginning = history_block(found).rows
    assert present[4].words == (
        "objective 99.9 → 99; indicator ratio absent no-data, total requests → uptime combine "
        "majority, probe probe, valid_s 60; alert rows none → page 1/50 of the budget in 3600 s "
        "and 300 s"
    )
    assert [cell.words for cell in taken_back[2:4]] == ["never, was to be 10 Jan 2026 12:00", "–"]
    assert [cell.words for cell in beginning[2:5]] == [
        "the beginning",
        "2 Jan 2026 12:00",
        "the first",
    ]


def test_a_version_of_which_only_the_beginning_moved_says_from_when_to_when(
    tmp_path: Path,
) -> None:
    begins = NOON + 9 * DAY_S, NOON + 20 * DAY_S
    slos = [replace(an_slo("99.9"), effective=at) for at in begins]
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as store:
        for at, slo in enumerate((an_slo("99"), *slos)):
            keep(store, [slo], NOON + 60 * at)
        (found,) = histories(store.reader, [slos[-1]], ZoneInfo("UTC"), NOON + DAY_S)

    said = [row[4].words for row in history_block(found).rows]
    assert said == [
        "in force from 10 Jan 2026 12:00 → 21 Jan 2026 12:00",
        "objective 99 → 99.9",
        "the first",
    ]
    (entry,) = orjson.loads(orjson.dumps(history_document([found], NOON)))["slos"]
    assert [one["changes"] for one in entry["versions"]] == [
        [{"key": "effective", "from": "2026-01-10T12:00:00Z", "to": "2026-01-21T12:00:00Z"}],
        [{"key": "objective", "from": "99", "to": "99.9"}],
        [],
    ]
