"""Quoted texts of the configuration, and the time zones that they name."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, InstanceOf, WithJsonSchema

from slo.nearest import did_you_mean


def quoted(value: object, example: str) -> str:
    """The value as the text it must be.

    Raises:
        ValueError: it is no text; the example says how one looks.
    """
    if not isinstance(value, str):
        raise ValueError(f'must be text in quotes such as "{example}"')  # noqa: TRY004 (pydantic)
    return value


def _zone(value: object) -> ZoneInfo:
    name = quoted(value, "Europe/Berlin")
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        near = did_you_mean(name, available_timezones())
        raise ValueError(f"{name!r} is not an IANA time zone{near}") from error


Zone = Annotated[InstanceOf[ZoneInfo], BeforeValidator(_zone), WithJsonSchema({"type": "string"})]
