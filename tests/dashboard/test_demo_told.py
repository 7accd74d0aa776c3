"""What the minutes of the demo tell: what fails, where, and what was said of it beforehand."""

from __future__ import annotations

from collections import Counter

import pytest
from builders import MINUTE_S
from demo_facts import NOW, SEED, begun, epoch, rows, said

from collectors.store.store import Store
from dashboard.config import load
from dashboard.demo import beforehand
from dashboard.demo.folder import Folder
from dashboard.demo.story import Story
from dashboard.views.slos.promised import held
from slo.spans import Span


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A demo that was begun and never ran."""
    folder, _ = begun(tmp_path_factory.mktemp("demo") / "demo")
    return folder


def test_no_minute_has_more_good_requests_than_requests(first: Folder) -> None:
    for (kind, _, _), said_of_it in said(first).items():
        if kind in {"requests", "routes", "schemes"}:
            good, total = map(int, said_of_it.split(","))
            assert 0 <= good <= total


def test_the_checkout_fails_since_27_minutes_and_was_deployed_11_minutes_before(
    first: Folder,
) -> None:
    start = NOW - NOW % 60
    counted: dict[int, list[int]] = {}
    for (kind, at, _), counts in said(first).items():
        if kind == "routes":
            so_far = counted.setdefault(epoch(at), [0, 0])
            counted[epoch(at)] = [
                a + int(b) for a, b in zip(so_far, counts.split(","), strict=True)
            ]
    failing = [at for at, (good, total) in counted.items() if good < 0.97 * total]
    *_, deployed = (
        epoch(row["at"])
        for row in rows(first.path / "facts" / "deployments.csv")
        if row["service"] == "checkout"
    )

    assert sorted(failing) == list(range(start - 27 * MINUTE_S, start, 60))
    assert deployed == start - 38 * MINUTE_S


def test_nine_in_ten_of_its_failures_are_of_one_route_that_has_a_twelfth_of_them_otherwise(
    first: Folder,
) -> None:
    onset = epoch("2026-11-22T17:25:00Z")
    bad: Counter[tuple[str, bool]] = Counter()
    for (kind, at, service), counts in said(first).items():
        if kind == "routes":
            good, total = map(int, counts.split(","))
            bad[service, epoch(at) >= onset] += total - good

    shares = {
        is_now: bad["checkout POST /pay", is_now]
        / sum(count for (_, now), count in bad.items() if now == is_now)
        for is_now in (False, True)
    }
    assert 0.87 < shares[True] < 0.95
    assert shares[False] < 0.2


def test_the_ledger_is_down_on_sundays_from_four_to_twenty_five_past_in_berlin(
    first: Folder,
) -> None:
    states = [
        (epoch(at), state)
        for (kind, at, service), state in said(first).items()
        if (kind, service) == ("probes", "ledger")
    ]

    down = [at for at, state in sorted(states) if state == "down"]
    # 22 Nov 2026 is a Sunday; in Berlin it is an hour later.
    assert (min(down), max(down)) == (epoch("2026-11-22T03:00:00Z"), epoch("2026-11-22T03:24:00Z"))
    assert len(down) == 25


def begun_store(folder: Folder) -> Store:
    story = Story.begin(NOW, seed=SEED, days=2)
    config = load(folder.config_path, {})
    store = Store.open(f"sqlite:///{folder.path / 'burnline.db'}", now=NOW)
    beforehand.say(config, store, story, folder.corrections_path)
    return store


def test_until_the_month_of_its_start_less_was_promised_of_the_api(first: Folder) -> None:
    (slo,) = (one for one in load(first.config_path, {}).slos if one.name == "api-availability")
    with begun_store(first) as store:
        versions = held(slo, store.reader.definitions(slo.name), NOW)

    told = [(str(one.slo.objective.percent), one.since, one.until) for one in versions]
    november = epoch("2026-11-01T00:00:00Z")
    assert told == [("99.9", None, november), ("99.95", november, None)]


def test_the_maintenance_of_sundays_is_corrected_to_the_second(first: Folder) -> None:
    with begun_store(first) as store:
        (stored,) = store.reader.corrections()

    month = Span(epoch("2026-11-21T00:00:00Z"), epoch("2026-12-01T00:00:00Z"))
    assert list(stored.correction.spans_within(month)) == [
        Span(epoch(f"{day}T03:00:00Z"), epoch(f"{day}T03:25:00Z"))
        for day in ("2026-11-22", "2026-11-29")
    ]


def test_a_second_start_says_nothing_again_and_what_was_taken_back_stays_so(
    first: Folder,
) -> None:
    with begun_store(first) as store:
        words = {"author": "Ada", "reason": "it was no maintenance", "actor": "unverified"}
        store.corrections.revoke("ledger-sundays", **words, now=NOW)
        before = store.reader.audit_log()
    with begun_store(first) as store:
        (stored,) = store.reader.corrections()

        assert stored.revoked_at == NOW
        assert store.reader.audit_log() == before
