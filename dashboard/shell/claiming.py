"""From a document and what was invoked to its claim check; and the check into a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from dashboard import wiring
from dashboard.documents import read_document
from dashboard.shell.invocation import Invocation
from dashboard.shell.migrations import chosen
from slo.errors import BurnlineError, ConfigError, DeliveryError, StoreError

if TYPE_CHECKING:
    from dashboard.config import Config
    from dashboard.config.migration_def import MigrationDef
    from dashboard.views.claims.model import ClaimCheck
    from dashboard.views.migration.model import MigrationReport


def checked_document(
    invocation: Invocation, path: Path, *, migration: str | None, as_of: int | None
) -> ClaimCheck:
    """The check of a document, against the report of the named migration or of the only one.

    Where no migration is named and none can be had, the arithmetic is checked alone and the
    check says why.

    Raises:
        InputError: the document cannot be read.
        ConfigError: the named migration does not exist, or its configuration cannot be used.
        StoreError: the store of a named migration cannot be read.
    """
    from dashboard.views.claims.making import claims_of  # noqa: PLC0415 - it loads Markdown
    from dashboard.views.claims.reading import MOST_BYTES, read  # noqa: PLC0415

    document = read(read_document(path, MOST_BYTES), where=str(path))
    report, why = _report(invocation, migration, as_of)
    check = claims_of(document, report, name=path.name)
    return replace(check, remarks=(why, *check.remarks)) if why else check


def written(path: Path, content: Sequence[str] | dict[str, object]) -> None:
    """Write the check there, whole or not at all.

    Raises:
        DeliveryError: it cannot be written there.
    """
    if isinstance(content, dict):
        raw = orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
    else:
        raw = ("\n".join(content) + "\n").encode()
    beside = path.with_name(f".{path.name}.partial")
    try:
        beside.write_bytes(raw)
        beside.replace(path)
    except OSError as error:
        raise DeliveryError(
            f"the check cannot be written: {error.strerror}",
            where=str(path),
            mend="name a file in a folder that can be written to",
        ) from None


def _report(
    invocation: Invocation, name: str | None, as_of: int | None
) -> tuple[MigrationReport | None, str]:
    """The report, or why there is none; a named one must be had."""
    is_asked = name is not None or invocation.config_path != Invocation().config_path
    try:
        config = wiring.configured(invocation.config_path)
        meant = chosen(config.migrations, name, str(config.path))
        if meant is None:
            return None, _unmeant(config.migrations)
        return _made(config, meant, as_of), ""
    except (ConfigError, StoreError) as error:
        if is_asked:
            raise
        return None, _why(error)


def _why(error: BurnlineError) -> str:
    return f"Without data: {' '.join(error.what.split())}."


def _unmeant(known: Sequence[MigrationDef]) -> str:
    """Why no migration is meant where none is named."""
    if not known:
        return "Without data: no [[migration]] is configured."
    names = ", ".join(one.name for one in known)
    return f"Without data: name one of the migrations with --migration: {names}."


def _made(config: Config, meant: MigrationDef, as_of: int | None) -> MigrationReport:
    from dashboard.views.migration.making import migration_report  # noqa: PLC0415 - loads scipy
    from dashboard.views.upkeep.scene import Scene  # noqa: PLC0415

    moment = wiring.now() if as_of is None else as_of
    with wiring.reader(config) as reader:
        scene = Scene(config, reader, moment, is_fixed=as_of is not None)
        return migration_report(scene, meant)
