"""Definitions as OpenSLO v1: what it has no word for stands in annotations, so nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import yaml

from slo.formats.contract import Carried, Definitions, Finding, Ledger, Origin, Owner, Weight
from slo.formats.fitting import rows_of
from slo.formats.openslo.alerts import policy_documents
from slo.formats.openslo.metrics import Told, told
from slo.formats.openslo.windows import nominal_s, window_document, window_text
from slo.formats.openslo.words import OWN, VERSION, fit_name, listed
from slo.indicator import Composite, Sliced
from slo.objective import Slo
from slo.spans import length_label

_Document = dict[str, object]


def write(definitions: Definitions, ledger: Ledger) -> str:
    """The definitions as one YAML stream of sources, services and SLOs.

    A composite has no word in OpenSLO v1, and is told in the ledger.
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
    said = _annotations(
        name=owner.name if name != owner.name else "",
        team=owner.team,
        runbook=owner.runbook,
        dashboard=owner.dashboard,
        logs=owner.logs,
    )
    metadata = _written(
        name=name, displayName=owner.title, labels=dict(owner.labels), annotations=said
    )
    return _object("Service", metadata, _written(description=owner.description))


def _slos(
    definitions: Definitions, kinds: Mapping[str, str], ledger: Ledger
) -> Iterator[_Document]:
    taken: set[str] = set()
    for carried in definitions.slos:
        try:
            found = _told(carried.slo, kinds.get(carried.slo.source, "prometheus"))
            yield _slo(carried, found, taken)
        except ValueError as error:
            _tell(ledger, carried, str(error), Weight.REFUSED)
            continue
        if found.only_here:
            _tell(ledger, carried, found.only_here, Weight.NOTED)


def _tell(ledger: Ledger, carried: Carried, what: str, weight: Weight) -> None:
    ledger.findings.append(Finding("", 0, "", f'slo "{carried.slo.name}": {what}', weight))


def _told(slo: Slo, kind: str) -> Told:
    """What the SLO measures, before it is sliced."""
    if isinstance(slo.indicator, Composite):
        raise ValueError("OpenSLO v1 has no word for a composite")  # noqa: TRY004 - of what is written
    base = slo.indicator.of if isinstance(slo.indicator, Sliced) else slo.indicator
    return told(base, slo.source, kind)


def _slo(carried: Carried, found: Told, taken: set[str]) -> _Document:
    slo = carried.slo
    name = _free(fit_name(slo.name), taken)
    rows = rows_of(slo)
    spec = _written(description=carried.description, service=fit_name(slo.service or slo.name))
    spec |= {
        "indicator": {"metadata": {"name": f"{name}-sli"[:63]}, "spec": found.spec},
        "timeWindow": [window_document(slo.window)],
        "budgetingMethod": _method(slo),
        "objectives": [_objective(slo, found)],
        "alertPolicies": policy_documents(name, rows, nominal_s(slo.window)),
    }
    metadata = _written(
        name=name,
        displayName=carried.title,
        labels=dict(carried.labels),
        annotations=_said(slo, name, found),
    )
    return _object("SLO", metadata, spec)


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered where an earlier SLO has it."""
    names = (name, *(f"{name[:58]}-{number}" for number in range(2, 10_000)))
    found = next(one for one in names if one not in taken)
    taken.add(found)
    return found


def _method(slo: Slo) -> str:
    if not isinstance(slo.indicator, Sliced):
        return "Occurrences"
    return "RatioTimeslices" if slo.indicator.target is None else "Timeslices"


def _objective(slo: Slo, found: Told) -> _Document:
    document: _Document = {**found.bound, "targetPercent": slo.objective.percent}
    if isinstance(slo.indicator, Sliced):
        if (target := slo.indicator.target) is not None:
            document["timeSliceTarget"] = Decimal(target.numerator) / Decimal(target.denominator)
        document["timeSliceWindow"] = length_label(slo.indicator.slice_s)
    return document


def _said(slo: Slo, name: str, found: Told) -> dict[str, str]:
    """What OpenSLO has no word for, in annotations that burnline reads back."""
    return _annotations(
        **found.said,
        name=slo.name if name != slo.name else "",
        service=slo.service if fit_name(slo.service) != slo.service else "",
        no_service="" if slo.service else "true",
        alerts="default" if slo.policy is None else "",
        group_by=_list(slo.group_by),
        further_windows=_list(tuple(map(window_text, slo.further))),
        breakdown=_list(slo.breakdown),
        corrections=slo.corrections.value if slo.corrections else "",
        min_bad_events=str(slo.min_bad_events) if slo.min_bad_events else "",
        notify=_list(slo.notify),
        policy=slo.budget_policy,
        effective="" if slo.effective is None else str(slo.effective),
    )


def _annotations(**said: str) -> dict[str, str]:
    return {f"{OWN}{key.replace('_', '-')}": text for key, text in said.items() if text}


def _list(words: tuple[str, ...]) -> str:
    return listed(words) if words else ""
