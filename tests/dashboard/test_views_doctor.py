"""Each thing that doctor looks at: when it is well, when it needs a hand, and how to mend it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S

from collectors.findings import Finding, Grade, note, well, wrong
from collectors.store.ground import Ground
from collectors.store.leases import CollectorSeen, Resting, Standing
from collectors.store.opening.space import Space
from dashboard.views.upkeep.doctor import (
    Examined,
    collector_findings,
    document,
    ground_findings,
    lines,
    sqlite_finding,
    zone_finding,
)
from slo.spans import Span

GIB = 2**30
NOW = 1_795_363_200  # 2026-11-22 16:00 UTC
SOUND = Ground(
    path=Path("/var/lib/burnline/burnline.db"),
    user="burnline",
    owner="burnline",
    has_folder=True,
    can_create=True,
    can_write=True,
    size_bytes=73 * 10**6,
    space=Space(100 * GIB, 200 * GIB),
)
ALIVE = CollectorSeen(
    holder="h",
    pid=123,
    host="alpha",
    since=NOW - 7_200,
    seen_at=NOW - 5,
    expires_at=NOW + 25,
    standing=Standing("d1"),
    released=False,
)


def only(findings: object) -> Finding:
    (one,) = findings  # type: ignore[misc]
    assert isinstance(one, Finding)
    return one


def test_the_growth_a_year_follows_from_size_and_covered_time() -> None:
    # 73 MB of 73 days are 365 MB a year.
    found = only(ground_findings(SOUND, Span(NOW - 73 * DAY_S, NOW)))

    assert found.grade is Grade.WELL
    assert "at the pace so far it takes 365 MB a year" in found.what


@pytest.mark.parametrize("covered", [None, Span(NOW - 2 * DAY_S, NOW)])
def test_less_than_three_days_say_nothing_of_a_year(covered: Span | None) -> None:
    assert "year" not in only(ground_findings(SOUND, covered)).what


@pytest.mark.parametrize(
    ("free_bytes", "grade", "said"),
    [
        (63 * 10**6, Grade.WRONG, "until then nothing is written"),
        (200 * 2**20, Grade.WRONG, "make room"),
        (1_100 * 2**20, Grade.NOTE, "it will be full within a year"),
        (50 * GIB, Grade.WELL, ""),
    ],
)
def test_a_disk_that_will_not_do_is_told_before_it_is_full(
    free_bytes: int, grade: Grade, said: str
) -> None:
    fast = replace(SOUND, space=Space(free_bytes, 8 * GIB), size_bytes=10**9)

    found = only(ground_findings(fast, Span(NOW - 73 * DAY_S, NOW)))  # 5 GB a year

    assert (found.grade, said in found.mend) == (grade, True)


@pytest.mark.parametrize(
    ("change", "what", "mend"),
    [
        ({"has_folder": False}, "there is no folder /var/lib/burnline", "mkdir -p"),
        ({"can_create": False}, "cannot be written by burnline", "run as burnline"),
        ({"owner": "root"}, "it belongs to root, but this runs as burnline", "as root"),
        ({"can_write": False}, "burnline owns it, but cannot write it", "chmod u+w /var"),
    ],
)
def test_a_store_that_this_user_cannot_keep_is_told_with_the_way_out(
    change: dict[str, object], what: str, mend: str
) -> None:
    found = next(iter(ground_findings(replace(SOUND, **change), None)))  # type: ignore[arg-type]

    assert found.grade is Grade.WRONG
    assert what in found.what
    assert mend in found.mend


@pytest.mark.parametrize(
    ("version", "grade"),
    [("3.40.1", Grade.NOTE), ("3.51.2", Grade.NOTE), ("3.51.3", Grade.WELL), ("3.60", Grade.WELL)],
)
def test_a_sqlite_with_the_defect_of_two_writers_is_noted(version: str, grade: Grade) -> None:
    assert sqlite_finding(version).grade is grade


def test_a_collector_at_work_on_this_configuration_is_well() -> None:
    assert only(collector_findings(ALIVE, (), "d1", NOW)) == well(
        "process 123 on alpha, at work since 22 Nov 2026 14:00 UTC"
    )


@pytest.mark.parametrize(
    ("seen", "grade", "said"),
    [
        (None, Grade.NOTE, "none has run on schedule"),
        (replace(ALIVE, released=True, seen_at=NOW - 180), Grade.NOTE, "ended in good order"),
        (
            replace(ALIVE, seen_at=NOW - 180, expires_at=NOW - 150),
            Grade.WRONG,
            "process 123 on alpha has not been seen for 3 min: figures stop at 22 Nov 2026 15:57 UTC",
        ),
        (replace(ALIVE, expires_at=NOW), Grade.WRONG, "not been seen for 5 s"),
    ],
)
def test_a_collector_that_is_not_at_work_says_since_when(
    seen: CollectorSeen | None, grade: Grade, said: str
) -> None:
    found = only(collector_findings(seen, (), "d1", NOW))

    assert found.grade is grade
    assert said in found.what
    assert "burnline up" in found.mend


@pytest.mark.parametrize(
    ("standing", "grade", "said"),
    [
        (Standing("d2"), Grade.WRONG, "works by configuration d2, this one is d1"),
        (Standing("d2", config_problem="a.toml:3: no"), Grade.WRONG, "keeps its old configuration"),
        (Standing("d1", paused="disk full"), Grade.WRONG, "writes nothing: disk full"),
        (
            Standing("d1", resting={"shop": Resting(6, NOW + 60, "refused")}),
            Grade.WRONG,
            'source "shop" failed 6 times and is given time: refused',
        ),
        (Standing("d1", slow={"shop": "takes 2.5 s, interval 1 s"}), Grade.NOTE, "takes 2.5 s"),
    ],
)
def test_what_a_collector_complains_of_is_passed_on(
    standing: Standing, grade: Grade, said: str
) -> None:
    alive, complaint = collector_findings(replace(ALIVE, standing=standing), (), "d1", NOW)

    assert alive.grade is Grade.WELL
    assert (complaint.grade, said in complaint.what) == (grade, True)


def test_the_time_zone_says_what_time_it_is_there() -> None:
    found = zone_finding(ZoneInfo("Asia/Kathmandu"), NOW)

    assert "Asia/Kathmandu, where it is 21:45" in found.what


def test_each_finding_is_one_line_under_the_others_with_its_mend() -> None:
    found = (
        Examined("config", well("fine")),
        Examined('source "a"', wrong("two\nlines", "do\nthis")),
        Examined("store", note("old")),
    )

    assert lines(found) == [
        "ok     config      fine",
        'WRONG  source "a"  two lines -> do this',
        "note   store       old",
        "1 thing needs a hand",
    ]
    assert lines(found[:1])[-1] == "all well"
    assert lines((found[0], found[2]))[-1] == "nothing needs a hand; 1 note"


def test_the_json_holds_the_same_and_no_empty_mend() -> None:
    said = document((Examined("store", note("old")), Examined("x", wrong("a", "b"))), NOW)

    assert said == {
        "schema": "burnline.doctor/1",
        "as_of": "2026-11-22T16:00:00Z",
        "is_well": False,
        "findings": [
            {"about": "store", "grade": "note", "what": "old", "mend": None},
            {"about": "x", "grade": "wrong", "what": "a", "mend": "b"},
        ],
    }
