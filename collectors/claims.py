"""What the batches of a run may claim: no span is said to be complete before it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from collectors.contract import Batch
from slo.spans import Span


def claiming_last(batches: Iterable[Batch], span: Span) -> Iterator[Batch]:
    """The batches, the whole claim moved to the last: a run cut short claims nothing too much.

    A claim that does not begin where it was asked to leaves a hole, and is none.
    """
    held: Batch | None = None
    claims: list[Span] = []
    for batch in batches:
        if batch.span is not None:
            claims.append(batch.span)
        if held is not None:
            yield replace(held, span=None)
        held = batch
    if held is not None:
        yield replace(held, span=_joined(claims, span))


def _joined(claims: list[Span], asked: Span) -> Span | None:
    """The asked span as far as the claims cover it without a hole."""
    until = asked.since
    for claim in sorted(claims):
        if claim.since <= until:
            until = max(until, claim.until)
    return Span(asked.since, until) if until > asked.since else None


def hull(spans: list[Span]) -> Span | None:
    """The span from the first beginning to the last end; None of none."""
    if not spans:
        return None
    return Span(min(span.since for span in spans), max(span.until for span in spans))
