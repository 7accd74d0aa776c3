"""Follows counters from page to page: their last samples, and the scrapes of their targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from collectors.contract import Counts
from collectors.prometheus.decode import Answer, Raw
from collectors.prometheus.pages import Inquiry, Page, after, guess_s, pages, samples
from collectors.prometheus.progress import Progress, minute_of
from slo.counters import Counter, deltas, read_since, told_since
from slo.facts import Integers
from slo.selector import Matcher, Selector
from slo.spans import Span

Labels = tuple[tuple[str, str], ...]
Tracks = Mapping[Labels, Raw]
Reading = Sequence[Mapping[Labels, Counter]]
"""The counters of each selector, as one side of a contradiction would have them."""
_MS = 1_000
_UP = 1.0
_UNEVEN = 1.5
_TO_COMPARE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known with one more page: the counters of each selector, and of which minutes.

    The minutes `counted` adjoin those of the page before; `told` are those of them to tell. They
    may begin before what was asked for and `claimed`: a minute that lies between two samples is
    known with the later. Counts and warnings are of all that was read since something was told;
    a reading is partial when it rests on an answer that the server warned of.
    """

    readings: Sequence[Reading]
    counted: Span
    told: Span
    counts: Counts
    warnings: tuple[str, ...]
    is_partial: bool
    asked_since: int

    @property
    def claimed(self) -> Span:
        """The minutes told that were asked for."""
        since, until = (max(at, self.asked_since) for at in (self.told.since, self.told.until))
        return Span(since, until)


class Follower:
    """Reads some selectors page by page and gives each page's counters with what came before.

    A minute is counted once a look-back beyond it is read, or all that was asked for; what later
    samples tell of the last minutes is told by who asks for those. So the counts are the same
    wherever pages and spans end.
    """

    def __init__(self, inquiry: Inquiry, selectors: Sequence[str]) -> None:
        """Nothing is known of any counter yet."""
        self._inquiry = inquiry
        self._selectors = [Selector.parse(text) for text in selectors]
        self._kept: list[dict[Labels, Raw]] = [{} for _ in selectors]
        self._scraped_ms: dict[Labels, Integers] = {}
        self._warned_until = 0

    def pages(self, span: Span, series: int, begin: int | None = None) -> Iterator[Seen]:
        """What each page tells of the span, counting minutes from `begin` on if that is earlier.

        A page that contradicts itself is read twice: with the least and the most that it says.
        """
        lookback_s = self._inquiry.lookback_s
        progress = Progress.begun(span, lookback_s, begin)
        whole = Span(minute_of(read_since(progress.done, lookback_s)), span.until)
        counts, warnings = Counts(), dict[str, None]()
        for page in pages(self._ask, whole, guess_s(series)):
            counted = progress.counted(page.span.until)
            readings, is_partial = self._readings(page, counted), self._is_partial(page, counted)
            counts, warnings = counts + page.counts, warnings | dict.fromkeys(page.warnings)
            told = _told(readings[0], counted, span.since, lookback_s)
            yield Seen(
                readings=readings,
                counted=counted,
                told=told,
                counts=counts,
                warnings=tuple(warnings),
                is_partial=is_partial,
                asked_since=span.since,
            )
            progress = replace(progress, done=counted.until)
            if told.length_s:
                counts, warnings = Counts(), {}

    def _ask(self, span: Span) -> list[Answer]:
        """The answers to the selectors, and last the scrapes of targets where births may hide."""
        answers: list[Answer] = []
        for selector in self._selectors:
            if answers and is_within(selector, self._selectors[0]):
                answers.append(_part(answers[0], selector))
            else:
                answers.append(samples(self._inquiry, str(selector), span))
        doubtful = [
            raw.labels
            for kept, answer in zip(self._kept, answers, strict=True)
            for raw in answer.series
            if may_hide_a_birth(kept.get(_key(raw.labels)), after(raw, span))
        ]
        up = up_selector(doubtful)
        around = Span(span.since - self._inquiry.lookback_s, span.until)
        return [*answers, samples(self._inquiry, up, around)] if up else answers

    def _readings(self, page: Page, counted: Span) -> list[Reading]:
        count, lookback_s = len(self._selectors), self._inquiry.lookback_s
        self._learn_scrapes(raw for answer in page.answers[count:] for raw in answer.series)
        targets = _by_target(self._scraped_ms)
        mine = page.answers[:count]
        contradictory = any(raw.is_contradictory for answer in mine for raw in answer.series)
        read = [
            [
                _joined(kept, map(choose, answer.series), page.span)
                for kept, answer in zip(self._kept, mine, strict=True)
            ]
            for choose in ((Raw.least, Raw.most) if contradictory else (Raw.least,))
        ]
        needed_ms = read_since(counted.until, lookback_s) * _MS
        self._kept = [_from(tracks, needed_ms) for tracks in read[0]]
        scraped_ms = {key: at_ms[at_ms >= needed_ms] for key, at_ms in self._scraped_ms.items()}
        self._scraped_ms = {key: at_ms for key, at_ms in scraped_ms.items() if len(at_ms)}
        return [
            [{key: _counter(key, raw, targets) for key, raw in one.items()} for one in tracks]
            for tracks in read
        ]

    def _learn_scrapes(self, found: Iterable[Raw]) -> None:
        """Add successful scrapes to those that are known of each target."""
        for raw in found:
            key = tuple(pair for pair in _key(raw.labels) if pair[0] != "__name__")
            known_ms = self._scraped_ms.get(key, raw.at_ms[:0])
            self._scraped_ms[key] = np.union1d(known_ms, raw.at_ms[raw.value == _UP])

    def _is_partial(self, page: Page, counted: Span) -> bool:
        """Whether any answer that these minutes rest on was warned of."""
        if page.warnings:
            self._warned_until = page.span.until
        return self._warned_until > read_since(counted.since, self._inquiry.lookback_s)


def _told(reading: Reading, counted: Span, since: int, lookback_s: int) -> Span:
    """Of the counted minutes those to tell of a span that begins there: none before it is reached."""
    if counted.until <= since:
        return Span(counted.until, counted.until)
    if counted.since >= since:
        return counted
    grown = [deltas(one, lookback_s) for each in reading for one in each.values()]
    return Span(told_since(grown, since), counted.until)


def is_within(part: Selector, whole: Selector) -> bool:
    """Whether every series of the part is one of the whole: same metric, further conditions.

    Then one answer holds both, of one and the same moment.
    """
    return part.name == whole.name and set(whole.matchers) <= set(part.matchers)


def _part(answer: Answer, selector: Selector) -> Answer:
    """The series of the answer that the selector means; counted as read once already."""
    chosen = (raw for raw in answer.series if selector.matches(selector.name, raw.labels))
    return Answer(tuple(chosen), Counts(), ())


def may_hide_a_birth(kept: Raw | None, fresh: Raw) -> bool:
    """Whether the counter was new, or absent at a scrape: it came at uneven distances.

    A single distance has none to be even with.
    """
    if kept is None or not len(fresh.at_ms):
        return len(fresh.at_ms) > 0
    apart_ms = np.diff(np.concatenate((kept.at_ms, fresh.at_ms)))
    return len(apart_ms) < _TO_COMPARE or bool(apart_ms.max() > _UNEVEN * apart_ms.min())


def up_selector(series: Iterable[Mapping[str, str]]) -> str | None:
    """The `up` of the targets that these series come from; None when they name no job."""
    targets = [(labels.get("job", ""), labels.get("instance", "")) for labels in series]
    jobs = sorted({job for job, _ in targets if job})
    if not jobs:
        return None
    matchers = [Matcher("job", "=~", _either(jobs))]
    instances = sorted({instance for job, instance in targets if job})
    if "" not in instances:
        matchers.insert(0, Matcher("instance", "=~", _either(instances)))
    return str(Selector("up", tuple(matchers)))


def _either(values: Sequence[str]) -> str:
    return "|".join(re.escape(value) for value in values)


def _key(labels: Mapping[str, str]) -> Labels:
    return tuple(sorted(labels.items()))


def _joined(kept: Tracks, fresh: Iterable[Raw], span: Span) -> dict[Labels, Raw]:
    """The samples of the page appended to what was kept of each series."""
    joined = dict(kept)
    for raw in fresh:
        new, key = after(raw, span), _key(raw.labels)
        old = joined.get(key)
        if old is not None:
            at_ms = np.concatenate((old.at_ms, new.at_ms))
            new = Raw(raw.labels, at_ms, np.concatenate((old.value, new.value)))
        if len(new.at_ms):
            joined[key] = new
    return joined


def _from(tracks: Tracks, since_ms: int) -> dict[Labels, Raw]:
    """The samples from a moment on, without the series that have none."""
    kept = {key: _later(raw, since_ms) for key, raw in tracks.items()}
    return {key: raw for key, raw in kept.items() if len(raw.at_ms)}


def _later(raw: Raw, since_ms: int) -> Raw:
    first = int(raw.at_ms.searchsorted(since_ms))
    return Raw(raw.labels, raw.at_ms[first:], raw.value[first:])


Targets = Mapping[tuple[str, str], Sequence[tuple[frozenset[tuple[str, str]], Integers]]]


def _by_target(scraped_ms: Mapping[Labels, Integers]) -> Targets:
    """The successful scrapes by job and instance, each with all labels of its target."""
    found: dict[tuple[str, str], list[tuple[frozenset[tuple[str, str]], Integers]]] = {}
    for key, at_ms in scraped_ms.items():
        labels = dict(key)
        target = labels.get("job", ""), labels.get("instance", "")
        found.setdefault(target, []).append((frozenset(key), at_ms))
    return found


def _counter(key: Labels, raw: Raw, targets: Targets) -> Counter:
    """The counter with the scrapes of its own target: the one whose labels it carries."""
    own = frozenset(key)
    named = targets.get((raw.labels.get("job", ""), raw.labels.get("instance", "")), ())
    for labels, scraped_ms in named:
        if labels <= own:
            return Counter(raw.at_ms, raw.value, scraped_ms)
    return Counter(raw.at_ms, raw.value)
