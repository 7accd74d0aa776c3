"""One correction as a command, a file or a page says it: checked, and as the value that is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from collectors.described import Described
from collectors.keys import Length
from collectors.store.correcting import STAYS_REVOKED, Said
from collectors.store.corrections import StoredCorrection
from dashboard.config.names import Name
from dashboard.config.problems import said
from dashboard.config.zones import Zone
from dashboard.shell.annotation import Line
from dashboard.shell.moments import epoch_of
from slo.corrections import Correction, CorrectionKind, Scope
from slo.errors import InputError
from slo.lengths import DAY_S
from slo.recurrence import Recurrence
from slo.spans import LATEST_S, Span, known_s

KIND = "correction"
FOLLOWING = "incident "
"""How the keys of corrections begin that follow from incidents."""
_LONGEST_TEXT = 2_000
_LONGEST_NAME = 120
LONGEST_S = 366 * DAY_S
"""How long one stretch may be."""
_DIGITS = 8
_ONCE, _AGAIN = ("since", "until"), ("start", "zone")
_SOUND: tuple[tuple[frozenset[str], Mapping[str, Any]], ...] = (
    (frozenset({"kind"}), {"kind": "maintenance"}),
    (frozenset({"reason"}), {"reason": "-"}),
    (frozenset({"by"}), {"by": "-"}),
    (frozenset({"slo", "service", "all"}), {"all": True}),
    (frozenset({*_ONCE, "for", "rrule", *_AGAIN}), {"since": "2026-01-01T00:00:00Z", "for": "1h"}),
)
"""Keys that decide something together, and what is sound of them."""


def _moment(value: object) -> int:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f'has no time zone; write for example "{value.isoformat()}Z" for UTC')
        return known_s(value)
    if not isinstance(value, str):
        raise ValueError('must be a moment such as "2026-11-22T15:40:00Z"')  # noqa: TRY004 (pydantic)
    return epoch_of(value)


def _wall(value: object) -> datetime:
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError('must be wall time such as "2026-03-01T02:00"') from error
    if read.tzinfo is not None:
        raise ValueError("must be wall time without a zone; the zone stands in `zone`")
    return read


def _held(key: str) -> str:
    if key.startswith(FOLLOWING):
        raise ValueError(f'must not begin with "{FOLLOWING}": those follow incidents')
    return key


Moment = Annotated[int, BeforeValidator(_moment)]
Wall = Annotated[datetime, BeforeValidator(_wall)]


class CorrectionTable(Described):
    """One stretch of time, or one that comes round, that does not count as it was measured."""

    key: Annotated[Name, AfterValidator(_held)] | None = None
    """Its name for ever; made of what it covers when nothing is written."""
    kind: Annotated[CorrectionKind, Field(strict=False)] = Field(examples=['"maintenance"'])
    """`maintenance`, `false-positive` or `data-error`."""
    slo: list[Name] = Field(default_factory=list)
    """The objectives it is about, or members of their groups."""
    service: list[Name] = Field(default_factory=list)
    """The services all of whose objectives it is about."""
    all: bool = False
    """Whether it is about every objective."""
    since: Moment | None = None
    """When it begins."""
    until: Moment | None = None
    """When it ends; or write `for`."""
    length: Length | None = Field(None, alias="for")
    """How long it lasts, such as `2h`; each time, where it comes round."""
    rrule: Line | None = None
    """How it comes round: a rule of RFC 5545 such as `FREQ=WEEKLY;BYDAY=SU`."""
    start: Wall | None = None
    """The first time of a rule, in the wall time of `zone`."""
    zone: Zone | None = None
    """The zone of the rule."""
    reason: Line = Field(min_length=1, max_length=_LONGEST_TEXT, examples=['"failover drill"'])
    """Why it does not count."""
    by: Line = Field(min_length=1, max_length=_LONGEST_NAME, examples=['"Ada"'])
    """Who says so."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        problems = [*_problems(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def correction(self) -> Correction:
        """The value that is kept."""
        scope, when = Scope(tuple(self.slo), tuple(self.service)), _when(self)
        return Correction(
            key=self.key or _key(self.kind, scope, when),
            kind=self.kind,
            scope=scope,
            when=when,
            reason=self.reason,
            author=self.by,
        )


def problems_of(error: ValidationError, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with a correction: the key that is meant, and what of it; empty for the whole."""
    found = [
        (".".join(map(str, detail["loc"])), said(CorrectionTable, detail))
        for detail in error.errors()
    ]
    beside = problems_beside(values)
    return [*found, *([("", beside)] if beside else [])]


def problems_beside(values: Mapping[str, Any]) -> str:
    """What is wrong with a correction as a whole beside its wrong keys; empty if nothing is known.

    What a wrong key decides is left open: keys that are sound together stand in for it.
    """
    keys = {str(detail["loc"][0]) for detail in _errors(values) if detail["loc"]}
    sound = {key: value for key, value in values.items() if key not in keys}
    for decided, standing_in in _SOUND:
        if decided & keys:
            sound = {key: value for key, value in sound.items() if key not in decided}
            sound.update(standing_in)
    return "; ".join(said(CorrectionTable, one) for one in _errors(sound)) if keys else ""


def _errors(values: Mapping[str, Any]) -> list[ErrorDetails]:
    try:
        CorrectionTable.model_validate(dict(values))
    except ValidationError as error:
        return error.errors()
    return []


def handed_in(body: Mapping[str, Any], *, actor: str) -> Said:
    """The correction that a body from a page means.

    Raises:
        InputError: it means none; every problem stands on a line of its own.
    """
    try:
        return Said(CorrectionTable.model_validate(dict(body)).correction, actor)
    except ValidationError as error:
        lines = [f"{name}: {what}" if name else what for name, what in problems_of(error, body)]
        mend = "correct what is named"
        raise InputError("\n".join(lines), where=KIND, mend=mend) from error


def refuse_revoked(wanted: Correction, stored: Iterable[StoredCorrection]) -> None:
    """Refuse to say again what was taken back.

    Raises:
        InputError: the same was revoked.
    """
    for one in stored:
        if one.correction.key == wanted.key and one.revoked_at is not None:
            raise InputError(
                f"the same correction {STAYS_REVOKED}",
                where=wanted.key,
                mend="correct another stretch, or say it by burnline correct under another --key",
            )


def _problems(table: CorrectionTable) -> Iterator[str]:
    """What is wrong with it as a whole: what it is about, then when it is."""
    if sum((bool(table.slo or table.service), table.all)) != 1:
        yield "name what it is about: slo, service, or all"
    for name in _AGAIN if table.rrule is None else _ONCE:
        if getattr(table, name) is not None:
            yield f"{name} {'goes' if table.rrule is None else 'does not go'} with rrule"
    missing = _missing(table)
    if missing:
        yield f"{missing} is missing"
        return
    try:
        _when(table)
    except InputError as error:
        yield error.what


def _missing(table: CorrectionTable) -> str:
    """The key that a correction of its shape lacks; empty when none."""
    if table.rrule is not None:
        given = {"start": table.start, "zone": table.zone, "for": table.length}
        return next((name for name, value in given.items() if value is None), "")
    if table.since is None:
        return "since, or rrule,"
    return "" if (table.until is None) != (table.length is None) else "one of until and for"


def _when(table: CorrectionTable) -> Span | Recurrence:
    if table.rrule is not None:
        assert table.start is not None
        assert table.zone is not None
        return Recurrence(table.rrule, table.start, table.length or 0, table.zone)
    since = table.since or 0
    until = since + (table.length or 0) if table.until is None else table.until
    if until > LATEST_S:
        raise InputError("it ends beyond the year 2100", where="until", mend="look at the year")
    if not since < until <= since + LONGEST_S:
        raise InputError(
            "until must be later than since, by at most 366 days",
            where="until",
            mend="look at both",
        )
    return Span(since, until)


def _key(kind: CorrectionKind, scope: Scope, when: Span | Recurrence) -> str:
    """A key made of what is covered, so that the same said twice is one correction."""
    said = json.dumps([kind.value, sorted(scope.slos), sorted(scope.services), repr(when)])
    return f"{kind.value}-{hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]}"
