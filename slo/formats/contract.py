"""What every format of SLO files gives and takes, and how it tells what it could not carry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from slo.formats.documents import Piece
from slo.objective import Slo
from slo.policy import Policy

Labels = tuple[tuple[str, str], ...]
UNWRITTEN = Piece("", 0, "", None)
"""Where a promise stands that was not read from a file."""
_LONGEST_SAID = 4_000


class Weight(StrEnum):
    """What a finding means for the SLO it is about."""

    REFUSED = "refused"
    LEFT_OUT = "left out"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a reader of the result has to know, at its line and path.

    REFUSED: there is no such SLO on the other side. LEFT_OUT: it is there, without this. NOTED:
    nothing of what it counts is lost, but it is said or done otherwise.
    """

    file: str
    line: int
    path: str
    what: str
    weight: Weight

    def __str__(self) -> str:
        """The finding on one line, as compilers print theirs."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.path, self.weight.value, self.what) if part)


@dataclass(slots=True)
class Ledger:
    """What was found while one set of files was read or written, in the order it was met."""

    findings: list[Finding] = field(default_factory=list)
    _told: set[Finding] = field(default_factory=set, repr=False)

    def refuse(self, piece: Piece, what: str) -> None:
        """There is no SLO of it, because of this."""
        self._write(piece, what, Weight.REFUSED)

    def leave(self, piece: Piece, what: str) -> None:
        """This part of it is not carried over."""
        self._write(piece, what, Weight.LEFT_OUT)

    def note(self, piece: Piece, what: str) -> None:
        """This is said or done otherwise from now on."""
        self._write(piece, what, Weight.NOTED)

    def is_sound_since(self, mark: int) -> bool:
        """Whether nothing was refused since there were so many findings."""
        return all(one.weight is not Weight.REFUSED for one in self.findings[mark:])

    def _write(self, piece: Piece, what: str, weight: Weight) -> None:
        said = what if len(what) <= _LONGEST_SAID else f"{what[:_LONGEST_SAID]}…"
        found = Finding(piece.file, piece.line, piece.path, said, weight)
        if found not in self._told:
            self._told.add(found)
            self.findings.append(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One SLO, and what a file says about it that decides no verdict."""

    slo: Slo
    title: str = ""
    description: str = ""
    labels: Labels = ()
    findings: tuple[Finding, ...] = ()
    piece: Piece = field(default=UNWRITTEN, repr=False, compare=False)
    """Where it stood, of one that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A service: what users depend on; links may hold `{service}`, `{from}` and `{to}`."""

    name: str
    title: str = ""
    description: str = ""
    team: str = ""
    owner: str = ""
    labels: Labels = ()
    notify: tuple[str, ...] = ()
    runbook: str = ""
    dashboard: str = ""
    logs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the facts of SLOs come from; never its secrets."""

    name: str
    kind: str
    address: str = ""
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What SLO files hold; `policies` are alert rows that stand for themselves, by name."""

    slos: tuple[Carried, ...] = ()
    services: tuple[Owner, ...] = ()
    sources: tuple[Origin, ...] = ()
    policies: tuple[tuple[str, Policy], ...] = ()

    def __add__(self, other: Definitions) -> Definitions:
        """Both, one after the other."""
        return replace(
            self,
            slos=self.slos + other.slos,
            services=self.services + other.services,
            sources=self.sources + other.sources,
            policies=self.policies + other.policies,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format of SLO files; at least one of `read` and `write` is there.

    `claims` says whether a document is one of its. `read` is given all of them at once, since
    one may refer to another, and writes what it cannot carry into the ledger; so does `write`.
    """

    title: str
    claims: Callable[[Piece], bool] = field(default=lambda _: False)
    read: Callable[[Sequence[Piece], Ledger], Definitions] | None = None
    write: Callable[[Definitions, Ledger], str] | None = None
