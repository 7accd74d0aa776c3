"""Cuts facts into batches that are complete up to a time and small enough for one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from collectors.contract import MAX_BATCH_ROWS, Batch, Counts
from slo.facts import HistogramRows, SampleRows, StatusRows, TallyRows
from slo.spans import Span

Rows = TallyRows | HistogramRows | StatusRows | SampleRows


def batches(
    facts: Sequence[Rows], span: Span, step_s: int, counts: Counts, warnings: tuple[str, ...]
) -> Iterator[Batch]:
    """The facts of a span, in batches that end on whole steps; the first tells what was counted.

    A single step with more rows than a batch may hold is cut by series; only the last part of
    it claims the step, so that a step is known as complete or not at all.
    """
    since = span.since
    for until in [*_cuts(facts, span, step_s), span.until]:
        part = [_between(fact, since if since > span.since else None, until) for fact in facts]
        groups = _groups([fact for fact in part if len(fact.at)])
        for place, group in enumerate(groups):
            claim = Span(since, until) if place == len(groups) - 1 else None
            yield Batch(tuple(group), claim, counts, warnings)
            counts, warnings = Counts(), ()
        since = until


def _cuts(facts: Sequence[Rows], span: Span, step_s: int) -> list[int]:
    """The times between batches."""
    at = np.sort(np.concatenate([fact.at for fact in facts])) if facts else np.empty(0, np.int64)
    cuts, begun = [span.since], 0
    while len(at) - begun > MAX_BATCH_ROWS:
        full = int(at[begun + MAX_BATCH_ROWS]) // step_s * step_s
        cut = max(full, (cuts[-1] // step_s + 1) * step_s)
        if cut >= span.until:
            break
        cuts.append(cut)
        begun = int(at.searchsorted(cut))
    return cuts[1:]


def _between(fact: Rows, since: int | None, until: int) -> Rows:
    """The rows of a stretch; without a beginning, all up to its end."""
    low = 0 if since is None else int(fact.at.searchsorted(since))
    return _rows(fact, low, int(fact.at.searchsorted(until)))


def _rows(fact: Rows, low: int, high: int) -> Rows:
    columns: dict[str, Any] = {}
    for each in fields(fact):
        column = getattr(fact, each.name)
        if isinstance(column, np.ndarray | list | tuple):
            columns[each.name] = column[low:high]
    return replace(fact, **columns)


def _groups(facts: Sequence[Rows]) -> list[list[Rows]]:
    """The facts in groups of at most so many rows; one empty group when there are none."""
    groups: list[list[Rows]] = [[]]
    held = 0
    for fact in facts:
        for low in range(0, len(fact.at), MAX_BATCH_ROWS):
            part = _rows(fact, low, low + MAX_BATCH_ROWS)
            if held + len(part.at) > MAX_BATCH_ROWS and held:
                groups.append([])
                held = 0
            groups[-1].append(part)
            held += len(part.at)
    return groups
