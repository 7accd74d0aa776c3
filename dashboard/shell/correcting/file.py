"""Corrections out of a TOML file: all of its problems at once, each with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from collectors.store.corrections import StoredCorrection
from dashboard.config.problems import Problem, Written, checked, refuse
from dashboard.config.reading import Document, read_document
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.said import CorrectionTable
from slo.corrections import Correction
from slo.errors import InputError

_TABLE = "correction"


def corrections_in(
    path: Path, aims: Aims, stored: Iterable[StoredCorrection] = ()
) -> tuple[Correction, ...]:
    """The tables `[[correction]]` of a file, in their order.

    One that is `stored` and was revoked is a problem, too.

    Raises:
        ConfigError: it cannot be read, or a table in it cannot be used; every problem is listed.
    """
    problems: list[Problem] = []
    read = read_document(path, str(path), problems)
    revoked = {one.correction.key for one in stored if one.revoked_at is not None}
    found = () if read is None else tuple(_corrections(read, aims, revoked, problems))
    refuse(problems, str(path))
    return found


def _corrections(
    read: Document, aims: Aims, revoked: Collection[str], problems: list[Problem]
) -> Iterator[Correction]:
    unknown = "unknown key: a file of corrections holds [[correction]]"
    problems += [read.root.problem(unknown, key) for key in read.values.keys() - {_TABLE}]
    keys: dict[str, str] = {}
    for written in read.tables(_TABLE):
        table = checked(CorrectionTable, written, written.values, problems)
        if table is None or not _is_known(written, table.correction, aims, problems):
            continue
        made = table.correction
        if made.key in revoked:
            said = f'"{made.key}" was revoked, and stays so: say it under another key'
            problems.append(written.problem(said, "key"))
        if made.key in keys:
            problems.append(
                written.problem(f'the key "{made.key}" stands at {keys[made.key]}, too')
            )
        keys[made.key] = written.where
        yield made


def _is_known(written: Written, made: Correction, aims: Aims, problems: list[Problem]) -> bool:
    try:
        aims.refuse_unknown(made)
    except InputError as error:
        problems.append(written.problem(error.what, error.where))
        return False
    return True
