"""What `burnline claims` prints: for people in the shell, and `burnline.claims/1` for machines."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from dashboard.views.claims.marked import held_against, summary
from dashboard.views.claims.model import Claim, ClaimCheck, Held
from dashboard.views.claims.words import (
    arithmetic_words,
    better_words,
    contradiction_words,
    support_words,
)
from dashboard.views.floats import as_float
from dashboard.views.words import cut_words
from slo.evidence.claims.arithmetic import Exact
from slo.evidence.claims.crossing import Contradiction
from slo.evidence.claims.quantities import Quantity

SCHEMA = "burnline.claims/1"
_WIDTH = 100
_LONGEST = 300


def document(check: ClaimCheck) -> dict[str, object]:
    """The check for machines: values in seconds, percent, events a month or as they are."""
    return {
        "schema": SCHEMA,
        "document": check.name,
        "migration": check.migration or None,
        "is_fine": check.is_fine,
        "claims": [entry(claim) for claim in check.claims],
        "contradictions": [_contradiction(found) for found in check.contradictions],
        "remarks": list(check.remarks),
    }


def entry(claim: Claim) -> dict[str, object]:
    """One claim, as it also stands under `claims` of a migration report."""
    return {
        "line": claim.row.line,
        "metric": claim.row.metric,
        "before": _quantity(claim.row.before_text, claim.row.before),
        "after": _quantity(claim.row.after_text, claim.row.after),
        "change": claim.row.change_text,
        "mark": claim.mark.value,
        "finding": claim.checked.finding.value,
        "exact": _exact(claim.checked.exact),
        "arithmetic": arithmetic_words(claim),
        "better": better_words(claim) or None,
        "measure": claim.measure.metric.id if claim.measure else None,
        "matched_by": claim.matched_by or None,
        "support": claim.support.value,
        "verdict": claim.measure.verdict.value if claim.measure else None,
        "is_before_inside": _inside(claim.before),
        "is_after_inside": _inside(claim.after),
        "data": support_words(claim),
    }


def lines(check: ClaimCheck) -> tuple[str, ...]:
    """A line a claim with what speaks for and against it, then the contradictions."""
    parts = [
        [f"{check.name}: {summary(check)}", *wrap(held_against(check), _WIDTH)],
        *([*_claim(claim)] for claim in check.claims),
        [line for one in check.contradictions for line in _bullet(contradiction_words(one))],
        [line for remark in check.remarks for line in _bullet(remark)],
    ]
    kept = [part for part in parts if part]
    return (*kept[0], *(line for part in kept[1:] for line in ("", *part)))


def _claim(claim: Claim) -> Iterator[str]:
    row = claim.row
    told = " → ".join(text for text in (row.before_text, row.after_text) if text)
    parts = [row.metric, told, row.change_text]
    head = f"{claim.mark}: {' | '.join(part for part in parts if part)} (line {row.line})"
    yield cut_words(head, _LONGEST)
    known_by = f" (by {claim.matched_by})" if claim.matched_by else ""
    for name, words in (
        ("arithmetic", arithmetic_words(claim)),
        ("data", f"{support_words(claim)}{known_by}"),
        ("better", better_words(claim)),
    ):
        if words:
            indent = f"  {name:<11}"
            yield from wrap(words, _WIDTH, initial_indent=indent, subsequent_indent=" " * 13)


def _bullet(text: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent="- ", subsequent_indent="  ")


def _contradiction(found: Contradiction) -> dict[str, object]:
    return {
        "kind": found.kind.value,
        "lines": [found.first.line, found.second_line],
        "quotes": [found.first.quote, found.second_quote],
        "text": contradiction_words(found),
    }


def _quantity(text: str, value: Quantity | None) -> dict[str, object]:
    return {
        "text": text,
        "value": None if value is None else float(value.base),
        "dimension": None if value is None else value.unit.dimension.value,
    }


def _exact(exact: Exact | None) -> dict[str, float | None]:
    """The change in every way it may be told; None where there is no such way."""
    if exact is None:
        return dict.fromkeys(("absolute", "percent", "points", "ratio"))
    return {
        "absolute": float(exact.absolute),
        "percent": as_float(exact.percent),
        "points": as_float(exact.points),
        "ratio": as_float(exact.times),
    }


def _inside(held: Held | None) -> bool | None:
    return None if held is None else held.is_inside
