"""The table `[[report]]` as it is written: its keys, defaults and meanings."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from collectors.described import Described
from dashboard.config.names import Slug
from dashboard.config.subjects import subject_names
from dashboard.config.zones import Zone
from slo.cron import Cron
from slo.nearest import did_you_mean
from slo.periods import ReportPeriod

_SOME_TIME = 1_767_225_600  # any moment: a schedule that comes does so within eight years of it

KEYS = ("service", "migration")
"""The keys that only some subjects take."""


def _subject(value: str) -> str:
    known = subject_names()
    if value not in known:
        said = " or ".join(f'"{name}"' for name in known)
        raise ValueError(f"must be one of {said}{did_you_mean(value, known)}")
    return value


def _folder(value: str) -> str:
    if not value or not value.isprintable() or ".." in PurePath(value).parts:
        raise ValueError('must be the path of a folder such as "reports", without ".."')
    if len(PurePath(value).parts) == 1 and PurePath(value).is_absolute():
        raise ValueError("is the root of the file system; name a folder for the reports")
    return value


def _schedule(value: str) -> str:
    if Cron.parse(value).first_at(_SOME_TIME, ZoneInfo("UTC")) is None:
        raise ValueError("never comes: no month has that day")
    return value


class ReportTable(Described):
    """A report that is made on a schedule: of budgets, of delivery, or of a migration."""

    name: Slug = Field(examples=['"weekly"'])
    """Unique name; its files begin with it."""
    about: Annotated[str, AfterValidator(_subject)] = Field(
        "budgets", json_schema_extra={"enum": list(subject_names())}
    )
    """What it tells: error `budgets`, `delivery` and incidents, or whether a `migration` worked."""
    migration: str | None = None
    """The migration it is about; needed when there are several."""
    service: str | None = None
    """The service whose budgets or delivery it is about; all of them when nothing is written."""
    period: Annotated[ReportPeriod, Field(strict=False)] = ReportPeriod.WEEK
    """What it is about: the last complete `day`, `week` (from Monday), `month` or `quarter`."""
    cron: Annotated[str, AfterValidator(_schedule)] | None = Field(None, examples=['"0 7 * * mon"'])
    """When it is made: minute, hour, day, month, weekday, as in a crontab.

    At 07:00 of the first day after its period when nothing is written.
    """
    timezone: Zone | None = None
    """The zone of its schedule and its period; the file's when nothing is written."""
    formats: list[str] = Field(default=["html", "markdown", "csv", "json"], min_length=1)
    """How it is written; `html` needs the extra `report`."""
    folder: Annotated[str, AfterValidator(_folder)] = "reports"
    """Where its files are put, relative to this file."""
