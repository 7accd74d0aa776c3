"""What a claim check found: a verdict a row, and the pairs that contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dashboard.views.claims.reading import ClaimedRow
from dashboard.views.migration.model import Row
from slo.evidence.claims.arithmetic import Checked, Finding
from slo.evidence.claims.crossing import Contradiction


class Support(StrEnum):
    """What the data say of a claim."""

    SUPPORTED = "supported"
    OUTSIDE = "outside our range"
    UNDECIDED = "not decided by the data"
    AGAINST = "against the data"
    NO_DATA = "no data here"


class Mark(StrEnum):
    """One word for a claim: what the arithmetic and the data together say of it."""

    OK = "ok"
    ARITHMETIC_OK = "arithmetic ok"
    NOT_CHECKED = "not checked"
    WRONG = "wrong"
    AMBIGUOUS = "ambiguous"
    UNSUPPORTED = "unsupported"

    @property
    def is_fine(self) -> bool:
        """Whether nothing speaks against the claim; no data is no objection."""
        return self in {Mark.OK, Mark.ARITHMETIC_OK, Mark.NOT_CHECKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One value of a row beside ours; `is_inside` None where the two cannot be compared."""

    ours: str
    around: str
    is_inside: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One row with what its arithmetic and the data say; `measure` is the row of the report.

    `matched_by` says in words why it is taken for that measure; `rivals` are the measures that it
    may mean just as well, where it is taken for none. `alone` is what its own numbers show where
    there are no data.
    """

    row: ClaimedRow
    checked: Checked
    support: Support
    measure: Row | None = None
    matched_by: str = ""
    rivals: tuple[str, ...] = ()
    before: Held | None = None
    after: Held | None = None
    alone: str = ""

    @property
    def mark(self) -> Mark:
        """The arithmetic first, then the data: what follows from its own values needs no store."""
        if self.checked.finding in {Finding.WRONG, Finding.UNIT, Finding.INCOMPARABLE}:
            return Mark.WRONG
        if self.checked.finding is Finding.AMBIGUOUS:
            return Mark.AMBIGUOUS
        if self.support is Support.NO_DATA:
            is_checked = self.checked.finding is Finding.OK
            return Mark.ARITHMETIC_OK if is_checked else Mark.NOT_CHECKED
        return Mark.OK if self.support is Support.SUPPORTED else Mark.UNSUPPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCheck:
    """A whole document: its claims in order, what contradicts what, and what was not read.

    `migration` is the title of the report it was held against, "" where it was arithmetic alone.
    One that could not be read has no claims, `is_read` is false, and the remarks say why.
    """

    name: str
    claims: tuple[Claim, ...]
    contradictions: tuple[Contradiction, ...]
    remarks: tuple[str, ...] = ()
    migration: str = ""
    is_read: bool = True

    @property
    def is_fine(self) -> bool:
        """Whether nothing is wrong, unsupported or contradicted."""
        return not self.contradictions and all(claim.mark.is_fine for claim in self.claims)
