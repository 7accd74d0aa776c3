"""What every source promises, and what the runner hands it.

A source is one file in `collectors/sources/` that ends with `SOURCE = SourceKind(…)`.
It is asked for *streams* (independent units of work: a selector, a file), and for the
facts of one stream over one span. It never sees the store, a clock or the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel

from collectors.findings import Finding
from slo.errors import ConfigError
from slo.facts import Fact
from slo.indicator import Base, Split
from slo.spans import Span

MAX_BATCH_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Counts:
    """What a source did to its input besides passing it on; shown, never hidden."""

    read: int = 0
    duplicates: int = 0
    dropped_nonfinite: int = 0
    dropped_future: int = 0
    skipped_malformed: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Join what two batches counted."""
        return Counts(
            self.read + other.read,
            self.duplicates + other.duplicates,
            self.dropped_nonfinite + other.dropped_nonfinite,
            self.dropped_future + other.dropped_future,
            self.skipped_malformed + other.skipped_malformed,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts that are stored together or not at all, at most `MAX_BATCH_ROWS` rows.

    `span` says: of this stream, these facts are all there is in that span. The store
    moves the stream's watermark over it in the same transaction. None: no such claim
    (a file may be half of a history). `silence` says why there is nothing where there was
    to be something: news only of a stream that never gave anything. `stands` says that what
    the stream gave before is still all there is: a file that has not changed.
    """

    facts: tuple[Fact, ...]
    span: Span | None = None
    counts: Counts = Counts()
    warnings: tuple[str, ...] = ()
    silence: str = ""
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """One independent unit of a source's work; `name` keys its watermark.

    `whole` means: read from its beginning to its end every time (a file), not span by span.
    `instant` means: it observes the moment it is asked (a probe), once a run; nothing brings a
    past moment back, so a run that was missed stays a hole. Batches of neither claim a span.
    """

    name: str
    backfill_s: int = 0
    whole: bool = False
    instant: bool = False

    @property
    def is_spanwise(self) -> bool:
        """Whether it is asked span by span, and a watermark says how far it is complete."""
        return not (self.whole or self.instant)


class Collector(Protocol):
    """Pulls facts of a half-open span; running it twice changes nothing."""

    @property
    def streams(self) -> Sequence[Stream]:
        """What there is to collect, in a stable order."""

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        """Yield the stream's facts with span.since <= at < span.until, ascending in time.

        `now` is the moment of asking: the facts' `observed_at` and the bound on future times.

        Raises:
            SourceError: the source cannot be asked, or its answer cannot be used.
            InputError: a file's content is not what the configuration says.
        """


@dataclass(frozen=True, slots=True)
class Named:
    """What a source kind is built from, besides its own options.

    `splits` are the counters and buckets that are wanted apart by labels, too.
    """

    name: str
    where: str
    indicators: tuple[Base, ...] = ()
    splits: tuple[Split, ...] = ()


def never(_indicator: Base) -> str | None:
    """Refuse no indicator: the source may answer any."""
    return None


@dataclass(frozen=True, slots=True)
class SourceKind:
    """The registration of one kind of source: what its file ends with.

    `refuses` says why no source of the kind can answer an indicator, and how to mend it; it
    looks at nothing else, so that a configuration is refused before any source is asked.
    `examine` tries a source once, at a moment, and stores nothing; without it the first rows of
    each stream are fetched and thrown away. `fills_holes` tells people whether what was missed
    can still be collected.
    """

    kind: str
    options: type[BaseModel]
    build: Callable[[Named, BaseModel], Collector]
    settle_s: int = 0
    refuses: Callable[[Base], str | None] = never
    examine: Callable[[Collector, int], Iterator[Finding]] | None = None
    fills_holes: str = "as far back as the source keeps it"


def refuse_unanswerable(kind: SourceKind, named: Named) -> None:
    """Hold the indicators to what the kind can answer, whoever made them.

    Raises:
        ConfigError: it refuses one of them.
    """
    for indicator in named.indicators:
        reason = kind.refuses(indicator)
        if reason is not None:
            what, _, mend = reason.partition("; ")
            raise ConfigError(what, where=named.where, mend=mend or "measure it otherwise")
