"""What a report says to people: its sentences, decided once for every format that is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """What is left of one budget, then and now; `tone` says whether someone must act."""

    name: str
    promise: str
    before: str
    after: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of a report in their order; what there is nothing to say of is empty.

    `since` and `until` head the budgets left when the period began and when it ended.
    """

    subject: str
    byline: str
    since: str
    until: str
    changes: tuple[Change, ...]
    others: str
    spends: tuple[str, ...]
    decisions: tuple[str, ...]
    happened: str
    incidents: tuple[str, ...]
    unmeasured: tuple[str, ...]
    closing: str
    quiet: str = ""
    corrected: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether five lines say it all."""
        return bool(self.quiet)

    @property
    def quiet_lines(self) -> tuple[str, ...]:
        """The five lines of a period in which nobody is needed."""
        return (self.subject, self.byline, self.quiet, self.happened, self.closing)
