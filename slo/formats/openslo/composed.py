"""Composites of OpenSLO, whose objectives have an indicator each, as ours, and back.

Of Occurrences the burn of each objective is weighed, of Timeslices a slice is bad when that of any
objective is: our weighted burn and our union of bad slices. A composite has one target here.

Source: OpenSLO v1, composite SLOs; OpenSLO/go-sdk, pkg/openslo/v1/slo.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction

from slo.exact import exact_text
from slo.formats.contract import Ledger
from slo.formats.documents import Piece
from slo.formats.openslo.metrics import Told, told
from slo.formats.openslo.words import Own, annotated, exact, listed
from slo.formats.reading import Fields
from slo.indicator import Base, Combined, Composite, Gauge, Indicator, Sliced, Uptime, base_of
from slo.lengths import MINUTE_S
from slo.objective import Objective, Slo
from slo.spans import length_label

METHODS: Mapping[str, Combined] = {
    "Occurrences": Combined.WEIGHTED_BURN,
    "Timeslices": Combined.UNION_OF_BAD_SLICES,
}
_SHARES = Context(prec=12)


@dataclass(frozen=True, slots=True)
class Part:
    """One objective of a composite: the SLO that it is here, and how much it weighs.

    `target` is what it promises within the composite. `is_named` says that burnline wrote it, as
    the SLO of that name.
    """

    slo: Slo
    target: Objective
    weight: Fraction
    title: str
    piece: Piece
    is_named: bool


def weight_of(
    objective: Fields, said: Mapping[Own, str], method: str, ledger: Ledger
) -> Fraction | None:
    """How much an objective weighs, 1 where nothing is written; None where that is refused."""
    if METHODS.get(method) is not Combined.WEIGHTED_BURN:
        objective.note("compositeWeight", f"means nothing with {method}")
        return Fraction(1)
    if "compositeWeight" not in objective:
        return Fraction(1)
    written = objective.share("compositeWeight")
    try:
        weight = exact(said[Own.WEIGHT]) if Own.WEIGHT in said else Fraction(written or 0)
    except ValueError as error:
        ledger.refuse(objective.piece, f"of burnline's own: {error}")
        return None
    if written is None or min(Fraction(written), weight) > 0:
        return None if written is None else weight
    ledger.refuse(objective.piece_of("compositeWeight"), "must be above 0")
    return None


def parts_named(
    parts: Sequence[Part], held: Mapping[str, Slo | None], ledger: Ledger
) -> tuple[Part, ...]:
    """The parts, each that is an SLO of another document as it is there; each name once.

    `held` are the SLOs by name; None is the composite itself.
    """
    found: dict[str, Part] = {}
    for part in parts:
        name = part.slo.name
        there = held.get(name)
        if name in found or (name in held and not (part.is_named and there is not None)):
            said = f'"{name}" is the name of another SLO; give the objective a displayName'
            ledger.refuse(part.piece, said)
        elif there is not None and not _is_same(part.slo, there):
            ledger.refuse(part.piece, f'"{name}" is an SLO that measures something else')
        found.setdefault(name, replace(part, slo=there or part.slo))
    return tuple(found.values())


def _is_same(one: Slo, other: Slo) -> bool:
    return (base_of(one.indicator), one.source) == (base_of(other.indicator), other.source)


def composite_of(parts: Sequence[Part], method: str, piece: Piece, ledger: Ledger) -> Slo | None:
    """The composite of the parts, still without what the document says of it; None where left out.

    What cannot be a composite here is told, and its objectives stay.
    """
    combined, targets = METHODS.get(method), {part.target for part in parts}
    if combined is None:
        ledger.leave(piece, f"a composite of {method} has no method here; its objectives stay")
        return None
    if len(targets) > 1:
        several = ", ".join(f"{one.percent:f}" for one in sorted(targets, key=lambda o: o.target))
        said = f"a composite has one objective here, and these have {several} %; they stay"
        ledger.leave(piece, said)
        return None
    ledger.note(piece, f'it becomes composite = "{combined}"')
    weights = tuple(part.weight for part in parts) if combined is Combined.WEIGHTED_BURN else ()
    if weights and sum(weights) != 1:
        shares = "each counts by its share of them"
        ledger.note(piece, f"the weights sum to {exact_text(sum(weights, Fraction()))}; {shares}")
    members = tuple(part.slo for part in parts)
    made = Composite(combined, tuple(one.name for one in members), weights)
    return Slo("-", "", parts[0].target, members[0].window, "", made, composed=members)


def method_of(composite: Composite) -> str:
    """The budgeting method that makes a composite as ours is made.

    Raises:
        ValueError: there is none.
    """
    found = (method for method, combined in METHODS.items() if combined is composite.method)
    if (method := next(found, None)) is None:
        raise ValueError(
            "of composites OpenSLO v1 has the weighted burn and the union of bad slices, not"
            f" {composite.method}"
        )
    return method


def objectives_of(
    name: str, slo: Slo, kinds: Mapping[str, str]
) -> tuple[tuple[dict[str, object], str], ...]:
    """The members of a composite as objectives, each with its indicator and the target of all.

    Beside each stands what no other reader of OpenSLO can make of it. `name` is what OpenSLO
    calls the composite, `kinds` are those of the sources.

    Raises:
        ValueError: there is no word for one of the members.
    """
    assert isinstance(slo.indicator, Composite), "asked of composites alone"
    weights, whole = slo.indicator.weights, sum(slo.indicator.weights, Fraction())
    found = []
    for number, member in enumerate(slo.composed):
        weight = weights[number] if weights else None
        counted, sliced = _told(member, kinds, is_weighed=weight is not None)
        metadata = {
            "name": f"{name[:50]}-{number + 1}-sli",
            "annotations": _annotated(member, counted, weight, whole),
        }
        weighed = {} if weight is None else {"compositeWeight": _decimal(weight / whole)}
        document = {
            "displayName": member.name,
            **counted.bound,
            "targetPercent": slo.objective.percent,
            **sliced,
            **weighed,
            "indicator": {"metadata": metadata, "spec": counted.spec},
        }
        found.append((document, counted.only_here))
    return tuple(found)


def _told(
    member: Slo, kinds: Mapping[str, str], *, is_weighed: bool
) -> tuple[Told, dict[str, object]]:
    """What a member measures in OpenSLO's words, and its slices."""
    try:
        base, sliced = _counted(member.indicator, is_weighed=is_weighed)
        return told(base, member.source, kinds.get(member.source, "prometheus")), sliced
    except ValueError as error:
        raise ValueError(f'its member "{member.name}": {error}') from None


def _annotated(
    member: Slo, found: Told, weight: Fraction | None, whole: Fraction
) -> dict[str, str]:
    """What OpenSLO has no word for: whose indicator it is, and a weight that is no share."""
    is_share = weight is None or _decimal(weight / whole) == weight
    return annotated(
        {
            **found.said,
            Own.SLO: member.name,
            Own.GROUP_BY: listed(member.group_by) if member.group_by else "",
            Own.WEIGHT: "" if is_share else str(weight),
        }
    )


def _counted(indicator: Indicator, *, is_weighed: bool) -> tuple[Base, dict[str, object]]:
    """What a member measures, and its slices; all of time that is not sliced, minute by minute."""
    if isinstance(indicator, Composite):
        raise ValueError("an objective of OpenSLO has one indicator, and this is a composite")  # noqa: TRY004 - of what is written
    if is_weighed:
        if isinstance(indicator, Sliced):
            raise ValueError("it is made of slices, and Occurrences of OpenSLO count none")
        return indicator, {}
    if isinstance(indicator, Sliced) and indicator.target is not None:
        return indicator.of, slices(indicator.slice_s, indicator.target)
    if isinstance(indicator, Uptime | Gauge):
        return indicator, slices(MINUTE_S, Fraction(1))
    raise ValueError("it has no slices that are bad or not")


def slices(slice_s: int, target: Fraction | None) -> dict[str, object]:
    """The slices of an objective, and how much of one has to be good where that decides it."""
    share = {} if target is None else {"timeSliceTarget": _exact(target)}
    return {**share, "timeSliceWindow": length_label(slice_s)}


def _exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _decimal(value: Fraction) -> Decimal:
    """The value with as many digits as anybody writes."""
    return _SHARES.divide(Decimal(value.numerator), Decimal(value.denominator))
