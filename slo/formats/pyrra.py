"""Pyrra: `ServiceLevelObjective` resources of `pyrra.dev/v1alpha1`.

Source: pyrra-dev/pyrra, kubernetes/api/v1alpha1/servicelevelobjective_types.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slo.formats.contract import Carried, Definitions, Format, Ledger
from slo.formats.documents import Piece
from slo.formats.reading import Fields
from slo.indicator import Absent, Indicator, Ratio, RawRatio
from slo.objective import Slo
from slo.promql.meaning import meant_by, recorded
from slo.selector import Selector

_GROUP = "pyrra.dev/"
_KIND = "ServiceLevelObjective"
_FORMS = ("ratio", "latency", "latencyNative", "bool_gauge")
_SUMMED = (
    "each series counts by itself, as it does to Pyrra, but in seconds rather than samples; to take"
    " several probes of one service for one, write uptime and combine in place of success_ratio"
)
_ROWS = (
    "alerts fire by burnline's rows for this objective, not by Pyrra's 14, 7, 2 and 1 with their"
    " extra minutes of waiting"
)


def _claims(piece: Piece) -> bool:
    return (piece.said("apiVersion") or "").startswith(_GROUP)


def _read(pieces: Sequence[Piece], ledger: Ledger) -> Definitions:
    found = (one for piece in _items(pieces) for one in _carried(piece, ledger))
    return Definitions(slos=tuple(found))


def _items(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Each resource; those of a list one by one."""
    for piece in pieces:
        inside = piece.at("items")
        if inside is not None and isinstance(inside.content, tuple):
            yield from inside.content
        else:
            yield piece


def _carried(piece: Piece, ledger: Ledger) -> Iterator[Carried]:
    mark = len(ledger.findings)
    fields = Fields(piece, ledger)
    fields.skip("apiVersion", "status")
    if fields.text("kind") not in {_KIND, None}:
        ledger.refuse(fields.piece_of("kind"), f"must be {_KIND}")
    metadata, spec = fields.below("metadata"), fields.below("spec")
    name = metadata.name("name")
    labels = metadata.pairs("labels")
    metadata.note("namespace", "names here know no namespace")
    metadata.note("annotations", "they are Kubernetes' and Pyrra's own")
    metadata.rest()
    objective, window = spec.percent("target"), spec.window("window")
    description = spec.words("description")
    indicator, group_by = _indicator(spec.below("indicator"), ledger)
    _alerting(spec.below("alerting"), ledger)
    spec.leave("partial_response_strategy", "it is Thanos Ruler's")
    spec.rest()
    fields.rest()
    if name and objective and window and indicator and ledger.is_sound_since(mark):
        ledger.note(piece, _ROWS)
        slo = Slo(name, "", objective, window, "", indicator, group_by=group_by)
        about = tuple(ledger.findings[mark:])
        yield Carried(slo=slo, description=description, labels=labels, findings=about, piece=piece)


def _indicator(fields: Fields, ledger: Ledger) -> tuple[Indicator | None, tuple[str, ...]]:
    """What it measures, and the labels it is grouped by."""
    forms = [form for form in _FORMS if form in fields]
    fields.skip(*_FORMS)
    fields.rest()
    if len(forms) != 1:
        said = "cannot have several indicators at once" if forms else "is missing"
        ledger.refuse(fields.piece, f"one of {', '.join(_FORMS)}: {said}")
        return None, ()
    below = fields.below(forms[0])
    group_by = below.texts("grouping")
    read = {"ratio": _ratio, "latency": _latency, "bool_gauge": _bool_gauge}
    indicator = read.get(forms[0], _native)(below, ledger)
    below.rest()
    return indicator, group_by


def _ratio(fields: Fields, ledger: Ledger) -> Indicator | None:
    return _counted(fields, ledger, "errors")


def _latency(fields: Fields, ledger: Ledger) -> Indicator | None:
    edge = _selector(fields.below("success"), Ledger())
    if edge is not None and not any(each.label == "le" for each in edge.matchers):
        said = "latency success metric must contain a le label matcher"
        ledger.refuse(fields.piece_of("success"), said)
        return None
    found = _counted(fields, ledger, "success")
    if isinstance(found, Ratio):
        said = (
            "success and total do not select the same requests, so that it counts as a ratio of"
            " two counters; see whether a condition is missing on one of them"
        )
        ledger.note(fields.piece, said)
    return found


def _counted(fields: Fields, ledger: Ledger, part: str) -> Indicator | None:
    """The events of two selectors; Pyrra takes errors that never occurred for none."""
    counted = _selector(fields.below(part), ledger)
    total = _selector(fields.below("total"), ledger)
    if counted is None or total is None:
        return None
    found = meant_by(str(counted), str(total), is_bad=part == "errors").indicator
    if isinstance(found, Ratio) and found.bad is not None:
        return Ratio(found.total, None, found.bad, Absent.ZERO)
    return found


def _bool_gauge(fields: Fields, ledger: Ledger) -> Indicator | None:
    """The mean of a 0/1 gauge over all of its series, which are not combined to one state.

    Source: Pyrra, slo/promql.go: sum(sum_over_time(metric)) / sum(count_over_time(metric)).
    """
    found = _selector(fields, ledger)
    if found is None:
        return None
    ledger.note(fields.piece, _SUMMED)
    return RawRatio(str(found))


def _native(fields: Fields, ledger: Ledger) -> Indicator | None:
    """Native histograms are not read; two recorded counters say the same."""
    found, limit_s = _selector(fields.below("total"), ledger), fields.exact_s("latency")
    if found is None or limit_s is None:
        return None
    name = found.name
    whole = f"histogram_count({found})"
    good = f"histogram_fraction(0, {float(limit_s)!r}, {found}) * {whole}"
    said = (
        f"native histograms are not read; record {recorded(f'{name}:good', good)} and"
        f" {recorded(f'{name}:total', whole)},"
        f' and promise good = "{name}:good" of total = "{name}:total"'
    )
    ledger.refuse(fields.piece, said)
    return None


def _selector(fields: Fields, ledger: Ledger) -> Selector | None:
    text = fields.text("metric")
    if text is None:
        return None
    try:
        return Selector.parse(text)
    except ValueError as error:
        ledger.refuse(fields.piece_of("metric"), str(error))
        return None


def _alerting(fields: Fields, ledger: Ledger) -> None:
    for key in ("name", "absentName"):
        fields.note(key, "alerts are named by their SLO")
    for key in ("disabled", "burnrates", "absent"):
        is_off = fields.flag(key, default=key != "disabled") == (key == "disabled")
        if is_off:
            said = "alerts cannot be switched off here; give it channels that nobody reads, or none"
            ledger.leave(fields.piece_of(key), said)
    fields.rest()


FORMAT = Format(title="Pyrra", claims=_claims, read=_read)
