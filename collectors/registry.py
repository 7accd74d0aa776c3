"""Which kinds of source there are: files of `collectors/sources/` and entry points.

A file in the folder is the registration: its name is the kind, its `SOURCE` the rest. A package
outside registers the same value under the entry point group `burnline.sources`. Names are known
without importing anything, so a command that asks no source loads none.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from collectors import sources
from collectors.contract import SourceKind
from slo.errors import ConfigError
from slo.nearest import did_you_mean

GROUP = "burnline.sources"


def kinds() -> tuple[str, ...]:
    """The names of all source kinds, sorted; nothing is imported."""
    return tuple(sorted({*_built_in(), *_external()}))


def knows(kind: str) -> bool:
    """Whether there is such a kind; outside packages are only asked where the folder has none."""
    return kind in _built_in() or kind in _external()


def load(kind: str, *, where: str) -> SourceKind:
    """The source of that kind, imported now.

    Raises:
        ConfigError: no such kind, or an outside package does not keep the contract.
    """
    if kind in _built_in():
        found = import_module(f"{sources.__name__}.{kind}").SOURCE
    elif kind in (external := _external()):
        found = _from_outside(external[kind], where=where)
    else:
        raise unknown(kind, where=where)
    if not isinstance(found, SourceKind) or found.kind != kind:
        raise ConfigError(
            f"source kind {kind!r} does not hold a SourceKind of that name",
            where=where,
            mend="update or remove the package that registers it",
        )
    return found


def unknown(kind: str, *, where: str) -> ConfigError:
    """The error that names the known kinds, the nearest one first."""
    return ConfigError(
        f"unknown source kind {kind!r}{did_you_mean(kind, kinds())}",
        where=where,
        mend=f"kind = one of {', '.join(kinds())}",
    )


def _built_in() -> frozenset[str]:
    found = pkgutil.iter_modules(sources.__path__)
    return frozenset(module.name for module in found if not module.name.startswith("_"))


def _external() -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _from_outside(point: EntryPoint, *, where: str) -> object:
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"source kind {point.name!r} of package {point.value!r} cannot be loaded: {error}",
            where=where,
            mend="install what it needs, or remove the package",
        ) from error
