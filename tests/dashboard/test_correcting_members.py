"""A correction of one member of a group, and a file of them: all of it or nothing.

Regions eu and us serve 100 requests a minute for an hour; of those of eu 50 fail in each of the
first 30 minutes: 1,500 of 6,000, 25 times the 60 allowed by 99 %; of both together 1,500 of
12,000, 12.5 times the 120 allowed. Without these minutes nothing failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import HOUR_S, NOON, minutes, series
from small_shop import SOURCE, a_promise

from collectors.contract import Batch, Stream
from collectors.store import inbox
from collectors.store.store import Store
from collectors.store.stored import StoredSeries
from dashboard.config import Config, load
from dashboard.shell.correcting import command
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.following import follow
from dashboard.shell.correcting.said import KIND, handed_in, refuse_revoked
from dashboard.shell.inbound import drain, effect_of
from dashboard.views.counted.figures import evaluate
from slo.corrections import Scope
from slo.errors import ConfigError, InputError
from slo.facts import SeriesKind
from slo.indicator import Ratio
from slo.rules import ratio_name

PROMETHEUS = '[[source]]\nkind = "prometheus"\nname = "prom"\nurl = "http://127.0.0.1:9090"\n'
BY_REGION = {"window": '"7d"', "group_by": '["region"]'}
CONFIG = (
    SOURCE
    + PROMETHEUS
    + a_promise("rows", "99", source='"shop"', **BY_REGION)
    + a_promise("counters", "99", source='"prom"', bad='"errors"', **BY_REGION)
)
WHY = {"kind": "maintenance", "reason": "drill", "by": "ada"}
HALF = {"since": "2026-01-01T12:00Z", "length": "30m"}
TABLE = '[[correction]]\nkind = "maintenance"\nreason = "drill"\nby = "ada"\nslo = ["{slo}"]\n'
WHEN = 'since = "2026-01-01T12:00:00Z"\nfor = "30m"\nkey = "{key}"\n'
BAD, GOOD = [50] * 30 + [100] * 30, [100] * 60
LEFT_AS_MEASURED = {
    "rows": -11.5,
    "rows/eu": -24,
    "rows/us": 1,
    "counters": -11.5,
    "counters/eu": -24,
    "counters/us": 1,
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two groups: rows, whose sum is that of its members, and counters, asked for three times."""
    (tmp_path / "config.toml").write_text(CONFIG)
    return load(tmp_path / "config.toml", {}, with_sources=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An hour of both regions."""
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as opened:
        ratio = ratio_name(Ratio("requests", bad="errors"))
        both = [good + other for good, other in zip(BAD, GOOD, strict=True)]
        put(opened, "prom", ratio, both, 200)
        for region, good in (("eu", BAD), ("us", GOOD)):
            put(opened, "shop", "requests", good, 100, region=region)
            put(opened, "prom", ratio, good, 100, region=region)
        yield opened


def put(store: Store, source: str, name: str, good: list[int], total: int, **labels: str) -> None:
    key = series(name, source=source, **labels)
    rows = minutes(good, [total] * 60, key=key)
    store.ingest(source, Stream(f"{name}{labels}"), Batch((rows,)), (), now=NOON + HOUR_S)


def left(config: Config, store: Store) -> dict[str, float]:
    """The budget left of every SLO and member, by name."""
    views = evaluate(config.slos, store.reader, as_of=NOON + HOUR_S, sources={})
    every = [one for view in views for one in (view, *view.parts)]
    assert all(one.budget_remaining is not None for one in every)
    return {one.name: float(one.budget_remaining or 0) for one in every}


def correct(config: Config, store: Store, *names: str) -> list[str]:
    """What the command answers when the first half hour of these is corrected."""
    return list(command.run(config, store, {**WHY, **HALF, "slo": names}, now=NOON + HOUR_S))


def held(store: Store) -> list[str]:
    return [one.correction.key for one in store.reader.corrections() if one.revoked_at is None]


def test_a_member_is_corrected_alone_and_so_is_the_sum_of_which_its_counts_are_part(
    config: Config, store: Store
) -> None:
    before = left(config, store)

    said = correct(config, store, "rows/eu")

    assert before == LEFT_AS_MEASURED
    assert left(config, store) == {**LEFT_AS_MEASURED, "rows": 1, "rows/eu": 1}
    assert said[1:] == [
        "  also read by rows: corrected there, too",
        "  rows: 100 % left, as measured −1,150 %",
        "  rows/eu: 100 % left, as measured −2,400 %",
    ]


def test_a_group_that_is_counted_by_itself_keeps_its_counts_and_the_answer_says_so(
    config: Config, store: Store
) -> None:
    said = correct(config, store, "counters/eu")

    assert left(config, store) == {**LEFT_AS_MEASURED, "counters/eu": 1}
    assert "  counters as a whole is counted by itself, and stays as it was measured" in said


def test_revoking_it_gives_every_figure_back(config: Config, store: Store) -> None:
    correct(config, store, "rows/eu", "counters/eu")
    (key,) = held(store)
    words = {"revoke": key, "reason": "it was an outage", "by": "ada"}

    command.run(config, store, words, now=NOON + HOUR_S)

    assert left(config, store) == LEFT_AS_MEASURED


def test_what_comes_late_of_the_member_is_corrected_and_of_the_others_is_not(
    config: Config, store: Store
) -> None:
    correct(config, store, "rows/eu")
    follow(config, store, now=NOON + HOUR_S)

    put(store, "shop", "requests", [0] * 60, 100, region="asia")
    put(store, "shop", "requests", BAD, 100, region="eu")

    assert left(config, store)["rows/eu"] == 1
    assert left(config, store)["rows/asia"] == -99


@pytest.mark.parametrize("name", ["rows/asia", "rows/", "counters/e", "other/eu"])
def test_a_member_that_nobody_found_is_refused_with_those_that_were(
    config: Config, store: Store, name: str
) -> None:
    with pytest.raises(InputError, match=f'no slo is called "{name}"') as refused:
        correct(config, store, name)

    group = name.partition("/")[0]
    assert group == "other" or f"{group}/eu, {group}/us" in refused.value.mend
    assert held(store) == []


def test_a_file_in_which_one_key_was_revoked_is_refused_whole_with_every_other_problem(
    config: Config, store: Store, tmp_path: Path
) -> None:
    made = [
        TABLE.format(slo=slo) + WHEN.format(key=key)
        for slo, key in (("rows", "first"), ("rows", "gone"), ("rows/asia", "third"))
    ]
    path = tmp_path / "corrections.toml"
    path.write_text(TABLE.format(slo="rows") + WHEN.format(key="gone"))
    command.run(config, store, {"file": path}, now=NOON + HOUR_S)
    words = {"revoke": "gone", "reason": "no", "by": "ada"}
    command.run(config, store, words, now=NOON + HOUR_S)
    path.write_text("".join(made))

    with pytest.raises(ConfigError) as refused:
        command.run(config, store, {"file": path}, now=NOON + HOUR_S)

    lines = refused.value.what.splitlines()
    assert [line.removeprefix(f"{path}:").partition(" ")[0] for line in lines] == ["16:", "21:"]
    assert 'key: "gone" was revoked, and stays so: say it under another key' in lines[0]
    assert 'no slo is called "rows/asia"' in lines[1]
    assert held(store) == []
    assert left(config, store) == LEFT_AS_MEASURED


def test_several_corrections_are_stored_all_or_none_though_one_was_revoked_meanwhile(
    config: Config, store: Store
) -> None:
    correct(config, store, "rows/eu")
    (first,) = store.reader.corrections()
    words = {"author": "ada", "reason": "no", "actor": "x", "now": NOON}
    store.corrections.revoke(first.correction.key, **words)  # type: ignore[arg-type]
    audit = store.reader.audit_log()
    correct_us = [(first.correction, first.targets)]
    other = command.CorrectionTable.model_validate(
        {**WHY, "since": HALF["since"], "for": "1h", "all": True}
    )

    with pytest.raises(InputError, match="was revoked, and stays so"):
        store.corrections.put_all([(other.correction, None), *correct_us], actor="x", now=NOON)

    assert (held(store), store.reader.audit_log()) == ([], audit)
    assert left(config, store) == LEFT_AS_MEASURED


class Watched:
    """What is stored of the groups, and how often it was read."""

    def __init__(self, store: Store) -> None:
        self._reader = store.reader
        self.reads = 0

    def series(
        self, source: str | None = None, kind: SeriesKind | None = None
    ) -> tuple[StoredSeries, ...]:
        self.reads += 1
        return self._reader.series(source, kind)


def test_however_many_corrections_name_members_the_series_are_read_once(
    config: Config, store: Store
) -> None:
    for names in (["rows/eu"], ["rows/us", "counters/eu"]):
        correct(config, store, *names)
    made, watched = store.reader.corrections(), Watched(store)
    aims = Aims(config, watched)

    aims.refuse_unknown(replace(made[0].correction, scope=Scope(("rows",))))
    assert watched.reads == 0
    for one in made:
        aims.refuse_unknown(one.correction)

    assert aims.by_key(made) == {one.correction.key: one.targets for one in made}
    assert (watched.reads, len(made)) == (1, 2)


BODY = {"slo": ["rows/eu"], "since": HALF["since"], "until": "2026-01-01T12:30Z", **WHY}


def hand_in(config: Config, delivery_id: str) -> None:
    url = f"sqlite:///{config.path.parent / 'burnline.db'}"
    inbox.put(url, KIND, BODY, delivery_id=delivery_id, actor="web", now=NOON)


def test_what_a_page_hands_in_is_one_correction_however_often_it_is_said(
    config: Config, store: Store
) -> None:
    for delivery_id in ("first", "second"):
        hand_in(config, delivery_id)
        drain(config, store, now=NOON)
        assert left(config, store) == {**LEFT_AS_MEASURED, "rows": 1, "rows/eu": 1}

    assert [one.actor for one in store.reader.audit_log() if one.action == "correct"] == ["web"]


def test_who_is_killed_before_it_is_aimed_leaves_that_to_the_next_minute(
    config: Config, store: Store
) -> None:
    hand_in(config, "first")
    store.drain_inbox(effect_of, now=NOON)
    killed = left(config, store)

    follow(config, store, now=NOON)

    assert killed == LEFT_AS_MEASURED
    assert left(config, store)["rows/eu"] == 1


def test_a_page_does_not_say_again_what_was_revoked(config: Config, store: Store) -> None:
    hand_in(config, "first")
    drain(config, store, now=NOON)
    (key,) = held(store)
    store.corrections.revoke(key, author="ada", reason="no", actor="x", now=NOON)

    with pytest.raises(InputError, match="the same correction was revoked"):
        refuse_revoked(handed_in(BODY, actor="web").correction, store.reader.corrections())
    hand_in(config, "second")
    drain(config, store, now=NOON)

    assert held(store) == []
    assert store.reader.audit_log()[-1].action == "refuse"
