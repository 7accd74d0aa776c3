"""The time zones that the configuration names."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, InstanceOf, WithJsonSchema

from collectors.keys import quoted
from slo.nearest import did_you_mean


def _zone(value: object) -> ZoneInfo:
    name = quoted(value, "Europe/Berlin")
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        near = did_you_mean(name, available_timezones())
        raise ValueError(f"{name!r} is not an IANA time zone{near}") from error


Zone = Annotated[InstanceOf[ZoneInfo], BeforeValidator(_zone), WithJsonSchema({"type": "string"})]
