"""What each correction takes out of a window, or calls good: redone by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S, HOUR_S, NOON, steady
from explained_by_hand import redone, told
from verdict_builders import Shop, an_slo, stored

from collectors.store.store import Reader, Store
from dashboard.config import load
from dashboard.views.counted.figures import evaluate
from dashboard.views.explained.corrected import corrected_steps
from dashboard.views.explained.step import Step
from dashboard.views.upkeep.scene import Scene
from slo.corrections import Correction, CorrectionKind, Scope
from slo.objective import Slo
from slo.recurrence import Recurrence
from slo.spans import RollingWindow, Span
from slo.tally import Treatment

SLO = an_slo("99", window=RollingWindow(7 * DAY_S))
HOT = Span(NOON - DAY_S, NOON - DAY_S + HOUR_S)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A week of a hundred a minute; in one hour of it thirty a minute failed."""
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    return stored(
        tmp_path,
        steady(6 * 1_440, since=NOON - 7 * DAY_S),
        steady(60, bad=30, since=HOT.since),
        steady(1_380, since=HOT.until),
    )


def correct(url: str, key: str, when: Span | Recurrence) -> None:
    said = Correction(
        key=key,
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(),
        when=when,
        reason="a drill",
        author="Ada",
    )
    with Store.open(url, now=NOON) as store:
        store.corrections.put(said, None, actor="unverified", now=NOON)


def explained(folder: Path, url: str, slo: Slo = SLO) -> tuple[Step, ...]:
    with Reader.open(url) as reader:
        (view,) = evaluate([slo], reader, as_of=NOON, sources={"shop": Shop()})
        scene = Scene(load(folder / "config.toml", {}), reader, NOON, is_fixed=True)
        return tuple(corrected_steps(scene, view))


def test_without_a_correction_there_is_nothing_to_redo(tmp_path: Path, url: str) -> None:
    assert explained(tmp_path, url) == ()


def test_what_covers_nothing_that_was_measured_takes_nothing_out(tmp_path: Path, url: str) -> None:
    correct(url, "later", Span(NOON + DAY_S, NOON + 2 * DAY_S))

    assert explained(tmp_path, url) == ()


def test_each_correction_has_its_counts_and_their_sum_is_what_is_taken_out(
    tmp_path: Path, url: str
) -> None:
    # It touches 31 minutes: the first from its middle on.
    correct(url, "drill", Span(HOT.since + 30, HOT.since + 1_860))
    correct(url, "calm", Span(NOON - 600, NOON))

    found = explained(tmp_path, url)

    calm, drill = told(found, "correction")
    assert drill.startswith("drill: maintenance of every objective, 31 Dec 2025 12:00 UTC to 12:31")
    assert drill.endswith("total − good under it = 3,100 − 2,170 = 930 bad")
    assert calm.endswith("10 m of the window; total − good under it = 1,000 − 1,000 = 0 bad")
    # 1,008,000 in all, 1,800 of them bad.
    assert told(found, "corrected") == [
        (
            "good − good under corrections = 1,006,200 − 3,170 = 1,003,030; "
            "total − total under corrections = 1,008,000 − 4,100 = 1,003,900"
        )
    ]
    assert redone(found) == 4


def test_slices_and_whoever_says_so_have_what_was_bad_called_good(tmp_path: Path, url: str) -> None:
    correct(url, "drill", HOT)

    found = explained(tmp_path, url, replace(SLO, corrections=Treatment.AS_GOOD))

    assert told(found, "corrected") == [
        "good + bad under corrections = 1,006,200 + 1,800 = 1,008,000"
    ]


def test_time_that_two_corrections_cover_counts_once_and_that_is_said(
    tmp_path: Path, url: str
) -> None:
    correct(url, "drill", HOT)
    correct(url, "again", Span(HOT.since, HOT.since + 600))

    found = explained(tmp_path, url)

    assert told(found, "overlap") == ["10 m are covered twice, and count once"]
    assert "1,008,000 − 6,000 = 1,002,000" in told(found, "corrected")[0]


def times(rule: str, minutes: int) -> Iterator[Recurrence]:
    start = datetime.fromisoformat("2025-12-01T12:00")
    yield Recurrence(rule, start, minutes * 60, ZoneInfo("UTC"))


def test_a_rule_has_the_counts_of_all_its_times_in_the_window(tmp_path: Path, url: str) -> None:
    correct(url, "nightly", *times("FREQ=DAILY", 60))

    (found,) = told(explained(tmp_path, url), "correction")

    # Seven times 60 minutes, one of them the hot one.
    assert "7 h of the window" in found
    assert found.endswith("total − good under it = 42,000 − 40,200 = 1,800 bad")


def test_of_a_dense_rule_the_stretches_are_counted_and_not_read(tmp_path: Path, url: str) -> None:
    hours = ",".join(map(str, range(24)))
    correct(url, "dense", *times(f"FREQ=DAILY;BYHOUR={hours}", 5))

    (found,) = told(explained(tmp_path, url), "correction")

    assert found.endswith("of the window, in 168 stretches")
