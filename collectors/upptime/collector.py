"""The collector of an Upptime history: states that hold until the next, a day and a bit at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from collectors.contract import Batch, Counts, Stream
from collectors.fetch.failures import shown
from collectors.files.batching import Gathering
from collectors.files.rows import Part
from collectors.files.times import AHEAD_S, known_times
from collectors.git.memory import Memory
from collectors.git.program import Git, NoCommitsError
from collectors.observed import Watched
from collectors.upptime.log import CONTENTS, QUESTION, Change, changes, contents
from collectors.upptime.state import State, UnusableStateError, read
from slo.errors import InputError
from slo.facts import Status
from slo.spans import Span

_SHALLOW = "the clone is shallow: its history begins late; git fetch --unshallow brings the rest"
_UNUSABLE = Counts(read=1, skipped_malformed=1)
_FUTURE = Counts(read=1, dropped_future=1)
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Sites:
    """Which sites count and what each is called now; a state holds for `valid_s`."""

    source: str
    patterns: tuple[str, ...]
    renamed: Mapping[str, str]
    valid_s: int

    def named(self, slug: str) -> str | None:
        """The service of a slug; None where it does not count."""
        service = self.renamed.get(slug, slug)
        return service if any(fnmatchcase(service, one) for one in self.patterns) else None

    def watched(self, service: str) -> Watched:
        """The series of a service."""
        return Watched(self.source, service, self.valid_s)


@dataclass(frozen=True, slots=True)
class UpptimeCollector:
    """Reads the history of one clone, all of it whenever it has grown."""

    git: Git
    sites: Sites
    memory: Memory = field(default_factory=Memory)

    @property
    def streams(self) -> Sequence[Stream]:
        """The clone, read whole."""
        return (Stream(self.git.path, whole=True),)

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        """Yield the states of all sites that lie in the span, ascending in time.

        Raises:
            InputError: there is no repository that git would read, or it is no history of Upptime.
            SourceError: git cannot be asked.
        """
        try:
            # In a bare repository, "HEAD" alone is also the name of a file.
            head = self.git.read("rev-parse", "--is-shallow-repository", "HEAD^{commit}")
        except NoCommitsError as error:
            self._refuse_lost_head()
            yield Batch((), silence=str(error.what))
            return
        state = (head, span.since)
        told = self.memory.told(state)
        if told is not None:
            yield told
            return
        yield from self.memory.keeping(state, self._batches(span, now, head))

    def _refuse_lost_head(self) -> None:
        """Refuse a repository that has commits, but none where it is read from."""
        branch = self.git.read("for-each-ref", "--count=1", "--format=%(refname)", "refs/heads")
        if branch:
            name = shown(branch.decode(errors="replace"))
            raise InputError(
                "HEAD names a branch that has no commits, while others have some",
                where=self.git.path,
                mend=f"name the branch to read: git -C {self.git.folder} symbolic-ref HEAD {name}",
            )

    def _batches(self, span: Span, now: int, head: bytes) -> Iterator[Batch]:
        commits = list(changes(self.git.read(*QUESTION)))
        written = _Written(self.git, commits)
        reading = _Reading(self.sites, known_times(now), written.states)
        gathering = Gathering()
        for commit in reversed(commits):
            for parts in reading.parts(commit):
                wanted = [part for part in parts if span.since <= part.at < span.until]
                if gathering.full_with(wanted):
                    yield from gathering.batches()
                gathering.add(wanted)
        yield from gathering.batches()
        notes = (_SHALLOW,) if head.startswith(b"true") else ()
        silence = "" if commits else "no commit ever changed history/*.yml: no Upptime repository"
        yield Batch((), counts=reading.counts, warnings=(*notes, *reading.told), silence=silence)


class _Written:
    """What each version of each file says, read once however often it came back."""

    def __init__(self, git: Git, commits: Sequence[Sequence[Change]]) -> None:
        ids = dict.fromkeys(one.content for commit in commits for one in commit if one.content)
        asked = "".join(f"{each}\n" for each in ids).encode()
        answer = git.read(*CONTENTS, given=asked) if ids else b""
        self.states = {each: _state(content) for each, content in contents(answer)}


def _state(content: bytes) -> State | UnusableStateError:
    try:
        return read(content)
    except UnusableStateError as error:
        return error


@dataclass(slots=True)
class _Reading:
    """Turns commits into observations, and counts those that say nothing."""

    sites: Sites
    known: Span
    states: Mapping[str, State | UnusableStateError]
    counts: Counts = field(default_factory=Counts)
    first_flaw: str = ""
    gone: dict[str, None] = field(default_factory=dict)

    def parts(self, commit: Sequence[Change]) -> Iterator[tuple[Part, ...]]:
        """What each file of a commit says; a site that goes is unknown from then on."""
        there = {self.sites.named(one.slug) for one in commit if one.content is not None}
        for change in commit:
            service = self.sites.named(change.slug)
            if service is None or (change.content is None and service in there):
                continue
            watched = self.sites.watched(service)
            if change.content is None:
                self.gone[service] = None
                yield watched.seen(change.at, Status.UNKNOWN, observed_at=change.at)
                continue
            self.gone.pop(service, None)
            yield from self._seen(change, self.states.get(change.content), watched)

    def _seen(
        self, change: Change, state: State | UnusableStateError | None, watched: Watched
    ) -> Iterator[tuple[Part, ...]]:
        if not isinstance(state, State):
            self._skip(change, str(state or "this version is not in the clone"))
            return
        # The file's own time is that of the look; a commit may only touch up what was seen before,
        # and is then a later account of it.
        at = change.at if state.at is None or state.at > change.at + AHEAD_S else state.at
        if at < self.known.since:
            self._skip(change, "its time lies before the year 2000")
        elif at >= self.known.until:
            self._skip(change, "its time lies in the future", _FUTURE)
        else:
            yield watched.seen(at, state.status, state.latency_s, observed_at=change.at)

    @property
    def told(self) -> tuple[str, ...]:
        """What people should know of the sites and of what was left out."""
        said = []
        skipped = self.counts.skipped_malformed + self.counts.dropped_future
        if skipped:
            said.append(f"entries skipped: {skipped:,}; the first: {self.first_flaw}")
        if self.gone:
            names = ", ".join(shown(name) for name in list(self.gone)[:_MOST_NAMES])
            said.append(f"sites not watched any more: {names}")
        return tuple(said)

    def _skip(self, change: Change, why: str, counts: Counts = _UNUSABLE) -> None:
        self.counts += counts
        self.first_flaw = self.first_flaw or f"history/{shown(change.slug)}.yml: {why}"
