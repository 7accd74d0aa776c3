"""What a person writes beside the figures: checked, and as what the store keeps of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from collectors.described import Described
from collectors.store.inbox import Effect
from dashboard.config import Config
from dashboard.config.names import Slug
from dashboard.config.problems import said
from dashboard.shell.moments import epoch_of
from slo.errors import InputError
from slo.facts import EventKind, EventRow
from slo.lengths import DAY_S
from slo.nearest import did_you_mean

KIND = "annotation"
SOURCE = "annotations"
"""The source under which annotations stand among the events."""
UNVERIFIED = "unverified"
ALL = "all"
"""In the place of metrics: the annotation breaks every comparison."""
_LONGEST_TEXT = 2_000
_LONGEST_NAME = 120
_MOST_METRICS = 100
_AHEAD_S = 366 * DAY_S
_MEND = "correct what is named: a text of one line, moments such as 2026-11-22T15:40:00Z; see the README"


def _moment(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError('must be a moment in quotes such as "2026-11-22T15:40:00Z"')  # noqa: TRY004 (pydantic)
    return epoch_of(value)


def _line(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise ValueError("must be printable characters on one line, without outer blanks")
    return value


Moment = Annotated[int, BeforeValidator(_moment)]
Line = Annotated[str, AfterValidator(_line)]


class Annotation(Described):
    """One remark about a moment or a span of time."""

    text: Line = Field(min_length=1, max_length=_LONGEST_TEXT, examples=['"failover drill"'])
    """What there is to know."""
    service: Line = Field("", max_length=_LONGEST_NAME)
    """Which service it is about; all when nothing is written."""
    at: Moment | None = None
    """When it was, or began; the moment it was handed in when nothing is written."""
    until: Moment | None = None
    """When it ended."""
    by: Line = Field("", max_length=_LONGEST_NAME)
    """Who says so."""
    breaks: list[Slug] = Field(default_factory=list, max_length=_MOST_METRICS)
    """Metrics of a migration, by id, that were measured otherwise from then on; or `all`."""

    @field_validator("until")
    @classmethod
    def _is_later(cls, until: int | None, others: ValidationInfo) -> int | None:
        at = others.data.get("at")
        if until is not None and at is None:
            raise ValueError("needs `at`, the moment at which it began")
        if until is not None and at is not None and until <= at:
            raise ValueError("must be later than at")
        return until


def checked(said_by_hand: Mapping[str, Any], *, now: int) -> Annotation:
    """The annotation that the values mean.

    Raises:
        InputError: they mean none; every problem stands on a line of its own.
    """
    try:
        made = Annotation.model_validate(dict(said_by_hand))
    except ValidationError as error:
        problems = "\n".join(_problem(detail) for detail in error.errors())
        raise InputError(problems, where=KIND, mend=_MEND) from error
    latest = max(made.at or 0, made.until or 0)
    if latest > now + _AHEAD_S:
        raise InputError(
            "at, until: must not lie more than a year ahead", where=KIND, mend="look at the year"
        )
    return made


def refuse_unknown(config: Config, service: str, breaks: Collection[str] = ()) -> None:
    """Refuse a service that the configuration does not know, where it knows any, and metrics.

    Raises:
        InputError: there is none of such a name.
    """
    known = {each.name for each in config.services} | {slo.service for slo in config.slos} - {""}
    if service and known and service not in known:
        raise InputError(
            f'service: no service is called "{service}"{did_you_mean(service, known)}',
            where=KIND,
            mend=f"name one of: {', '.join(sorted(known))}",
        )
    ids = {metric.id for migration in config.migrations for metric in migration.metrics}
    for name in breaks:
        if name not in {*ids, ALL}:
            raise InputError(
                f'breaks: no metric has the id "{name}"{did_you_mean(name, ids)}',
                where=KIND,
                mend=f"name {' or '.join(sorted(ids) or ['metrics of a [[migration]]'])}, or {ALL}",
            )


def effect(body: Mapping[str, Any], *, delivery_id: str, actor: str, received_at: int) -> Effect:
    """What the store keeps: an event under the delivery id, and who handed it in.

    Raises:
        InputError: the body means no annotation.
    """
    made = checked(body, now=received_at)
    fields = {"text": made.text} | ({"by": made.by} if made.by else {}) | _broken(made)
    event = EventRow(
        EventKind.ANNOTATION,
        delivery_id,
        received_at if made.at is None else made.at,
        received_at,
        made.service,
        made.until,
        fields,
    )
    detail = {"key": delivery_id, "at": event.at, "until": made.until, **fields}
    subject = made.service or "all services"
    return Effect(SOURCE, (event,), "annotate", subject, actor, detail)


def _broken(made: Annotation) -> dict[str, str]:
    """The field `breaks` of the event: the ids with commas between them, or `all`."""
    if not made.breaks:
        return {}
    return {"breaks": ALL if ALL in made.breaks else ",".join(sorted(set(made.breaks)))}


def _problem(detail: ErrorDetails) -> str:
    loc = ".".join(str(step) for step in detail["loc"])
    return f"{loc}: {said(Annotation, detail)}"
