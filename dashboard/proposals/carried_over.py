"""Definitions out of other tools' files as config.toml: what was promised, and what is left to say."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.proposals.document import HEAD, comment, lines_of
from dashboard.toml import Value
from dashboard.views.pages.written import alert_lines, config_lines
from slo.formats.contract import Carried, Definitions, Finding, Labels, Origin, Owner, Weight
from slo.policy import Policy

_ADDRESS = "http://127.0.0.1:9090"
_ASK = "ASK: where does it answer?"


def fragment(definitions: Definitions) -> str:
    """The tables that the files define, to stand in a file that `include` names."""
    parts = [*map(_source, definitions.sources), *map(_service, _services(definitions))]
    parts += [*map(_slo, definitions.slos)]
    parts += [_rows(name, rows) for name, rows in definitions.policies]
    return "\n".join(parts)


def whole(definitions: Definitions) -> str:
    """A whole configuration: with a source for all, the address of each that is not known asked."""
    sources = map(_source, _undefined(definitions))
    return "\n".join([HEAD, *sources, fragment(definitions)])


def _undefined(definitions: Definitions) -> Iterator[Origin]:
    """The sources that an SLO names and nobody defines; one where there is none at all."""
    known = {origin.name for origin in definitions.sources}
    named = dict.fromkeys(carried.slo.source for carried in definitions.slos)
    missing = [name for name in named if name and name not in known]
    if not known and not missing:
        missing = ["prometheus"]
    yield from (Origin(name=name, kind="prometheus") for name in missing)


def _services(definitions: Definitions) -> Iterator[Owner]:
    """The services that are defined; where any is, each that an SLO names has to be."""
    yield from definitions.services
    known = {owner.name for owner in definitions.services}
    named = dict.fromkeys(carried.slo.service for carried in definitions.slos)
    if known:
        yield from (Owner(name=name) for name in named if name and name not in known)


def _source(origin: Origin) -> str:
    keys: list[tuple[str, Value]] = [("name", origin.name), ("kind", origin.kind)]
    keys.append(("url", origin.address or _ADDRESS))
    about = _about(origin.title, origin.description)
    asks = [] if origin.address else [comment(_ASK)]
    return "".join([*about, *asks, "[[source]]\n", *lines_of(keys)])


def _service(owner: Owner) -> str:
    keys: list[tuple[str, Value]] = [("name", owner.name)]
    written = ("team", "owner", "notify", "runbook", "dashboard", "logs")
    keys += [(key, said) for key in written if (said := getattr(owner, key))]
    if owner.labels:
        keys.append(("labels", dict(owner.labels)))
    about = _about(owner.title, owner.description)
    return "".join([*about, "[[service]]\n", *lines_of(keys)])


def _slo(carried: Carried) -> str:
    """The table below its comments: what it was called, and what of it is otherwise now."""
    about = [*_about(carried.title, carried.description), *_labels(carried.labels)]
    notes = [comment(_note(one)) for one in carried.findings]
    lines = "\n".join(config_lines(carried.slo))
    return "".join([*about, *notes, lines, "\n"])


def _about(title: str, description: str) -> Iterator[str]:
    return (comment(words) for words in (title, description) if words)


def _labels(labels: Labels) -> Iterator[str]:
    if labels:
        yield comment(f"labels: {', '.join(f'{key}={text}' for key, text in labels)}")


def _note(finding: Finding) -> str:
    left = "left out: " if finding.weight is Weight.LEFT_OUT else ""
    return f"{finding.path}: {left}{finding.what}" if finding.path else f"{left}{finding.what}"


def _rows(name: str, rows: Policy) -> str:
    """Alert rows that belong to no SLO yet, as comments to paste below one."""
    lines = [f"# {line}\n" for row in rows for line in alert_lines(row)]
    return "".join([comment(f"{name}: the rows of an alert policy, for below an [[slo]]"), *lines])
