"""slo-generator: `ServiceLevelObjective` files of `sre.google.com/v2` that read a Prometheus.

Source: google/slo-generator, docs/providers/prometheus.md and samples/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from slo.formats.contract import Carried, Definitions, Format, Labels, Ledger
from slo.formats.documents import Piece
from slo.formats.reading import Fields
from slo.indicator import Latency
from slo.lengths import DAY_S, HOUR_S, WEEK_S
from slo.objective import Slo
from slo.policy import BurnRow, Policy, Severity
from slo.promql.meaning import Meaning, meant_by, meant_by_ratio
from slo.selector import Selector
from slo.spans import RollingWindow

_VERSION = "sre.google.com/v2"
_KIND = "ServiceLevelObjective"
_ENVIRONMENT = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_RANGE = re.compile(r"\[\s*window\s*\]|\[\$?\{?window\}?\]")
_WINDOW = RollingWindow(30 * DAY_S)


def _claims(piece: Piece) -> bool:
    return piece.said("apiVersion") == _VERSION or _is_shared(piece)


def _is_shared(piece: Piece) -> bool:
    """Whether it is the configuration that all SLO files of a folder share."""
    return piece.at("error_budget_policies") is not None and piece.at("spec") is None


def _read(pieces: Sequence[Piece], ledger: Ledger) -> Definitions:
    policies = {
        name: policy
        for piece in pieces
        if _is_shared(piece)
        for name, policy in _policies(piece, ledger)
    }
    found = (
        one
        for piece in pieces
        if not _is_shared(piece)
        for one in _carried(piece, policies, ledger)
    )
    slos = tuple(found)
    alone = () if slos else tuple((name, rows) for name, (_, rows) in policies.items())
    return Definitions(slos=slos, policies=alone)


_Policies = dict[str, tuple[RollingWindow, Policy]]


def _carried(piece: Piece, policies: _Policies, ledger: Ledger) -> Iterator[Carried]:
    mark = len(ledger.findings)
    fields = Fields(piece, ledger)
    fields.skip("apiVersion")
    if fields.text("kind") not in {_KIND, None}:
        ledger.refuse(fields.piece_of("kind"), f"must be {_KIND}")
    metadata, spec = fields.below("metadata"), fields.below("spec")
    name, labels = metadata.name("name"), metadata.pairs("labels")
    metadata.rest()
    fields.rest()
    description, objective = spec.words("description"), spec.ratio("goal")
    meaning = _meaning(spec, ledger)
    spec.note("exporters", "figures go to reports, /metrics and the store")
    chosen = spec.words("error_budget_policy") or "default"
    spec.rest()
    window, policy = policies.get(chosen, (_WINDOW, None))
    if name is None or objective is None or meaning is None or not ledger.is_sound_since(mark):
        return
    if policy is None:
        said = (
            f"the windows of its error budget policy ({chosen}) are in a file of their own: name"
            " that too, else the window is 30d and the alert rows are burnline's"
        )
        ledger.note(piece, said)
    service = dict(labels).get("service_name") or dict(labels).get("service", "")
    slo = Slo(
        name, service, objective, window, "", meaning.indicator, policy, group_by=meaning.group_by
    )
    about = tuple(ledger.findings[mark:])
    yield Carried(
        slo=slo, description=description, labels=_kept(labels), findings=about, piece=piece
    )


def _kept(labels: Labels) -> Labels:
    """The labels without those that are the name or the service already."""
    return tuple(pair for pair in labels if pair[0] not in {"service_name", "service", "slo_name"})


def _meaning(spec: Fields, ledger: Ledger) -> Meaning | None:
    """What is measured, where it is measured by a Prometheus."""
    backend, method = spec.text("backend"), spec.text("method")
    below = spec.below("service_level_indicator")
    if backend is None or method is None:
        return None
    if backend.partition("/")[0] != "prometheus":
        below.skip(*below.keys)
        said = f'backend "{backend}" is not one that is read here; prometheus is'
        ledger.refuse(spec.piece_of("backend"), said)
        return None
    ways = {"good_bad_ratio": _ratio, "query_sli": _quotient, "distribution_cut": _cut}
    if method not in ways:
        said = f'method "{method}" is none of {", ".join(ways)}'
        ledger.refuse(spec.piece_of("method"), said)
        return None
    mark = len(ledger.findings)
    for key in below.keys:
        if (variable := _ENVIRONMENT.search(below.words(key))) is not None:
            said = f"{variable[0]} is a variable of slo-generator's environment; write its value"
            ledger.refuse(below.piece_of(key), said)
    try:
        return ways[method](below) if ledger.is_sound_since(mark) else None
    except ValueError as error:
        ledger.refuse(below.piece, str(error))
        return None
    finally:
        below.rest()


def _query(fields: Fields, key: str) -> str | None:
    text = fields.text(key)
    return None if text is None else _RANGE.sub("[w]", text)


def _ratio(fields: Fields) -> Meaning | None:
    """Good events among valid ones, or good beside bad ones, which no counter here adds up."""
    if fields.words("filter_bad"):
        is_both = "filter_valid" in fields
        _query(fields, "filter_good")
        fields.skip("filter_valid")
        raise ValueError(
            "slo-generator counts filter_good and filter_bad, and never reads filter_valid beside"
            " them; where filter_valid holds them both, remove filter_bad"
            if is_both
            else "good and bad are counted apart; write filter_valid, the counter that holds them"
            " both, in place of filter_bad"
        )
    good, valid = _query(fields, "filter_good"), _query(fields, "filter_valid")
    return None if good is None or valid is None else meant_by(good, valid, is_bad=False)


def _quotient(fields: Fields) -> Meaning | None:
    query = _query(fields, "expression")
    return None if query is None else meant_by_ratio(query, is_failure=False)


def _cut(fields: Fields) -> Meaning | None:
    """Events at or under one bucket of a histogram."""
    query, edge = _query(fields, "expression"), fields.number("threshold_bucket")
    if query is None or edge is None:
        return None
    selector = Selector.parse(query.partition("[")[0])
    if not selector.name.endswith("_bucket") or edge <= 0:
        raise ValueError("distribution_cut names the buckets of a histogram, and an edge above 0")
    return Meaning(Latency(float(edge), histogram=str(selector)))


def _policies(piece: Piece, ledger: Ledger) -> Iterator[tuple[str, tuple[RollingWindow, Policy]]]:
    """The error budget policies by name: the longest window, and a row for each step that alerts."""
    fields = Fields(piece, ledger)
    fields.leave("backends", "a source is written by hand, since its address holds secrets")
    fields.note("exporters", "figures go to reports, /metrics and the store")
    fields.skip("default_exporters")
    below = fields.below("error_budget_policies")
    fields.rest()
    for name in below.keys:
        steps = [Fields(step, ledger) for step in below.below(name).each("steps")]
        lengths = [_step_window(step, ledger) for step in steps]
        if not steps or None in lengths:
            continue
        window = RollingWindow(max(length for length in lengths if length is not None))
        rows = (
            _step(step, length, window.length_s, ledger)
            for step, length in zip(steps, lengths, strict=True)
            if length is not None
        )
        yield name, (window, tuple(row for row in rows if row is not None))


def _step_window(step: Fields, ledger: Ledger) -> int | None:
    number = step.number("window")
    if number is None or number != int(number) or number < HOUR_S:
        ledger.refuse(step.piece_of("window"), "must be whole seconds, 3600 or more")
        return None
    return int(number)


def _step(step: Fields, long_s: int, window_s: int, ledger: Ledger) -> BurnRow | None:
    """The row of a step: it pages within a week, and ends soon after its cause has ended."""
    threshold, alerts = step.number("burn_rate_threshold"), step.flag("alert")
    step.skip("name")
    for key in ("message_alert", "message_ok"):
        step.note(key, f"it said {step.words(key)!r}")
    step.rest()
    if threshold is None or not alerts:
        return None
    severity = Severity.PAGE if long_s < WEEK_S else Severity.TICKET
    said = "it alerts on one window; here a short one, a twelfth of it, ends it with its cause"
    ledger.note(step.piece, said)
    try:
        return BurnRow(severity, Fraction(threshold) * long_s / window_s, long_s, long_s // 12)
    except ValueError as error:
        ledger.refuse(step.piece, str(error))
        return None


FORMAT = Format(title="slo-generator", claims=_claims, read=_read)
