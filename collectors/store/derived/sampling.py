"""How tallies follow from the samples of one series, whenever those change, under each rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from collectors.store.derived import latency, successes, timed
from collectors.store.derived.following import Following
from collectors.store.points import Touched
from slo.facts import SeriesKey
from slo.indicator import Latency, Wanted
from slo.selector import Selector

_UNDER = "<="


def follow_samples(
    ground: Following,
    base: SeriesKey,
    changes: Sequence[Touched],
    known: Iterable[SeriesKey],
    wanted: Sequence[Wanted],
) -> None:
    """Derive the changed spans under every rule; all of them under a rule that is new."""
    _follow_latency(ground, base, changes, known, wanted)
    _follow_successes(ground, base, changes, wanted)
    _follow_timed(ground, base, changes, known, wanted)


def _follow_latency(
    ground: Following,
    base: SeriesKey,
    changes: Sequence[Touched],
    known: Iterable[SeriesKey],
    wanted: Sequence[Wanted],
) -> None:
    """The thresholds are derived together: the buckets keep an edge at each."""
    held = {
        float(key.rule.removeprefix(_UNDER))
        for key in known
        if (key.name, key.labels) == (base.name, base.labels)
        and key.rule.startswith(_UNDER)
        and "|" not in key.rule
    }
    asked = {
        one.threshold_s
        for one in wanted
        if isinstance(one, Latency)
        and one.samples is not None
        and Selector.parse(one.samples).matches(base.name, dict(base.labels))
    }
    stored = ground.book.of(base)
    if stored.since is None or stored.until is None or not held | asked:
        return
    targets = latency.targets(ground.book, base, sorted(held | asked))
    spans = ground.spans(stored, changes, is_new=not asked <= held)
    lesser = [latency.derive(ground.connection, stored, targets, span) for span in spans]
    for target in targets.tallies.values():
        ground.note(target, *spans, is_lesser=any(lesser))
    for key in targets.keys:
        ground.book.widen(key, stored.since, stored.until)
        if any(lesser):
            ground.book.mark_lesser(key)


def _follow_successes(
    ground: Following, base: SeriesKey, changes: Sequence[Touched], wanted: Sequence[Wanted]
) -> None:
    """Counted anew wherever they changed; all of them when nobody asked for counts before."""
    is_held = successes.is_held(ground.connection, ground.book, base)
    stored = ground.book.of(base)
    if stored.since is None or stored.until is None:
        return
    if not is_held and not successes.is_asked(base, wanted):
        return
    spans = ground.spans(stored, changes, is_new=not is_held)
    target = ground.book.of(successes.tally_key(base))
    lesser = [successes.derive(ground.connection, stored, target, span) for span in spans]
    ground.note(target, *spans, is_lesser=any(lesser))
    ground.book.widen(target.key, stored.since, stored.until)


def _follow_timed(
    ground: Following,
    base: SeriesKey,
    changes: Sequence[Touched],
    known: Iterable[SeriesKey],
    wanted: Sequence[Wanted],
) -> None:
    """Weighed anew under each rule by which its seconds are good."""
    stored = ground.book.of(base)
    if stored.since is None or stored.until is None:
        return
    held, asked = timed.rules_held(base, known), timed.rules_asked(base, wanted)
    for rule in sorted(held | asked):
        target = ground.book.of(timed.tally_key(base, rule))
        spans = ground.spans(stored, changes, is_new=rule not in held)
        lesser = [timed.derive(ground.connection, stored, target, span) for span in spans]
        ground.note(target, *spans, is_lesser=any(lesser))
        ground.book.widen(target.key, stored.since, stored.until)
