"""Definitions as OpenSLO v1: what it has no word for stands in annotations, so nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import yaml

from slo.formats.contract import Carried, Definitions, Finding, Ledger, Origin, Owner, Weight
from slo.formats.fitting import rows_of
from slo.formats.openslo.alerts import policy_documents
from slo.formats.openslo.composed import method_of, objectives_of, slices
from slo.formats.openslo.metrics import Told, told
from slo.formats.openslo.windows import window_document, window_text
from slo.formats.openslo.words import VERSION, Own, annotated, fit_name, listed
from slo.indicator import Base, Composite, Sliced
from slo.objective import Slo
from slo.spans import longest_s

_Document = dict[str, object]
_WITHIN = (
    "stand within it by what they measure; export them too, so that their own objectives and"
    " alerts are kept"
)


def write(definitions: Definitions, ledger: Ledger) -> str:
    """The definitions as one YAML stream of sources, services and SLOs.

    What OpenSLO v1 has no word for is told in the ledger, such as a composite of the worst member.
    """
    kinds = {origin.name: origin.kind for origin in definitions.sources}
    documents = [
        *(_source(origin) for origin in definitions.sources),
        *(_service(owner) for owner in definitions.services),
        *_slos(definitions, kinds, ledger),
    ]
    return yaml.dump_all(
        documents, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000
    )


class _Dumper(yaml.SafeDumper):
    """Decimals as the digits they are, and no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = f"{value.normalize():f}"
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(Decimal, _decimal)


def _object(kind: str, metadata: _Document, spec: _Document) -> _Document:
    return {"apiVersion": VERSION, "kind": kind, "metadata": metadata, "spec": spec}


def _written(**pairs: object) -> _Document:
    """The pairs that say something."""
    return {key: value for key, value in pairs.items() if value not in ("", (), {}, None)}


def _source(origin: Origin) -> _Document:
    """A source by name, kind and address; its secrets stay where they are."""
    details = [{"url": origin.address}] if origin.address else []
    kind = "Prometheus" if origin.kind == "prometheus" else origin.kind
    metadata = _written(name=origin.name, displayName=origin.title)
    spec = _written(description=origin.description, type=kind)
    return _object("DataSource", metadata, {**spec, "connectionDetails": details})


def _service(owner: Owner) -> _Document:
    name = fit_name(owner.name)
    said = annotated(
        {
            Own.NAME: owner.name if name != owner.name else "",
            Own.TEAM: owner.team,
            Own.OWNER: owner.owner,
            Own.NOTIFY: _list(owner.notify),
            Own.RUNBOOK: owner.runbook,
            Own.DASHBOARD: owner.dashboard,
            Own.LOGS: owner.logs,
        }
    )
    metadata = _written(
        name=name, displayName=owner.title, labels=dict(owner.labels), annotations=said
    )
    return _object("Service", metadata, _written(description=owner.description))


def _slos(
    definitions: Definitions, kinds: Mapping[str, str], ledger: Ledger
) -> Iterator[_Document]:
    taken: set[str] = set()
    names = {carried.slo.name for carried in definitions.slos}
    for carried in definitions.slos:
        name = _free(fit_name(carried.slo.name), taken)
        try:
            found = _counted(name, carried.slo, kinds)
            yield _slo(carried, name, found)
        except ValueError as error:
            _tell(ledger, carried, str(error), Weight.REFUSED)
            continue
        taken.add(name)
        if found.only_here:
            _tell(ledger, carried, found.only_here, Weight.NOTED)
        if missing := [one.name for one in carried.slo.composed if one.name not in names]:
            _tell(ledger, carried, f"{_quoted(missing)} {_WITHIN}", Weight.NOTED)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{one}"' for one in names)


def _tell(ledger: Ledger, carried: Carried, what: str, weight: Weight) -> None:
    ledger.findings.append(Finding("", 0, "", f'slo "{carried.slo.name}": {what}', weight))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What an SLO counts: its method, objectives and, unless they have their own, indicator."""

    method: str
    objectives: tuple[_Document, ...]
    indicator: _Document = field(default_factory=dict)
    said: Mapping[Own, str] = field(default_factory=dict)
    only_here: str = ""


def _counted(name: str, slo: Slo, kinds: Mapping[str, str]) -> _Counted:
    """What the SLO counts, under the name that it has in OpenSLO.

    Raises:
        ValueError: OpenSLO has no word for it.
    """
    if isinstance(slo.indicator, Composite):
        method = method_of(slo.indicator)
        each, notes = zip(*objectives_of(name, slo, kinds), strict=True)
        only_here = "; ".join(dict.fromkeys(filter(None, notes)))
        return _Counted(method=method, objectives=each, only_here=only_here)
    of = slo.indicator.of if isinstance(slo.indicator, Sliced) else slo.indicator
    found = told(of, slo.source, kinds.get(slo.source, "prometheus"))
    return _Counted(
        method=_method(slo.indicator),
        objectives=(_objective(slo, found),),
        indicator={"metadata": {"name": f"{name}-sli"[:63]}, "spec": found.spec},
        said=found.said,
        only_here=found.only_here,
    )


def _slo(carried: Carried, name: str, found: _Counted) -> _Document:
    slo = carried.slo
    spec = _written(
        description=carried.description,
        service=fit_name(slo.service or slo.name),
        indicator=found.indicator,
    )
    spec |= {
        "timeWindow": [window_document(slo.window)],
        "budgetingMethod": found.method,
        "objectives": list(found.objectives),
        "alertPolicies": policy_documents(name, rows_of(slo), longest_s(slo.window)),
    }
    metadata = _written(
        name=name,
        displayName=carried.title,
        labels=dict(carried.labels),
        annotations=_said(slo, name, found.said),
    )
    return _object("SLO", metadata, spec)


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered where an earlier SLO has it."""
    names = (name, *(f"{name[:58]}-{number}" for number in range(2, 10_000)))
    return next(one for one in names if one not in taken)


def _method(indicator: Base | Sliced) -> str:
    if not isinstance(indicator, Sliced):
        return "Occurrences"
    return "RatioTimeslices" if indicator.target is None else "Timeslices"


def _objective(slo: Slo, found: Told) -> _Document:
    document: _Document = {**found.bound, "targetPercent": slo.objective.percent}
    if isinstance(slo.indicator, Sliced):
        document |= slices(slo.indicator.slice_s, slo.indicator.target)
    return document


def _said(slo: Slo, name: str, found: Mapping[Own, str]) -> dict[str, str]:
    """What OpenSLO has no word for, in annotations that burnline reads back."""
    return annotated(
        {
            **found,
            Own.NAME: slo.name if name != slo.name else "",
            Own.SERVICE: slo.service if fit_name(slo.service) != slo.service else "",
            Own.NO_SERVICE: "" if slo.service else "true",
            Own.ALERTS: "default" if slo.policy is None else "",
            Own.GROUP_BY: _list(slo.group_by),
            Own.FURTHER_WINDOWS: _list(tuple(map(window_text, slo.further))),
            Own.BREAKDOWN: _list(slo.breakdown),
            Own.CORRECTIONS: slo.corrections.value if slo.corrections else "",
            Own.MIN_BAD_EVENTS: str(slo.min_bad_events) if slo.min_bad_events else "",
            Own.NOTIFY: _list(slo.notify),
            Own.POLICY: slo.budget_policy,
            Own.EFFECTIVE: "" if slo.effective is None else str(slo.effective),
        }
    )


def _list(words: tuple[str, ...]) -> str:
    return listed(words) if words else ""
