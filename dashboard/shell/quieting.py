"""What a person says of an alert: that nothing be told of it for a while, or that it was seen.

Checked once for the command line, the pages and the addresses of the API alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from collectors.described import Described
from collectors.keys import Length
from collectors.store.quieting import Acknowledged, Silenced, SilenceEnded
from dashboard.config import Config
from dashboard.config.problems import said
from dashboard.shell.annotation import Line, Moment
from slo.alerting import Alert
from slo.errors import InputError
from slo.lengths import DAY_S
from slo.nearest import did_you_mean
from slo.silences import Scope, Silence
from slo.spans import Span
from slo.splits import is_of

SILENCE, END, ACKNOWLEDGEMENT = "silence", "end-of-silence", "acknowledgement"
LONGEST_S = 90 * DAY_S
_LONGEST_TEXT, _LONGEST_NAME = 500, 120
_MEND = "correct what is named; the README shows a whole one"

M = TypeVar("M", bound=BaseModel)


Person = Annotated[Line, Field(min_length=1, max_length=_LONGEST_NAME, examples=['"ada"'])]
Subject = Annotated[Line, Field(max_length=2 * _LONGEST_NAME)]


class Silencing(Described):
    """A silence of one SLO, service or source, or of everything."""

    slo: Subject = ""
    """The SLO of whose alerts nothing new is told."""
    service: Subject = ""
    """The service, with all its SLOs."""
    source: Subject = ""
    """The source that may be late without a word."""
    all: bool = False
    """true silences everything."""
    length: Length | None = Field(None, alias="for", examples=['"2h"'])
    """For how long, from when it begins."""
    until: Moment | None = None
    """When it ends; in the place of `for`."""
    since: Moment | None = None
    """When it begins; when it is handed in where nothing is written."""
    by: Person
    """Who wants it."""
    reason: Line = Field(min_length=1, max_length=_LONGEST_TEXT, examples=['"failover drill"'])
    """Why."""

    @model_validator(mode="after")
    def _is_about_one(self) -> Silencing:
        about = [name for name in ("slo", "service", "source", "all") if getattr(self, name)]
        if len(about) != 1:
            raise ValueError("name one of slo, service, source and all: what is to be silenced")
        if (self.length is None) == (self.until is None):
            raise ValueError("needs an end: for or until, one of them")
        return self

    @property
    def scope(self) -> Scope:
        """What it is about."""
        if self.all:
            return Scope.ALL
        return next(one for one in Scope if one is not Scope.ALL and getattr(self, one.value))

    @property
    def name(self) -> str:
        """The name of what it is about; empty for everything."""
        return self.slo or self.service or self.source


class Ending(Described):
    """The end of a silence before its time."""

    key: Line = Field(min_length=1, max_length=_LONGEST_TEXT)
    """The key of the silence."""
    by: Person
    """Who ends it."""


class Acknowledging(Described):
    """That somebody has seen what fires, and looks after it."""

    subject: Subject = Field(min_length=1, examples=['"checkout-availability"'])
    """The SLO that fires, or the source that is late."""
    by: Person
    """Who looks after it."""


def silenced(body: Mapping[str, Any], *, key: str, actor: str, received_at: int) -> Silenced:
    """The silence that a body means, known by its key.

    Raises:
        InputError: it means none; every problem stands on a line of its own.
    """
    made = _read(Silencing, body, SILENCE)
    since = received_at if made.since is None else made.since
    until = made.until if made.length is None else since + made.length
    assert until is not None
    _refuse_span(since, until, received_at)
    silence = Silence(
        key=key,
        scope=made.scope,
        name=made.name,
        span=Span(since, until),
        author=made.by,
        reason=made.reason,
        created_at=received_at,
    )
    return Silenced(silence, actor)


def ended(body: Mapping[str, Any], *, actor: str) -> SilenceEnded:
    """The end of a silence that a body means.

    Raises:
        InputError: it means none.
    """
    made = _read(Ending, body, END)
    return SilenceEnded(made.key, made.by, actor)


def acknowledged(body: Mapping[str, Any], *, actor: str) -> Acknowledged:
    """The acknowledgement that a body means.

    Raises:
        InputError: it means none.
    """
    made = _read(Acknowledging, body, ACKNOWLEDGEMENT)
    return Acknowledged(made.subject, made.by, actor)


def refuse_calm(subject: str, live: Iterable[Alert]) -> None:
    """Refuse to acknowledge what does not fire.

    Raises:
        InputError: no alert of the subject is live.
    """
    fires = tuple(live)
    names = sorted({name for alert in fires for name in alert.names})
    if not any(alert.is_of(subject) for alert in fires):
        raise InputError(
            f'no alert of "{subject}" is live{did_you_mean(subject, names)}',
            where=ACKNOWLEDGEMENT,
            mend=f"name one of: {', '.join(names)}" if names else "nothing asks for anyone now",
        )


def refuse_over(key: str, silences: Iterable[Silence]) -> None:
    """Refuse to end what is no silence, or is over.

    Raises:
        InputError: none of that key is among those in force or to come.
    """
    known = sorted(one.key for one in silences)
    if key not in known:
        raise InputError(
            f'no silence "{key}" is in force or to come{did_you_mean(key, known)}',
            where=END,
            mend=f"name one of: {', '.join(known)}" if known else "nothing is silenced",
        )


def refuse_unknown(config: Config, silence: Silence) -> None:
    """Refuse a silence of what the configuration does not know: it would silence nothing.

    Raises:
        InputError: nothing is called so.
    """
    known: dict[Scope, Iterable[str]] = {
        Scope.SLO: [slo.name for slo in config.slos],
        Scope.SERVICE: {slo.service for slo in config.slos} - {""},
        Scope.SOURCE: [source.name for source in config.sources],
    }
    names = sorted(known.get(silence.scope, ()))
    if silence.scope is Scope.ALL or silence.name in names:
        return
    groups = [slo.name for slo in config.slos if slo.group_by]
    if silence.scope is Scope.SLO and any(is_of(silence.name, group) for group in groups):
        return
    raise InputError(
        f'{silence.scope}: none is called "{silence.name}"{did_you_mean(silence.name, names)}',
        where=SILENCE,
        mend=f"name one of: {', '.join(names)}" if names else "name another, or all",
    )


def refuse_unknown_subjects(config: Config, subjects: Iterable[str]) -> None:
    """Refuse to tell of alerts that nothing could have: their calm would be no answer.

    Raises:
        InputError: no SLO and no source is called so.
    """
    names = sorted({slo.name for slo in config.slos} | {one.name for one in config.sources})
    groups = [slo.name for slo in config.slos if slo.group_by]
    for subject in subjects:
        if subject not in names and not any(is_of(subject, group) for group in groups):
            raise InputError(
                f'no SLO and no source is called "{subject}"{did_you_mean(subject, names)}',
                where=str(config.path),
                mend=f"name one of: {', '.join(names)}" if names else "add a [[slo]]",
            )


def _read(model: type[M], body: Mapping[str, Any], where: str) -> M:
    try:
        return model.model_validate(dict(body))
    except ValidationError as error:
        problems = "\n".join(_problem(model, detail) for detail in error.errors())
        raise InputError(problems, where=where, mend=_MEND) from error


def _problem(model: type[BaseModel], detail: ErrorDetails) -> str:
    loc = ".".join(str(step) for step in detail["loc"])
    words = said(model, detail)
    return f"{loc}: {words}" if loc else words


def _refuse_span(since: int, until: int, now: int) -> None:
    """Refuse a silence without an end in sight, or over before it begins."""
    if until <= max(since, now):
        raise InputError(
            "until: lies in the past, or before the beginning",
            where=SILENCE,
            mend="name a later end, or for = a length",
        )
    if until - since > LONGEST_S or since > now + LONGEST_S:
        raise InputError(
            f"a silence lasts and lies ahead at most {LONGEST_S // DAY_S} days",
            where=SILENCE,
            mend="name a nearer end; what shall never alert needs no alert rows",
        )
