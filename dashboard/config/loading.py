"""config.toml as frozen values: what to collect, what was promised, where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from collectors.contract import SourceKind
from dashboard.config.agreement import disagreements
from dashboard.config.concealed import Vault
from dashboard.config.keeping import minutes_kept_s
from dashboard.config.objectives import Promise, slo_of
from dashboard.config.problems import Problem, Written, checked, refuse
from dashboard.config.reading import LISTS, Document, included, read
from dashboard.config.report_def import ReportDef
from dashboard.config.reports import report_defs
from dashboard.config.sources import SourceDef, World, source_def, source_kind, source_names
from dashboard.config.tables import KEPT_S, RootTable, ServiceTable
from slo.nearest import did_you_mean
from slo.objective import Slo

_DEFAULT_STORE = "sqlite:///burnline.db"
_SQLITE = "sqlite:///"
_DATABASES = (_SQLITE, "postgresql+psycopg://", "postgresql://")


@dataclass(frozen=True, slots=True)
class Service:
    """What users depend on; links hold `{service}`, `{from}` and `{to}` to be filled in."""

    name: str
    team: str = ""
    owner: str = ""
    runbook: str = ""
    dashboard: str = ""
    logs: str = ""
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration that has passed every check; `digest` tells two apart.

    `minutes_s` is for how long single minutes are kept, `includes` are the patterns of the
    further files.
    """

    sources: tuple[SourceDef, ...]
    slos: tuple[Slo, ...]
    services: tuple[Service, ...]
    store_url: str = field(repr=False)
    timezone: ZoneInfo
    minutes_s: int
    digest: str
    path: Path
    includes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    reports: tuple[ReportDef, ...] = ()


Asked = bool | Callable[[str, str], bool]
"""Whether sources are asked: all, none, or those for whose name and kind it is true."""


def load(path: Path, environ: Mapping[str, str], *, with_sources: Asked = True) -> Config:
    """The configuration in the file at `path` and those it includes.

    Every key is checked whoever loads it. The secrets and certificates of a source that is not
    asked are not looked for, and it has no options: a command that only reads needs neither.

    Raises:
        ConfigError: anything in it cannot be used; every problem is listed with its line.
    """
    problems: list[Problem] = []
    documents = read(path, problems)
    refuse(problems if not documents else (), str(path))
    vault = Vault(path.parent, environ)
    root = _root(documents, problems)
    zone = root.timezone if root else ZoneInfo("UTC")
    named = source_names(_tables(documents, "source"), problems)
    services = tuple(_services(_tables(documents, "service"), problems))
    kinds = {name: source_kind(written, problems) for name, written in named.items()}
    promised = tuple(_promised(_tables(documents, "slo"), kinds, services, zone, problems))
    slos = tuple(slo for slo, _ in promised)
    problems += disagreements(promised)
    sources = [
        source_def(
            name,
            written,
            kinds[name],
            [slo.indicator for slo in slos if slo.source == name],
            World(vault, _is_asked(with_sources, name, written)),
            problems,
        )
        for name, written in named.items()
    ]
    reports = tuple(_reported(documents, zone, problems))
    store_url = _store_url(documents[0].root, vault, problems)
    kept_s = root.keep_minutes if root else KEPT_S
    minutes_s = minutes_kept_s(documents[0].root, kept_s, promised, problems)
    refuse(problems, str(path))
    return Config(
        sources=tuple(source for source in sources if source is not None),
        slos=slos,
        services=services,
        store_url=store_url,
        timezone=zone,
        minutes_s=minutes_s,
        digest=_digest(documents),
        path=path,
        includes=included(documents[0]),
        hosts=tuple(root.hosts) if root else (),
        reports=reports,
    )


def _is_asked(asked: Asked, name: str, written: Written) -> bool:
    return asked if isinstance(asked, bool) else asked(name, str(written.values.get("kind")))


def _root(documents: list[Document], problems: list[Problem]) -> RootTable | None:
    """The main file's own keys; the shape of every file is checked on the way."""
    for document in documents:
        problems += _shape_problems(document)
    main = documents[0].root
    for document in documents[1:]:
        for key in document.root.values:
            known = key in RootTable.model_fields
            said = (
                f"stands in {main.file} alone"
                if known
                else f"unknown key{did_you_mean(key, LISTS)}"
            )
            problems.append(document.root.problem(said, key))
    return checked(RootTable, main, main.values, problems)


def _shape_problems(document: Document) -> Iterable[Problem]:
    for kind in LISTS:
        found = document.values.get(kind, [])
        if isinstance(found, dict):
            said = f"is a list of tables; write [[{kind}]] with two brackets"
            yield document.root.problem(said, kind)
        elif not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            yield document.root.problem(f"must be tables; write [[{kind}]]", kind)


def _tables(documents: list[Document], kind: str) -> list[Written]:
    return list(chain.from_iterable(document.tables(kind) for document in documents))


def _services(tables: list[Written], problems: list[Problem]) -> Iterable[Service]:
    for written in _unique(tables, problems):
        table = checked(ServiceTable, written, written.values, problems)
        if table is not None:
            labels = tuple(sorted(table.labels.items()))
            yield Service(**{**table.model_dump(), "labels": labels})


def _promised(
    tables: list[Written],
    sources: Mapping[str, SourceKind | None],
    services: tuple[Service, ...],
    zone: ZoneInfo,
    problems: list[Problem],
) -> Iterable[Promise]:
    known = [service.name for service in services]
    for written in _unique(tables, problems):
        slo = slo_of(written, sources, zone, problems)
        service = written.values.get("service")
        if known and isinstance(service, str) and service not in known:
            said = f'no [[service]] is called "{service}"{did_you_mean(service, known)}'
            problems.append(written.problem(said, "service"))
        if slo is not None:
            yield slo, written


def _reported(
    documents: list[Document], zone: ZoneInfo, problems: list[Problem]
) -> Iterable[ReportDef]:
    """The reports; a service is known by the SLOs that name it, wrong ones among them."""
    named = (written.values.get("service") for written in _tables(documents, "slo"))
    services = {service for service in named if isinstance(service, str)}
    tables = _unique(_tables(documents, "report"), problems)
    return report_defs(tables, services, (documents[0].folder, zone), problems)


def _unique(tables: list[Written], problems: list[Problem]) -> Iterable[Written]:
    """The tables as they are; a name that an earlier one has is a problem."""
    first: dict[object, Written] = {}
    for written in tables:
        name = written.values.get("name")
        if isinstance(name, str) and name in first:
            said = f'"{name}" is already defined at {first[name].where}'
            problems.append(written.problem(said, "name"))
        if isinstance(name, str):
            first.setdefault(name, written)
        yield written


def _store_url(root: Written, vault: Vault, problems: list[Problem]) -> str:
    """The store's URL, a relative file put beside the configuration."""
    value = root.values.get("store", _DEFAULT_STORE)
    try:
        is_secret = isinstance(value, Mapping)
        url = vault.reveal(value).get_secret_value() if is_secret else _open(value)
    except ValueError as error:
        problems.append(root.problem(str(error), "store"))
        return ""
    if url.startswith(_SQLITE):
        return f"{_SQLITE}{(vault.folder / url.removeprefix(_SQLITE)).absolute()}"
    return url


def _open(value: object) -> str:
    if not isinstance(value, str) or not value.startswith(_DATABASES):
        raise ValueError(
            'must be a database URL such as "sqlite:///burnline.db" or'
            ' "postgresql+psycopg://user@host/burnline"'
        )
    user, at, _ = value.partition("://")[2].rpartition("@")
    if at and ":" in user:
        raise ValueError('holds a password; put the whole URL into { env = "NAME" }')
    return value


def _digest(documents: list[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(hashlib.sha256(document.content).digest())
    return digest.hexdigest()[:16]
