"""config.toml as frozen values: what to collect, what was promised, where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from collectors.contract import SourceKind
from dashboard.config.agreement import Reading, disagreements
from dashboard.config.alerting import Alerting, channels_for
from dashboard.config.concealed import Vault
from dashboard.config.keeping import minutes_kept_s
from dashboard.config.kind_options import World
from dashboard.config.members import name_problems, with_members
from dashboard.config.objectives import Promise, slo_of
from dashboard.config.problems import Problem, Written, checked, refuse
from dashboard.config.reading import LISTS, Document, included, read
from dashboard.config.services import Service, services_of
from dashboard.config.sources import SourceDef, source_def, source_kind, source_names
from dashboard.config.store_url import store_url
from dashboard.config.tables import KEPT_S, RootTable
from slo.delivery.facts import DeliveryRules
from slo.nearest import did_you_mean
from slo.objective import Slo
from slo.splits import splits_of

if TYPE_CHECKING:
    from dashboard.config.channels import Notified
    from dashboard.config.migration_def import MigrationDef
    from dashboard.config.report_def import ReportDef
    from dashboard.notify.contract import ChannelDef
    from slo.budget_policy import BudgetPolicy

_RULES, _ALERTING = DeliveryRules(), Alerting()


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration that has passed every check; `digest` tells two apart.

    `minutes_s` is for how long single minutes are kept, `includes` are the patterns of the
    further files; `follows_planned` says that planned incidents correct. `channels` are told of
    alerts as `alerting` says.
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
    delivery: DeliveryRules = _RULES
    migrations: tuple[MigrationDef, ...] = ()
    follows_planned: bool = False
    channels: tuple[ChannelDef, ...] = ()
    alerting: Alerting = _ALERTING
    policies: tuple[BudgetPolicy, ...] = ()

    def channels_of(self, slo: Slo) -> tuple[ChannelDef, ...]:
        """The channels that the alerts of an SLO go to, of whatever severity they are told."""
        return channels_for(self.channels, self.services, slo)


Asked = bool | Callable[[str, str], bool]
"""Whether sources are asked: all, none, or those for whose name and kind it is true."""


def load(
    path: Path,
    environ: Mapping[str, str],
    *,
    with_sources: Asked = True,
    with_channels: bool = False,
) -> Config:
    """The configuration in the file at `path` and those it includes.

    Every key is checked whoever loads it. The secrets and certificates of a source that is not
    asked are not looked for, and it has no options: a command that only reads needs neither.
    The same holds of channels, which only a command that tells of alerts needs.

    Raises:
        ConfigError: anything in it cannot be used; every problem is listed with its line.
    """
    problems: list[Problem] = []
    documents = read(path, problems)
    refuse(problems if not documents else (), str(path))
    loading = _Loading(documents, Vault(path.parent, environ), problems)
    config = loading.config(path, with_sources, with_channels=with_channels)
    refuse(problems, str(path))
    return config


class _Loading:
    """One reading of all documents, which gathers whatever is wrong with them on its way."""

    def __init__(self, documents: list[Document], vault: Vault, problems: list[Problem]) -> None:
        """Begin with the main file's own keys, which the tables are read by."""
        self._documents, self._vault, self._problems = documents, vault, problems
        self._main = documents[0]
        self._root = _root(documents, problems)
        self._zone = self._root.timezone if self._root else ZoneInfo("UTC")

    def config(self, path: Path, asked: Asked, *, with_channels: bool) -> Config:
        """What is written; it can be used only where nothing was wrong."""
        named = source_names(self._tables("source"), self._problems)
        services = tuple(services_of(self._unique("service"), self._problems))
        kinds = {name: source_kind(each, self._problems) for name, each in named.items()}
        made = tuple(self._promised(kinds, services))
        self._problems += name_problems(self._tables("slo"))
        promised = with_members(made, self._tables("slo"), self._problems)
        migrations, compared = self._migrations(kinds, services)
        readings = (*map(_reading, promised), *compared)
        self._problems += disagreements(readings)
        alerting, channels = self._notified(with_channels)
        return Config(
            sources=tuple(self._sources(named, kinds, readings, asked)),
            slos=tuple(slo for slo, _ in promised),
            services=services,
            reports=tuple(self._reports(services)),
            delivery=self._root.delivery.rules if self._root else _RULES,
            policies=self._policies(),
            migrations=migrations,
            store_url=store_url(self._main.root, self._vault, self._problems),
            timezone=self._zone,
            minutes_s=self._minutes_s(promised),
            digest=_digest(self._documents),
            path=path,
            includes=included(self._main),
            hosts=tuple(self._root.hosts) if self._root else (),
            follows_planned=self._root is not None and self._root.corrections.planned_incidents,
            channels=channels,
            alerting=alerting,
        )

    def _tables(self, kind: str) -> list[Written]:
        return list(chain.from_iterable(document.tables(kind) for document in self._documents))

    def _unique(self, kind: str) -> Iterable[Written]:
        """The tables as they are; a name that an earlier one has is a problem."""
        first: dict[object, Written] = {}
        for written in self._tables(kind):
            name = written.values.get("name")
            if isinstance(name, str) and name in first:
                said = f'"{name}" is already defined at {first[name].where}'
                self._problems.append(written.problem(said, "name"))
            if isinstance(name, str):
                first.setdefault(name, written)
            yield written

    def _promised(
        self, kinds: Mapping[str, SourceKind | None], services: tuple[Service, ...]
    ) -> Iterable[Promise]:
        known = [service.name for service in services]
        for written in self._unique("slo"):
            slo = slo_of(written, kinds, self._zone, self._problems)
            service = written.values.get("service")
            if known and isinstance(service, str) and service not in known:
                said = f'no [[service]] is called "{service}"{did_you_mean(service, known)}'
                self._problems.append(written.problem(said, "service"))
            if slo is not None:
                yield slo, written

    def _sources(
        self,
        named: Mapping[str, Written],
        kinds: Mapping[str, SourceKind | None],
        readings: tuple[Reading, ...],
        asked: Asked,
    ) -> Iterable[SourceDef]:
        for name, written in named.items():
            indicators = [each.indicator for each in readings if each.source == name]
            world = World(self._vault, _is_asked(asked, name, written))
            found = source_def(name, written, kinds[name], indicators, world, self._problems)
            if found is not None:
                splits = (one for each in readings if each.source == name for one in each.splits)
                yield replace(found, splits=tuple(dict.fromkeys(splits)))

    def _migrations(
        self, kinds: Mapping[str, SourceKind | None], services: tuple[Service, ...]
    ) -> tuple[tuple[MigrationDef, ...], tuple[Reading, ...]]:
        """The migrations, and what they have their sources bring."""
        tables = list(self._unique("migration"))
        if not tables:
            return (), ()
        # Only a file with migrations pays for the tables and the kinds of measure.
        from dashboard.config.measured import Around  # noqa: PLC0415
        from dashboard.config.migrations import migrations  # noqa: PLC0415

        names = [service.name for service in services]
        around = Around(kinds, names, self._main.folder)
        return migrations(tables, around, self._zone, self._problems)

    def _notified(self, is_told: bool) -> Notified:
        """The channels, and how alerts are told; whoever names a channel that is none is told."""
        tables = {kind: self._tables(kind) for kind in ("slo", "service")}
        channels = list(self._unique("channel"))
        naming = (one for several in tables.values() for one in several)
        written = channels or "alerts" in self._main.root.values
        if not written and not any("notify" in one.values for one in naming):
            return _ALERTING, ()
        # Only a file that writes of channels pays for their tables.
        from dashboard.config.channels import notified  # noqa: PLC0415

        world = World(self._vault, is_told)
        return notified(self._main.root, channels, tables, world, self._problems)

    def _policies(self) -> tuple[BudgetPolicy, ...]:
        """The error budget policies; an SLO that names none of them is a problem."""
        tables = list(self._unique("policy"))
        named = [one for one in self._tables("slo") if one.values.get("policy")]
        if not tables and not named:
            return ()
        # Only a file that writes of policies pays for their tables.
        from dashboard.config.policies import policies  # noqa: PLC0415

        return policies(tables, named, self._problems)

    def _reports(self, services: tuple[Service, ...]) -> Iterable[ReportDef]:
        """The reports; what they are about is known by name, wrong tables among them."""
        tables = list(self._unique("report"))
        if not tables:
            return ()
        # Only a file with reports pays for their tables.
        from dashboard.config.reports import Subjects, report_defs  # noqa: PLC0415

        promised = self._written("slo", "service")
        known = {service.name for service in services}
        subjects = Subjects(promised, known | promised if known else (), self._written("migration"))
        place = self._main.folder, self._zone
        return report_defs(tables, subjects, place, self._problems)

    def _written(self, kind: str, key: str = "name") -> set[str]:
        """What stands under a key in the tables of a kind, where it is text."""
        found = (written.values.get(key) for written in self._tables(kind))
        return {text for text in found if isinstance(text, str)}

    def _minutes_s(self, promised: tuple[Promise, ...]) -> int:
        kept_s = self._root.keep_minutes if self._root else KEPT_S
        return minutes_kept_s(self._main.root, kept_s, promised, self._problems)


def _reading(promise: Promise) -> Reading:
    slo, written = promise
    who = f'slo "{slo.name}"'
    return Reading(who, slo.source, slo.indicator, written, splits_of(slo))


def _is_asked(asked: Asked, name: str, written: Written) -> bool:
    return asked if isinstance(asked, bool) else asked(name, str(written.values.get("kind")))


def _root(documents: list[Document], problems: list[Problem]) -> RootTable | None:
    """The main file's own keys; the shape of every file is checked on the way."""
    for document in documents:
        problems += (said for kind in LISTS for said in document.shape_problems(kind))
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


def _digest(documents: list[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(hashlib.sha256(document.content).digest())
    return digest.hexdigest()[:16]
