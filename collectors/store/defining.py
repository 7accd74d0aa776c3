"""What the tables of the store are made of: their metadata, and columns of each meaning."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, SmallInteger, Text

metadata = MetaData()
whole_id = BigInteger().with_variant(Integer(), "sqlite")


def seconds(name: str, *, nullable: bool = False) -> Column[Any]:
    """A moment or a length in whole seconds."""
    return Column(name, BigInteger, nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[Any]:
    """Text of any length."""
    return Column(name, Text, nullable=nullable)


def count(name: str) -> Column[Any]:
    """A count, which may be a fraction; nothing where nobody said."""
    return Column(name, Double, nullable=False, server_default="0")


def spent(name: str) -> Column[Any]:
    """Seconds that were spent in some way; none where nobody said."""
    return Column(name, BigInteger, nullable=False, server_default="0")


def flag(name: str) -> Column[Any]:
    """0 or 1."""
    return Column(name, SmallInteger, nullable=False, server_default="0")


def key(name: str, kind: Any) -> Column[Any]:
    """A part of a primary key."""
    return Column(name, kind, primary_key=True, autoincrement=False)
