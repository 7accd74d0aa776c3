"""Which kinds of channel there are: files of `dashboard/notify/kinds/` and entry points.

A file in the folder is the registration: its name is the kind, its `CHANNEL` the rest. A package
outside registers the same value under the entry point group `burnline.channels`. Names are known
without importing anything.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from dashboard.notify import kinds as folder
from dashboard.notify.contract import ChannelKind
from slo.errors import ConfigError
from slo.nearest import did_you_mean

GROUP = "burnline.channels"


def kinds() -> tuple[str, ...]:
    """The names of all kinds of channel, sorted; nothing is imported."""
    return tuple(sorted({*_built_in(), *_external()}))


def load(kind: str, *, where: str) -> ChannelKind:
    """The kind of that name, imported now.

    Raises:
        ConfigError: no such kind, or an outside package does not keep the contract.
    """
    if kind in _built_in():
        found = import_module(f"{folder.__name__}.{kind}").CHANNEL
    elif kind in (external := _external()):
        found = _from_outside(external[kind], where=where)
    else:
        raise ConfigError(
            f'unknown kind "{kind}"{did_you_mean(kind, kinds())}',
            where=where,
            mend=f"there are: {', '.join(kinds())}",
        )
    if not isinstance(found, ChannelKind) or found.kind != kind:
        raise ConfigError(
            f'kind of channel "{kind}" does not hold a ChannelKind of that name',
            where=where,
            mend="update or remove the package that registers it",
        )
    return found


def _built_in() -> frozenset[str]:
    return frozenset(module.name for module in pkgutil.iter_modules(folder.__path__))


def _external() -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _from_outside(point: EntryPoint, *, where: str) -> object:
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f'kind of channel "{point.name}" of package {point.value!r} cannot be loaded: {error}',
            where=where,
            mend="install what it needs, or remove the package",
        ) from error
