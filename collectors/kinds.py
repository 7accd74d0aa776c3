"""Kinds that are found by their place: files of a folder, and entry points of packages outside.

A file in the folder is the registration: its name is the kind, one value in it the rest. A package
outside registers the same value under an entry point group. Names are known without importing
anything, so a command that needs no kind loads none.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Generic, Protocol, TypeVar

from slo.errors import ConfigError
from slo.nearest import did_you_mean


class Kind(Protocol):
    """What is registered: it knows its own name."""

    @property
    def kind(self) -> str:
        """The name."""


K = TypeVar("K", bound=Kind)


@dataclass(frozen=True, slots=True)
class Kinds(Generic[K]):
    """The kinds of one thing, which people call `what`; a file holds one as `attribute`."""

    what: str
    folder: ModuleType
    attribute: str
    type: type[K]
    group: str

    def names(self) -> tuple[str, ...]:
        """The names of all kinds, sorted; nothing is imported."""
        return tuple(sorted({*self._built_in(), *self._external()}))

    def knows(self, kind: str) -> bool:
        """Whether there is such a kind; outside packages are only asked where the folder has none."""
        return kind in self._built_in() or kind in self._external()

    def load(self, kind: str, *, where: str) -> K:
        """The kind of that name, imported now.

        Raises:
            ConfigError: no such kind, or an outside package does not keep the contract.
        """
        if kind in self._built_in():
            found = getattr(import_module(f"{self.folder.__name__}.{kind}"), self.attribute)
        elif kind in (external := self._external()):
            found = self._from_outside(external[kind], where=where)
        else:
            raise self.unknown(kind, where=where)
        if not isinstance(found, self.type) or found.kind != kind:
            raise ConfigError(
                f"{self.what} kind {kind!r} does not hold a {self.type.__name__} of that name",
                where=where,
                mend="update or remove the package that registers it",
            )
        return found

    def unknown(self, kind: str, *, where: str) -> ConfigError:
        """The error that names the known kinds, the nearest one first."""
        return ConfigError(
            f"unknown {self.what} kind {kind!r}{did_you_mean(kind, self.names())}",
            where=where,
            mend=f"kind = one of {', '.join(self.names())}",
        )

    def _built_in(self) -> frozenset[str]:
        found = pkgutil.iter_modules(self.folder.__path__)
        return frozenset(module.name for module in found if not module.name.startswith("_"))

    def _external(self) -> Mapping[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=self.group)}

    def _from_outside(self, point: EntryPoint, *, where: str) -> object:
        try:
            return point.load()
        except (ImportError, AttributeError) as error:
            raise ConfigError(
                f"{self.what} kind {point.name!r} of package {point.value!r}"
                f" cannot be loaded: {error}",
                where=where,
                mend="install what it needs, or remove the package",
            ) from error
