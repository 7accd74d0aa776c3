"""The collector of tags: each one a release or a deployment, known by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from collectors.contract import Batch, Counts, Stream
from collectors.fetch.failures import shown
from collectors.files.batching import Gathering
from collectors.files.times import known_times
from collectors.git import tags
from collectors.git.memory import Memory
from collectors.git.program import Git
from collectors.git.tags import QUESTION, Tag, UnusableTag
from collectors.git.versions import is_pre_release
from slo.facts import EventKind, EventRow
from slo.spans import Span

_UNUSABLE = Counts(read=1, skipped_malformed=1)
_SHALLOW = "the clone is shallow: tags of commits that it does not have are missing"


class TimeOf(StrEnum):
    """Which of its times a tag happened at."""

    TAG = "tag"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the tags of a repository are, and which of them count."""

    kind: EventKind
    service: str
    patterns: tuple[str, ...]
    time: TimeOf
    with_pre_releases: bool

    def counts(self, name: str) -> bool:
        """Whether a tag of that name is one of those that are meant."""
        if not self.with_pre_releases and is_pre_release(name):
            return False
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)

    def event(self, tag: Tag, at: int) -> EventRow:
        """The tag as something that happened then."""
        fields: dict[str, str | float | int | bool | None] = {
            "annotated": tag.tagged_at is not None,
            "commit": tag.commit,
            "prerelease": is_pre_release(tag.name),
        }
        # A tag that was moved is a later account of the same name.
        return EventRow(self.kind, tag.name, at, at, self.service, None, fields)

    def moment(self, tag: Tag) -> int | None:
        """When it happened; a tag without a date of its own happened with its commit."""
        if self.time is TimeOf.COMMIT or tag.tagged_at is None:
            return tag.committed_at
        return tag.tagged_at


@dataclass(frozen=True, slots=True)
class TagsCollector:
    """Reads the tags of one repository, all of them whenever one has changed."""

    source: str
    git: Git
    meaning: Meaning
    memory: Memory = field(default_factory=Memory)

    @property
    def streams(self) -> Sequence[Stream]:
        """The repository, read whole."""
        return (Stream(self.git.path, whole=True),)

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        """Yield the tags that count and whose time lies in the span.

        Raises:
            InputError: there is no repository that git would read.
            SourceError: git cannot be asked.
        """
        shallow = self.git.read("rev-parse", "--is-shallow-repository")
        answer = self.git.read(*QUESTION)
        state = (shallow, answer, span.since)
        told = self.memory.told(state)
        if told is not None:
            yield told
            return
        notes = (_SHALLOW,) if shallow.strip() == b"true" else ()
        yield from self.memory.keeping(state, self._batches(answer, span, now, notes))

    def _batches(
        self, answer: bytes, span: Span, now: int, notes: tuple[str, ...]
    ) -> Iterator[Batch]:
        sorting = _Sorting(self.meaning, known_times(now))
        gathering = Gathering()
        for event in sorting.events(tags.read(answer, self._peeled(answer))):
            if not span.since <= event.at < span.until:
                continue
            if gathering.full_with((event,)):
                yield from gathering.batches()
            gathering.add((event,))
        yield from gathering.batches()
        yield Batch(
            (),
            counts=sorting.counts,
            warnings=(*notes, *sorting.told),
            silence=self._silence(sorting),
        )

    def _peeled(self, answer: bytes) -> tags.Peeled:
        """The commits of tags of tags, asked for where there are any."""
        objects = tags.nested(answer)
        if not objects:
            return {}
        return tags.commits(objects, self.git.read(*tags.PEELING, given=tags.question(objects)))

    def _silence(self, sorting: _Sorting) -> str:
        if sorting.found:
            return ""
        if not sorting.tags:
            return "the repository has no tags"
        wanted = ", ".join(self.meaning.patterns)
        return f"{sorting.tags} tags, none of which counts (tags = {wanted})"


@dataclass(slots=True)
class _Sorting:
    """Tells the tags that count from those that cannot be used, and counts them."""

    meaning: Meaning
    known: Span
    tags: int = 0
    found: int = 0
    counts: Counts = field(default_factory=Counts)
    first_flaw: str = ""

    def events(self, found: Iterable[Tag | UnusableTag]) -> Iterator[EventRow]:
        for tag in found:
            self.tags += 1
            if not self.meaning.counts(tag.name):
                continue
            at = None if isinstance(tag, UnusableTag) else self.meaning.moment(tag)
            if isinstance(tag, UnusableTag):
                self._skip(tag.name, tag.why)
            elif at is None:
                self._skip(tag.name, "it has no date")
            elif at < self.known.since:
                self._skip(tag.name, "its time lies before the year 2000")
            elif at >= self.known.until:
                self._skip(
                    tag.name, "its time lies in the future", Counts(read=1, dropped_future=1)
                )
            else:
                self.found += 1
                yield self.meaning.event(tag, at)

    @property
    def told(self) -> tuple[str, ...]:
        """What people should know of the tags that were left out."""
        skipped = self.counts.skipped_malformed + self.counts.dropped_future
        if not skipped:
            return ()
        return (f"tags skipped: {skipped:,}; the first: {self.first_flaw}",)

    def _skip(self, name: str, why: str, counts: Counts = _UNUSABLE) -> None:
        self.counts += counts
        self.first_flaw = self.first_flaw or f"{shown(name)}: {why}"
