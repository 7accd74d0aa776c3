"""Corrections out of a TOML file: all of its problems at once, each with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from collectors.store.correcting import STAYS_REVOKED
from collectors.store.corrections import StoredCorrection
from dashboard.config.problems import Problem, Written, checked, refuse
from dashboard.config.reading import Document, read_document
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.said import CorrectionTable, problems_beside
from slo.corrections import Correction, Scope

_TABLE = "correction"
_KEYS = "its keys are the options that `burnline correct --help` describes, `slo` a list of names"


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
    refuse(problems, str(path), option="--file", keys=_KEYS)
    return found


def _corrections(
    read: Document, aims: Aims, revoked: Collection[str], problems: list[Problem]
) -> Iterator[Correction]:
    unknown = "unknown key: a file of corrections holds [[correction]]"
    problems += [read.root.problem(unknown, key) for key in read.values.keys() - {_TABLE}]
    problems += read.shape_problems(_TABLE)
    stand: dict[str, str] = {}
    for written in read.tables(_TABLE):
        table = checked(CorrectionTable, written, written.values, problems)
        beside = problems_beside(written.values) if table is None else ""
        problems += [written.problem(beside)] if beside else []
        named = _named(written) if table is None else table.correction.scope
        problems += [
            written.problem(one.what, one.kind, written.values[one.kind].index(one.name))
            for one in aims.unknown(named)
        ]
        key = written.values.get("key") if table is None else table.correction.key
        if isinstance(key, str):
            problems += _taken(written, key, stand, revoked)
            stand[key] = written.where
        if table is not None:
            yield table.correction


def _named(written: Written) -> Scope:
    """What a table that cannot be used names, to judge that nevertheless."""
    slos, services = (
        tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
        for names in (written.values.get("slo"), written.values.get("service"))
    )
    return Scope(slos, services)


def _taken(
    written: Written, key: str, stand: Mapping[str, str], revoked: Collection[str]
) -> Iterator[Problem]:
    if key in revoked:
        said = f'"{key}" {STAYS_REVOKED}: say it under another key'
        yield written.problem(said, "key")
    if key in stand:
        yield written.problem(f'the key "{key}" stands at {stand[key]}, too')
