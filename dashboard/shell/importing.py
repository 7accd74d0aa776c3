"""Which source a file of the command line belongs to, and how it is to be read."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from collectors.contract import Named
from collectors.files.table import FileTable
from collectors.run import Lane
from collectors.sources.files import Options, for_import, table_for
from dashboard.config import Config
from dashboard.config.problems import said
from dashboard.shell.progress import Bar
from slo.errors import ConfigError
from slo.indicator import bases

KIND = "files"
KEYS: Mapping[str, FieldInfo] = {
    key: field for key, field in FileTable.model_fields.items() if key not in {"path", "holds"}
}
"""The keys of `[[source.file]]` that have an option of their own on the command line."""

Given = Mapping[str, Any]


class Import(NamedTuple):
    """Sources ready to be read, and what people should know of which was chosen for a file."""

    lanes: list[Lane]
    notes: list[str]


class _Meant(NamedTuple):
    source: str
    table: FileTable
    note: str = ""


def lanes(
    config: Config, files: Sequence[str], given: Given, source: str | None, bar: Bar
) -> Import:
    """The files as sources ready to be read; those of one source and table together.

    A file that a `[[source.file]]` means is read as it says, changed by what is given; any
    other belongs to `source`, else to the only source of files, else to one called `files`; which
    of these two is told.

    Raises:
        ConfigError: what is given makes no table.
        InputError: a file is a URL.
    """
    grouped: dict[tuple[str, str], tuple[FileTable, list[str]]] = {}
    notes: dict[str, None] = {}
    for file in files:
        name, table, note = _meant(config, file, given, source)
        grouped.setdefault((name, table.model_dump_json()), (table, []))[1].append(file)
        notes |= {note: None} if note else {}
    found = [_lane(config, name, *each, bar) for (name, _), each in grouped.items()]
    return Import(found, list(notes))


def is_many(field: FieldInfo) -> bool:
    """Whether a key holds several words, so that its option may be repeated."""
    return any(get_origin(part) in (tuple, dict) for part in _parts(field.annotation))


def choices(field: FieldInfo) -> tuple[str, ...]:
    """The words that a key may be; none when it is free."""
    return tuple(
        word
        for part in _parts(field.annotation)
        if get_origin(part) is Literal
        for word in get_args(part)
    )


def value_of(key: str, text: str | tuple[str, ...]) -> Any:
    """What an option's text stands for in the table.

    Raises:
        ConfigError: a pair is not written as `role=column`, or a number is none.
    """
    annotation = KEYS[key].annotation
    if get_origin(annotation) is dict:
        return dict(_pair(key, each) for each in text)
    if annotation is float:
        return _number(key, str(text))
    return text


def _meant(config: Config, file: str, given: Given, source: str | None) -> _Meant:
    for name, options in _file_sources(config):
        table = table_for(options, file)
        fits = table is not None and given.get("holds", table.holds) == table.holds
        if table is not None and fits and source in {None, name}:
            return _Meant(name, _table({**table.model_dump(exclude_unset=True), **given}))
    if "holds" not in given:
        raise ConfigError(
            "no [[source.file]] says what this file holds",
            where=file,
            mend="add --as probes, requests, events, incidents or gauges",
        )
    return _unconfigured(config, file, _table({"path": "-", **given}), source)


def _unconfigured(config: Config, file: str, table: FileTable, source: str | None) -> _Meant:
    """A file that no `[[source.file]]` means, with a word on the source that was chosen for it."""
    if source is not None:
        return _Meant(source, table)
    only = [name for name, _ in _file_sources(config)]
    if len(only) == 1:
        return _Meant(only[0], table, f'{file}: taken as of the only source of files, "{only[0]}"')
    is_read = KIND in {each.name for each in config.sources}
    unread = "" if is_read else ", which is not configured: no SLO reads it"
    return _Meant(KIND, table, f'{file}: taken as of "{KIND}"{unread}; --source names another')


def _file_sources(config: Config) -> Iterable[tuple[str, Options]]:
    for source in config.sources:
        if isinstance(source.options, Options):
            yield source.name, source.options


def _table(values: Mapping[str, Any]) -> FileTable:
    try:
        return FileTable.model_validate(values)
    except ValidationError as error:
        problems = [_problem(detail["loc"], said(FileTable, detail)) for detail in error.errors()]
        raise ConfigError(
            "\n".join(problems), where="the command line", mend="see `burnline import --help`"
        ) from error


def _problem(loc: tuple[str | int, ...], what: str) -> str:
    return f"--{str(loc[0]).replace('_', '-')}: {what}" if loc else what


def _lane(config: Config, name: str, table: FileTable, paths: list[str], bar: Bar) -> Lane:
    source = next((one for one in config.sources if one.name == name), None)
    indicators = () if source is None else source.indicators
    collector = for_import(
        Named(name, "the command line", bases(indicators)), table, paths, bar.advance
    )
    wanted = () if source is None else source.wanted
    bar.expect(collector.total_bytes)
    return Lane(name=name, collector=collector, indicators=wanted, keeps_failures=False)


def _parts(annotation: Any) -> tuple[Any, ...]:
    """The plain types that a key's value may have."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return tuple(part for each in get_args(annotation) for part in _parts(each))
    return (get_args(annotation)[0],) if origin is Annotated else (annotation,)


def _pair(key: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise ConfigError(f"{text!r} is no pair", where=f"--{key}", mend=f"write --{key} at=ts_utc")
    return name, value


def _number(key: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        where = f"--{key.replace('_', '-')}"
        raise ConfigError(f"{text!r} is no number", where=where, mend=f"write {where} 5") from error
