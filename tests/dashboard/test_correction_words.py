"""Corrections in words: days and times where they are all of a rule, and time told as time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import HOUR_S, NOON, states
from verdict_builders import an_slo, one_judged, stored

from collectors.store.corrections import target_of
from collectors.store.store import Store
from dashboard.views.corrections.words import both_words, rule_words, when_words
from slo.corrections import Correction, CorrectionKind, Scope
from slo.indicator import Uptime
from slo.recurrence import Recurrence
from slo.spans import Span

DRILL = Correction(
    key="c",
    kind=CorrectionKind.MAINTENANCE,
    scope=Scope(("checkout",)),
    when=Span(NOON - 1_800, NOON),
    reason="a drill",
    author="Ada",
)


@pytest.mark.parametrize(
    ("rule", "length_s", "said"),
    [
        ("FREQ=DAILY", 1_500, "daily, 23:50 to 00:15 UTC; from 1 Jan 2026"),
        ("FREQ=WEEKLY;BYDAY=SU", 600, "Sundays, 23:50 to 00:00 UTC; from 1 Jan 2026"),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE,SU",
            600,
            "Mondays, Wednesdays and Sundays, 23:50 to 00:00 UTC; from 1 Jan 2026",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2",
            600,
            "weekly for 10 m at 23:50 UTC; FREQ=WEEKLY;INTERVAL=2, from 1 Jan 2026",
        ),
        (
            "FREQ=MONTHLY;BYDAY=2SU",
            600,
            "monthly for 10 m at 23:50 UTC; FREQ=MONTHLY;BYDAY=2SU, from 1 Jan 2026",
        ),
        ("FREQ=DAILY", 630, "daily for 10 m 30 s at 23:50 UTC; FREQ=DAILY, from 1 Jan 2026"),
    ],
)
def test_a_rule_is_told_by_its_days_and_times_where_these_are_all_of_it(
    rule: str, length_s: int, said: str
) -> None:
    when = Recurrence(rule, datetime(2026, 1, 1, 23, 50), length_s, ZoneInfo("UTC"))

    assert f"{when_words(when)}; {rule_words(when)}" == said


@pytest.mark.parametrize(
    ("state", "said"),
    [("d", "30 m, all of it down, is taken out"), ("ddu", "30 m, 20 m of it down, is taken out")],
)
def test_corrected_time_is_told_as_time(tmp_path: Path, state: str, said: str) -> None:
    up = Uptime('probe{service="checkout"}')
    told = "u" * 150 + (state * 31)[:31]
    probes = states(told, since=NOON - 3 * HOUR_S, valid_s=60)
    url = stored(tmp_path, probes, indicators=(up,))
    with Store.open(url, now=NOON) as store:
        store.corrections.put(DRILL, (target_of("shop", up),), actor="x", now=NOON)

    assert said in both_words(one_judged(url, an_slo("99", indicator=up)))
