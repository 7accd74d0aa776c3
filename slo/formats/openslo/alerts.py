"""OpenSLO's alert policies as burn rows, and back.

OpenSLO looks back over one window; the short one that ends an alert soon after its cause stands
in an annotation, and is a twelfth of the long one where nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from slo.burn import factor
from slo.durations import seconds
from slo.exact import exact_text
from slo.formats.contract import Ledger
from slo.formats.documents import Piece
from slo.formats.openslo.words import Own, annotated, exact, own
from slo.formats.reading import Fields
from slo.policy import BurnRow, Policy, Severity
from slo.spans import length_label

_SEVERITIES = {"page": Severity.PAGE, "ticket": Severity.TICKET}
Objects = Mapping[tuple[str, str], Piece]
"""Documents by kind and name."""


def policy_of(spec: Fields, objects: Objects, window_s: int, ledger: Ledger) -> Policy | None:
    """The rows of all alert policies of an SLO; None for the default ones where it has none."""
    rows = []
    for piece in spec.each("alertPolicies"):
        if piece.content is None:
            continue
        policy = _named(Fields(piece, ledger), "alertPolicyRef", "AlertPolicy", objects, ledger)
        if policy is not None:
            rows += [row for row in _rows(policy, objects, window_s, ledger) if row is not None]
    return tuple(rows) or None


def policy_documents(name: str, policy: Policy, window_s: int) -> list[dict[str, object]]:
    """The rows as inline alert policies of one condition each, which is what OpenSLO allows."""
    return [_document(f"{name}-{n}", row, window_s) for n, row in enumerate(policy, 1)]


def _document(name: str, row: BurnRow, window_s: int) -> dict[str, object]:
    annotations = annotated(
        {
            Own.SHORT: length_label(row.short_s),
            Own.SHARE: exact_text(row.share),
            Own.MIN_BAD_EVENTS: str(row.min_bad_events) if row.min_bad_events else "",
        }
    )
    threshold = factor(row, window_s)
    condition = {
        "kind": "burnrate",
        "op": "gt",
        "threshold": round(Decimal(threshold.numerator) / Decimal(threshold.denominator), 12),
        "lookbackWindow": length_label(row.long_s),
        "alertAfter": "0m",
    }
    inner = {
        "kind": "AlertCondition",
        "metadata": {"name": f"{name}-condition", "annotations": annotations},
        "spec": {"severity": row.severity.value, "condition": condition},
    }
    spec = {
        "alertWhenBreaching": True,
        "alertWhenResolved": True,
        "alertWhenNoData": True,
        "conditions": [inner],
        "notificationTargets": [],
    }
    return {"kind": "AlertPolicy", "metadata": {"name": name}, "spec": spec}


def _named(fields: Fields, key: str, kind: str, objects: Objects, ledger: Ledger) -> Fields | None:
    """The document itself, or the one that it refers to by name."""
    if key not in fields:
        return fields
    name = fields.words(key)
    found = objects.get((kind, name))
    fields.rest()
    if found is None:
        said = f'no {kind} is called "{name}" in these files; name the file that holds it too'
        ledger.leave(fields.piece, said)
        return None
    return Fields(found, ledger)


def _rows(
    policy: Fields, objects: Objects, window_s: int, ledger: Ledger
) -> Iterator[BurnRow | None]:
    policy.skip("apiVersion", "kind", "metadata")
    spec = policy.below("spec")
    policy.rest()
    spec.skip("description", "alertWhenResolved", "alertWhenNoData")
    if spec.each("notificationTargets"):
        ledger.note(spec.piece_of("notificationTargets"), "write the channels as notify = [ … ]")
    if not spec.flag("alertWhenBreaching", default=True):
        ledger.leave(spec.piece, "an alert that is not told while it burns is none here")
        spec.skip("conditions")
        return
    each = spec.each("conditions")
    spec.rest()
    for piece in each:
        found = _named(Fields(piece, ledger), "conditionRef", "AlertCondition", objects, ledger)
        if found is not None:
            yield _row(found, window_s, ledger)


def _row(fields: Fields, window_s: int, ledger: Ledger) -> BurnRow | None:
    fields.skip("apiVersion", "kind")
    metadata, spec = fields.below("metadata"), fields.below("spec")
    metadata.skip("name", "displayName", "labels")
    said = own(metadata.pairs("annotations"))
    spec.skip("description")
    severity, condition = spec.words("severity"), spec.below("condition")
    if severity not in _SEVERITIES:
        what = f'"{severity}" is neither page nor ticket; it becomes a ticket'
        ledger.note(spec.piece_of("severity"), what)
    op, after = condition.words("op") or "gt", condition.words("alertAfter")
    condition.skip("kind")
    threshold, long_s = condition.number("threshold"), condition.length_s("lookbackWindow")
    if op not in {"gt", "gte"}:
        what = f"{op} alerts while little burns, which is no alert here"
        ledger.leave(condition.piece_of("op"), what)
        return None
    if after.lstrip("0") not in {"", "m", "s", "h"}:
        what = f"it waits for {after} first; here the short window says whether it still burns"
        ledger.note(condition.piece_of("alertAfter"), what)
    if threshold is None or long_s is None:
        return None
    try:
        lasting = Fraction(threshold) * long_s / window_s
        share = exact(said[Own.SHARE]) if Own.SHARE in said else lasting
        short_s = seconds(said[Own.SHORT]) if Own.SHORT in said else max(60, long_s // 12)
        least = int(said.get(Own.MIN_BAD_EVENTS, "0"))
        return BurnRow(_SEVERITIES.get(severity, Severity.TICKET), share, long_s, short_s, least)
    except (ValueError, ZeroDivisionError):
        what = f"no budget lasts for a burn of {threshold} over {length_label(long_s)}"
        ledger.leave(condition.piece, what)
        return None
