"""Which tallies a correction is about, as the configuration has it now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from collectors.store.corrections import StoredCorrection, Target, Targets, target_of
from collectors.store.stored import HasSeries
from dashboard.config import Config
from dashboard.views.counted.families import family
from dashboard.views.counted.series_index import Index
from slo.corrections import Correction, Scope
from slo.errors import InputError
from slo.nearest import did_you_mean
from slo.objective import Slo
from slo.splits import is_of

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name in a scope that nothing has: of which kind, what is wrong, how to mend it."""

    kind: str
    name: str
    what: str
    mend: str


class Aims:
    """What corrections are about, by one configuration and what is stored of its groups.

    The series are read once, when a member is first asked for, however many corrections name one.
    """

    def __init__(self, config: Config, reader: HasSeries | None = None) -> None:
        """Members of a group are known by what is stored, so without a reader none is."""
        self._config = config
        self._reader = reader
        self._parts: dict[str, tuple[Slo, ...]] = {}

    def targets(self, scope: Scope) -> Targets:
        """The tallies of the SLOs that are meant; of a composite those of its members."""
        if scope.is_all:
            return None
        whole = (slo for slo in self._config.slos if scope.holds(slo.name, slo.service))
        members = (one for one in self._members(scope.slos) if one.name in scope.slos)
        return tuple(sorted({target for slo in (*whole, *members) for target in _targets(slo)}))

    def by_key(self, held: Iterable[StoredCorrection]) -> dict[str, Targets]:
        """What each correction that holds is about now, by its key.

        One whose SLOs are all gone from the configuration stays about what it was about.
        """
        found = {one.correction.key: self.targets(one.correction.scope) for one in held}
        return {key: targets for key, targets in found.items() if targets != ()}

    def refuse_unknown(self, said: Correction) -> None:
        """Refuse a scope that names what neither the configuration nor a group of it knows.

        Raises:
            InputError: it names such SLOs or services; all of them are told.
        """
        if unknown := tuple(self.unknown(said.scope)):
            what = "\n".join(one.what for one in unknown)
            raise InputError(what, where=unknown[0].kind, mend=unknown[0].mend)

    def unknown(self, scope: Scope) -> Iterator[Unknown]:
        """Each name of a scope that neither the configuration nor a group of it knows."""
        slos = [slo.name for slo in self._config.slos]
        members = [one.name for one in self._members(scope.slos)]
        services = {slo.service for slo in self._config.slos} - {""}
        for kind, names, known in (
            ("slo", scope.slos, (*members, *sorted(slos))),
            ("service", scope.services, sorted(services)),
        ):
            mend = f"name one of: {_first(known)}" if known else "add a [[slo]]"
            for name in names:
                if name not in known:
                    said = f'no {kind} is called "{name}"{did_you_mean(name, known)}'
                    yield Unknown(kind, name, said, mend)

    def _members(self, names: Collection[str]) -> list[Slo]:
        """The members of every group of which one may be named, by what is stored of them."""
        known = {slo.name for slo in self._config.slos}
        asked = [name for name in names if name not in known]
        return [
            member
            for slo in self._config.slos
            if slo.group_by and any(is_of(one, slo.name) for one in asked)
            for member in self._of_group(slo)
        ]

    def _of_group(self, group: Slo) -> tuple[Slo, ...]:
        if self._reader is None:
            return ()
        if group.name not in self._parts:
            self._parts[group.name] = tuple(part.slo for part in family(group, self._index).parts)
        return self._parts[group.name]

    @cached_property
    def _index(self) -> Index:
        return Index(()) if self._reader is None else Index.of_tallies(self._reader)


def _first(known: Collection[str]) -> str:
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return ", ".join(list(known)[:_LISTED]) + more


def _targets(slo: Slo) -> Iterator[Target]:
    return (target_of(one.source, one.indicator, one.member) for one in slo.leaves)
