"""How columns become rows: executemany on SQLite, binary COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

Columns = Mapping[str, "NDArray[Any]"]
_BINARY = {"BIGINT": ">i8", "DOUBLE PRECISION": ">f8", "DOUBLE": ">f8", "SMALLINT": ">i2"}
_COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_END = b"\xff\xff"


def append(connection: Connection, table: Table, columns: Columns) -> None:
    """Insert rows whose keys are new; columns left out take their defaults."""
    names = tuple(column.name for column in table.c if column.name in columns)
    if not len(columns[names[0]]):
        return
    if connection.dialect.name == "sqlite":
        rows = list(zip(*(columns[name].tolist() for name in names), strict=True))
        connection.exec_driver_sql(_insert_text(table, names), rows)
    else:
        _copy(connection, table, columns)


@cache
def _insert_text(table: Table, names: tuple[str, ...]) -> str:
    statement = insert(table).values(dict.fromkeys(names))
    compiled = statement.compile(dialect=sqlite.dialect(), column_keys=list(names))
    return str(compiled)


def _copy(connection: Connection, table: Table, columns: Columns) -> None:
    target = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    with _told_as_of_sqlalchemy(connection, target):
        _stream(connection.connection.driver_connection, target, table, columns)


@contextmanager
def _told_as_of_sqlalchemy(connection: Connection, statement: str) -> Iterator[None]:
    """Raise the driver's errors as those of any other statement: COPY goes around SQLAlchemy."""
    base = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        raise DBAPIError.instance(
            statement, None, error, base, hide_parameters=True, dialect=connection.dialect
        ) from error


def _stream(raw: Any, target: str, table: Table, columns: Columns) -> None:
    if any(column.dtype == object for column in columns.values()):
        with raw.cursor().copy(target) as stream:
            for row in zip(*(column.tolist() for column in columns.values()), strict=True):
                stream.write_row(row)
        return
    with raw.cursor().copy(f"{target} (FORMAT BINARY)") as stream:
        stream.write(_COPY_HEADER + _binary_rows(table, columns) + _COPY_END)


def _binary_rows(table: Table, columns: Columns) -> bytes:
    """The rows in PostgreSQL's binary COPY: a field count, then each value behind its length."""
    layout: list[tuple[str, str]] = [("", ">i2")]
    for name in columns:
        kind = _BINARY[str(table.c[name].type)]
        layout += [(f"{name} bytes", ">i4"), (name, kind)]
    layout[0] = ("fields", ">i2")
    rows = np.empty(len(next(iter(columns.values()))), dtype=np.dtype(layout))
    rows["fields"] = len(columns)
    for name, values in columns.items():
        rows[f"{name} bytes"] = rows.dtype[name].itemsize
        rows[name] = values
    return rows.tobytes()


def joined(parts: Sequence[Columns]) -> dict[str, NDArray[Any]]:
    """The columns of several parts one after the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
