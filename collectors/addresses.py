"""How addresses on the web are written in a table: in the open, or as a secret where they are one."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, SecretStr

STANDS_IN = SecretStr("unread")
"""In the place of a secret that is not asked for, or not to be had."""


def _address(value: str) -> str:
    parts = _split(value)
    if parts.query or parts.fragment:
        raise ValueError("must end before any ? or #")
    if "@" in parts.netloc:
        raise ValueError("must not hold a password: it would be shown with the address")
    return value.rstrip("/")


def _secret_address(value: SecretStr) -> SecretStr:
    if value != STANDS_IN:
        try:
            _split(value.get_secret_value())
        except ValueError:
            said = "must stand for an address that begins with https:// or http://"
            raise ValueError(said) from None
    return value


def _split(value: str) -> SplitResult:
    """The parts of an address; its port is one, and nothing in it hides.

    Raises:
        ValueError: it is none.
    """
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_address = is_address and (parts.port is None or parts.port > 0)
    except ValueError:
        is_address = False
    if not is_address or not value.isprintable() or " " in value:
        raise ValueError(
            'must be an address such as "https://example.org" or "http://127.0.0.1:9093"'
        )
    return parts


Address = Annotated[str, AfterValidator(_address)]
"""Shown wherever it is asked: it may hold no secret."""
SecretAddress = Annotated[SecretStr, AfterValidator(_secret_address)]
"""Whoever knows it may use it, so it is never shown."""
