"""Which promise was in force when: versions of a definition out of a real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import DAY_S, NOON, minutes, steady
from verdict_builders import an_slo, one_judged, stored

from collectors.store.store import Store
from dashboard.shell.definitions import keep
from dashboard.views.slos.promised import held, in_force_at, promised_at
from slo.errors import StoreError
from slo.objective import Slo
from slo.spans import RollingWindow, Span

OLD, NEW = an_slo("99"), an_slo("99.9")
URL = "sqlite:///%s/burnline.db"


def kept(folder: Path, *promises: tuple[Slo, int]) -> Store:
    """A store that read each of the promises at its moment."""
    store = Store.open(URL % folder, now=NOON)
    for slo, now in promises:
        keep(store, [slo], now)
    return store


def targets(store: Store, slo: Slo, *moments: int) -> list[str]:
    versions = store.reader.definitions(slo.name)
    return [f"{promised_at(slo, versions, at).objective.percent}" for at in moments]


def test_a_past_moment_has_the_target_then_in_force_and_now_the_present_one(tmp_path: Path) -> None:
    with kept(tmp_path, (OLD, NOON - 9 * DAY_S), (NEW, NOON)) as store:
        assert targets(store, NEW, 0, NOON - DAY_S, NOON, NOON + 1) == ["99", "99", "99", "99.9"]


def test_a_promise_for_later_is_in_force_from_the_second_that_it_names(tmp_path: Path) -> None:
    later = replace(NEW, effective=NOON + DAY_S)

    with kept(tmp_path, (OLD, NOON - DAY_S)) as store:
        assert targets(store, later, NOON, NOON + DAY_S, NOON + DAY_S + 1) == ["99", "99", "99.9"]
        keep(store, [later], NOON)
        assert targets(store, later, NOON, NOON + DAY_S, NOON + DAY_S + 1) == ["99", "99", "99.9"]


def test_a_promise_withdrawn_before_it_came_into_force_never_was(tmp_path: Path) -> None:
    later = replace(NEW, effective=NOON + 9 * DAY_S)

    with kept(tmp_path, (OLD, NOON - DAY_S), (later, NOON), (OLD, NOON + DAY_S)) as store:
        assert targets(store, OLD, NOON + 10 * DAY_S) == ["99"]
        versions = store.reader.definitions("checkout")
        assert [one.version for one in held(OLD, versions, NOON + 20 * DAY_S)] == [1, 3]


def test_a_day_moved_before_it_came_is_another_version_of_the_same_promise(tmp_path: Path) -> None:
    december, january = NOON + 9 * DAY_S, NOON + 40 * DAY_S
    moved = replace(NEW, effective=january)

    with kept(
        tmp_path, (OLD, NOON), (replace(NEW, effective=december), NOON + 1), (moved, NOON + DAY_S)
    ) as store:
        assert targets(store, moved, december + DAY_S, january + 1) == ["99", "99.9"]
        keep(store, [moved], NOON + 2 * DAY_S)
        assert len(store.reader.definitions("checkout")) == 3


def test_a_day_taken_out_of_the_file_after_it_came_changes_nothing(tmp_path: Path) -> None:
    since = NOON + DAY_S
    with kept(tmp_path, (OLD, NOON), (replace(NEW, effective=since), NOON + 1)) as store:
        keep(store, [NEW], since + 60)

        assert len(store.reader.definitions("checkout")) == 2


def test_a_day_taken_out_before_it_came_means_from_now_on(tmp_path: Path) -> None:
    with kept(tmp_path, (OLD, NOON), (replace(NEW, effective=NOON + DAY_S), NOON + 1)) as store:
        keep(store, [NEW], NOON + 60)

        assert targets(store, NEW, NOON + 60, NOON + 61) == ["99", "99.9"]


def test_a_change_that_no_collection_has_read_yet_holds_from_the_look_on(tmp_path: Path) -> None:
    with kept(tmp_path, (OLD, NOON - DAY_S)) as store:
        versions = store.reader.definitions("checkout")

        assert promised_at(NEW, versions, NOON) == NEW
        assert [(one.version, one.since) for one in held(NEW, versions, NOON)] == [
            (1, None),
            (None, NOON),
        ]


def test_without_any_version_the_configuration_always_held(tmp_path: Path) -> None:
    with kept(tmp_path) as store:
        assert in_force_at(store.reader, [NEW], NOON - 999 * DAY_S) == (NEW,)
        (only,) = held(NEW, (), NOON)
        assert only.within(Span(0, NOON)) == Span(0, NOON)


def test_a_version_that_cannot_be_read_is_told_and_hides_no_other(tmp_path: Path) -> None:
    with kept(tmp_path, (OLD, NOON - 2 * DAY_S)) as store:
        strange = {"indicator": {"kind": "oracle"}}
        store.define("checkout", strange, now=NOON - DAY_S)
        keep(store, [NEW], NOON)
        versions = store.reader.definitions("checkout")

        with pytest.raises(StoreError, match='version 2 of slo "checkout"'):
            promised_at(NEW, versions, NOON)
        assert promised_at(NEW, versions, NOON + 1) == NEW


def test_the_past_is_judged_by_the_target_window_and_indicator_of_then(tmp_path: Path) -> None:
    """1 % bad: the budget of 99 % is spent exactly, that of 99.9 % ten times."""
    url = stored(
        tmp_path,
        steady(1_440, bad=1, since=NOON - DAY_S),
        minutes([1], [1], since=NOON),
    )
    old, new = an_slo("99", window=RollingWindow(DAY_S)), an_slo("99.9")
    with Store.open(url, now=NOON) as store:
        keep(store, [old], NOON - 2 * DAY_S)
        keep(store, [new], NOON)

    before, after = one_judged(url, new), one_judged(url, new, as_of=NOON + 60)

    assert (before.window_kind, after.window_kind) == ("1d", "30d")
    assert before.budget_remaining == 0
    assert after.budget_remaining is not None
    assert after.budget_remaining < -8
