"""Which migration is meant: the one that is named, or the only one there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slo.errors import ConfigError
from slo.nearest import did_you_mean

if TYPE_CHECKING:
    from dashboard.config.migration_def import MigrationDef


def chosen(known: Sequence[MigrationDef], name: str | None, where: str) -> MigrationDef | None:
    """The migration that is meant; None where none is named and there are none or several.

    `where` is the configuration that would have to name it.

    Raises:
        ConfigError: no migration has that name.
    """
    if name is None:
        return known[0] if len(known) == 1 else None
    names = [one.name for one in known]
    if name not in names:
        raise ConfigError(
            f'no [[migration]] is called "{name}"{did_you_mean(name, names)}',
            where=where,
            mend=f"name one of: {', '.join(names)}" if names else "add one; see the README",
        )
    return known[names.index(name)]
