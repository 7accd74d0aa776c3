"""Which things can go wrong, each as one sentence with its place and its mend.

BurnlineError
├── ConfigError     what the user wrote cannot be used (nothing was touched)
├── InputError      a file or a fact cannot be read as what it claims to be
├── SourceError     a source did not answer, or answered with something unusable
├── StoreError      the local store cannot be opened, read or written
└── DeliveryError   what was made cannot be put where it was to go
"""

from __future__ import annotations


class BurnlineError(Exception):
    """Base of every error that is ours; the command line catches only this one."""

    def __init__(self, what: str, *, where: str, mend: str) -> None:
        """Keep the three parts apart, so a page and a log can lay them out."""
        super().__init__(f"{what}\n  at:  {where}\n  fix: {mend}")
        self.what, self.where, self.mend = what, where, mend


class ConfigError(BurnlineError):
    """What the user wrote cannot be used."""


class InputError(BurnlineError):
    """A file or a fact cannot be read as what it claims to be."""


class SourceError(BurnlineError):
    """A source did not answer, or answered with something unusable."""

    def __init__(
        self,
        what: str,
        *,
        where: str,
        mend: str,
        transient: bool = False,
        asked_s: float | None = None,
    ) -> None:
        """Add what the runner uses: whether asking again soon may help, and the rest asked for."""
        super().__init__(what, where=where, mend=mend)
        self.transient, self.asked_s = transient, asked_s


class StoreError(BurnlineError):
    """The local store cannot be opened, read or written."""


class DeliveryError(BurnlineError):
    """What was made cannot be put where it was to go."""
