"""How slices of time follow from the tallies of what they are made of, whenever those change.

Each bin of a slice gets the seconds of it that were observed, all as good as the slice was. The
slice that is still going on is judged by what there is of it; what comes later judges it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, select

from collectors.store.derived.following import Bounds, Following, joined
from collectors.store.derived.uptime import chunks
from collectors.store.ids import digest_of, stored
from collectors.store.levels import within
from collectors.store.stored import StoredSeries
from collectors.store.tables import TALLIES, series
from collectors.store.tallies import replace_tallies
from collectors.store.widths import QUALITIES, QUARTER_S, floor
from slo.facts import SeriesKey, SeriesKind
from slo.indicator import Sliced, Split, Wanted
from slo.rules import SliceRule, slice_rule, sliced_name
from slo.selector import Selector
from slo.slices import sliced
from slo.splits import Labels, values_of

Columns = dict[str, "NDArray[Any]"]
Asked = tuple[str, SliceRule, tuple[str, ...]]
"""The name and the rule of slices that are kept, or are to be, and by which labels apart."""


def follow_slices(ground: Following, wanted: Iterable[Wanted]) -> None:
    """Judge anew the slices in which counts changed; all of them where they are new."""
    for name, rule, by in sorted(asked_slices(wanted) | _kept(ground), key=str):
        for values, made_of in _bases(ground, name, rule, by).items():
            _judge(ground, _key(ground.source, name, rule, values, made_of), rule, made_of)


def _judge(
    ground: Following, key: SeriesKey, rule: SliceRule, made_of: Sequence[StoredSeries]
) -> None:
    reach = _reach(made_of)
    if key.bin_s > rule.slice_s or reach is None:
        return
    ids = {one.id for one in made_of}
    spans = joined((one.since, one.until) for one in ground.changed if one.series_id in ids)
    if ground.book.find(key) is None:
        spans = [reach]
    if not spans:
        return
    target = ground.book.of(key)
    lesser = [_derive(ground, target, made_of, rule, span) for span in spans]
    ground.book.widen(key, *reach)
    if any(lesser):
        ground.book.mark_lesser(key)


def _derive(
    ground: Following,
    target: StoredSeries,
    made_of: Sequence[StoredSeries],
    rule: SliceRule,
    span: Bounds,
) -> bool:
    """Make the slices that the span touches what their counts say.

    Where retention took the minutes away only slices of a quarter of an hour can be judged.

    Returns whether some of it is of lesser quality.
    """
    bin_s, ids, lesser = target.key.bin_s, [one.id for one in made_of], False
    thinned = max((one.minutes_since or 0 for one in made_of), default=0)
    gone = -floor(-thinned, QUARTER_S) if bin_s < QUARTER_S else 0
    for since, until in chunks(*span):
        edge = min(max(since, gone), until)
        if since < edge and rule.slice_s == QUARTER_S:
            _let_go_of_minutes(ground, target, since, edge)
            lesser |= _replace(ground, target, ids, rule, QUARTER_S, (since, edge))
        if edge < until:
            lesser |= _replace(ground, target, ids, rule, bin_s, (edge, until))
    return lesser


def _let_go_of_minutes(ground: Following, target: StoredSeries, since: int, until: int) -> None:
    minutes = TALLIES[target.key.bin_s]
    bounds = {"which": target.id, "since": since, "until": until}
    ground.connection.execute(delete(minutes).where(*within(minutes)), bounds)
    ground.book.keep_minutes_from(target.key, until)


def _replace(
    ground: Following,
    target: StoredSeries,
    ids: Sequence[int],
    rule: SliceRule,
    bin_s: int,
    span: Bounds,
) -> bool:
    counts = _summed(ground.connection, ids, bin_s, *span)
    columns = _columns(target.id, counts, rule)
    replace_tallies(ground.connection, target.id, bin_s, span, columns)
    return any(columns[name].any() for name in QUALITIES)


def _kept(ground: Following) -> set[Asked]:
    """The slices that were ever asked for; they are followed for ever."""
    mine = (series.c.source == ground.source, series.c.rule.startswith("slices "))
    keys = [stored(row).key for row in ground.connection.execute(select(series).where(*mine))]
    read = ((key, SliceRule.read(key.rule)) for key in keys)
    return {
        (key.name, rule, tuple(label for label, _ in key.labels))
        for key, rule in read
        if rule is not None
    }


def _bases(
    ground: Following, name: str, rule: SliceRule, by: tuple[str, ...]
) -> dict[Labels, list[StoredSeries]]:
    """The tallies that slices are made of, those that make one together under its labels.

    Counts that a source or the store keeps apart by these labels have no others; series that
    a selector matches have all of theirs.
    """
    selector = Selector.parse(name) if rule.is_over_all else None
    named = name if selector is None else selector.name
    mine = (series.c.source == ground.source, series.c.kind == SeriesKind.TALLY.value)
    same = (series.c.name == named, series.c.rule == rule.of)
    rows = ground.connection.execute(select(series).where(*mine, *same))
    found: dict[Labels, list[StoredSeries]] = {}
    for key in sorted((stored(row).key for row in rows), key=digest_of):
        values = values_of(dict(key.labels), by)
        is_mine = (
            values == key.labels
            if selector is None
            else selector.matches(key.name, dict(key.labels))
        )
        if is_mine:
            found.setdefault(values, []).append(ground.book.of(key))
    return found


def asked_slices(wanted: Iterable[Wanted]) -> set[Asked]:
    """The slices that are asked for now."""
    found: set[Asked] = set()
    for one in wanted:
        match one:
            case Sliced():
                found.add((sliced_name(one.of), slice_rule(one), ()))
            case Split(of=Sliced() as each, by=by):
                found.add((sliced_name(each.of), slice_rule(each), tuple(sorted(by))))
    return found


def _key(
    source: str, name: str, rule: SliceRule, values: Labels, made_of: Sequence[StoredSeries]
) -> SeriesKey:
    services = {one.key.service for one in made_of}
    return SeriesKey(
        source=source,
        name=name,
        kind=SeriesKind.TALLY,
        labels=values,
        rule=str(rule),
        service=services.pop() if len(services) == 1 else "",
        bin_s=max(one.key.bin_s for one in made_of),
    )


def _reach(made_of: Sequence[StoredSeries]) -> tuple[int, int] | None:
    """From the first count of any to the last."""
    sinces = [one.since for one in made_of if one.since is not None]
    untils = [one.until for one in made_of if one.until is not None]
    return (min(sinces), max(untils)) if sinces and untils else None


def _summed(
    connection: Connection, ids: Sequence[int], bin_s: int, since: int, until: int
) -> Columns:
    """The counts of all series together, bin by bin; a second seen by several is one second."""
    table = TALLIES[bin_s]
    names = ("good", "total", "observed_s", *QUALITIES)
    sums = [func.sum(table.c[name]) for name in names[:2]]
    most = [func.max(table.c[name]) for name in names[2:]]
    mine = (table.c.series_id.in_(ids), table.c.at >= since, table.c.at < until)
    asked = select(table.c.at, *sums, *most).where(*mine).group_by(table.c.at).order_by(table.c.at)
    rows = [tuple(row) for row in connection.execute(asked)]
    found = np.array(rows, np.float64).reshape(-1, 1 + len(names))
    return {"at": found[:, 0].astype(np.int64)} | {
        name: found[:, place] for place, name in enumerate(names, start=1)
    }


def _columns(series_id: int, counts: Columns, rule: SliceRule) -> Columns:
    """The rows of the slices; one that rests on some of lesser quality does so as a whole."""
    at, seconds = counts["at"], counts["observed_s"]
    found = sliced(at, (counts["good"], counts["total"]), seconds, rule.slice_s, rule.target)
    slots, place = np.unique(at - at % rule.slice_s, return_inverse=True)
    lesser = {
        name: (np.bincount(place, weights=counts[name], minlength=len(slots)) > 0)[place]
        for name in QUALITIES
    }
    return {
        "series_id": np.full(len(at), series_id, np.int64),
        "at": at,
        "good": found.good_s,
        "total": found.total_s,
        "observed_s": seconds.astype(np.int64),
        **{name: (seconds * mark).astype(np.int64) for name, mark in lesser.items()},
    }


def end_of(derived: SeriesKey, tallies: Iterable[StoredSeries]) -> int | None:
    """The newest count that slices rest on; None when none is left."""
    rule = SliceRule.read(derived.rule)
    assert rule is not None, "asked of slices alone"
    wanted = replace(derived, rule=rule.of)
    selector = Selector.parse(derived.name) if rule.is_over_all else None
    by = tuple(label for label, _ in derived.labels)
    ends = [
        one.until
        for one in tallies
        if one.until is not None
        and one.key.rule == rule.of
        and (
            (one.key.name, one.key.labels) == (wanted.name, wanted.labels)
            if selector is None
            else selector.matches(one.key.name, dict(one.key.labels))
            and values_of(dict(one.key.labels), by) == derived.labels
        )
    ]
    return max(ends, default=None)
