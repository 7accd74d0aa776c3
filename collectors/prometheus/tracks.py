"""Follows counters from page to page: their last samples, and the scrapes of their targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from collectors.contract import Counts
from collectors.prometheus.decode import Answer, Raw
from collectors.prometheus.pages import SHORTEST_S, Inquiry, Page, after, guess_s, pages, samples
from slo.counters import Counter
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


class Follower:
    """Reads some selectors page by page and gives each page's counters with what came before."""

    def __init__(self, inquiry: Inquiry, selectors: Sequence[str]) -> None:
        """Nothing is known of any counter yet."""
        self._inquiry = inquiry
        self._selectors = [Selector.parse(text) for text in selectors]
        self._kept: list[dict[Labels, Raw]] = [{} for _ in selectors]

    def pages(self, span: Span, series: int) -> Iterable[tuple[Page, Sequence[Reading]]]:
        """Each page of the span, from a whole minute on, with the counters of each selector.

        A page that contradicts itself is read twice: with the least and the most that it says.
        """
        whole = Span(span.since // SHORTEST_S * SHORTEST_S, span.until)
        for page in pages(self._ask, whole, guess_s(series)):
            yield page, self._readings(page)

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
            if _may_hide_a_birth(kept.get(_key(raw.labels)), after(raw, span))
        ]
        up = up_selector(doubtful)
        around = Span(span.since - self._inquiry.lookback_s, span.until)
        return [*answers, samples(self._inquiry, up, around)] if up else answers

    def _readings(self, page: Page) -> list[Reading]:
        count = len(self._selectors)
        targets = _by_target(raw for answer in page.answers[count:] for raw in answer.series)
        mine = page.answers[:count]
        contradictory = any(raw.is_contradictory for answer in mine for raw in answer.series)
        read = [
            [
                _joined(kept, map(choose, answer.series), page.span)
                for kept, answer in zip(self._kept, mine, strict=True)
            ]
            for choose in ((Raw.least, Raw.most) if contradictory else (Raw.least,))
        ]
        self._kept = [self._tails(tracks, page.span) for tracks in read[0]]
        return [
            [{key: _counter(key, raw, targets) for key, raw in one.items()} for one in tracks]
            for tracks in read
        ]

    def _tails(self, tracks: Tracks, span: Span) -> dict[Labels, Raw]:
        """What the next page needs of these: the last sample, if it is of the last look-back."""
        oldest_ms = (span.until - self._inquiry.lookback_s) * _MS
        return {
            key: Raw(raw.labels, raw.at_ms[-1:], raw.value[-1:])
            for key, raw in tracks.items()
            if raw.at_ms[-1] >= oldest_ms
        }


def is_within(part: Selector, whole: Selector) -> bool:
    """Whether every series of the part is one of the whole: same metric, further conditions.

    Then one answer holds both, of one and the same moment.
    """
    return part.name == whole.name and set(whole.matchers) <= set(part.matchers)


def _part(answer: Answer, selector: Selector) -> Answer:
    """The series of the answer that the selector means; counted as read once already."""
    chosen = (raw for raw in answer.series if selector.matches(selector.name, raw.labels))
    return Answer(tuple(chosen), Counts(), ())


def _may_hide_a_birth(kept: Raw | None, fresh: Raw) -> bool:
    """Whether the counter was new, or absent at a scrape: it came at uneven distances."""
    if kept is None or not len(fresh.at_ms):
        return len(fresh.at_ms) > 0
    at_ms = np.concatenate((kept.at_ms[-1:], fresh.at_ms))
    apart_ms = at_ms[1:] - at_ms[:-1]
    return bool(apart_ms.max() > _UNEVEN * apart_ms.min())


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


Targets = Mapping[tuple[str, str], Sequence[tuple[frozenset[tuple[str, str]], Integers]]]


def _by_target(scrapes: Iterable[Raw]) -> Targets:
    """The successful scrapes by job and instance, each with all labels of its target."""
    found: dict[tuple[str, str], list[tuple[frozenset[tuple[str, str]], Integers]]] = {}
    for raw in scrapes:
        labels = {label: value for label, value in raw.labels.items() if label != "__name__"}
        target = labels.get("job", ""), labels.get("instance", "")
        found.setdefault(target, []).append(
            (frozenset(labels.items()), raw.at_ms[raw.value == _UP])
        )
    return found


def _counter(key: Labels, raw: Raw, targets: Targets) -> Counter:
    """The counter with the scrapes of its own target: the one whose labels it carries."""
    own = frozenset(key)
    named = targets.get((raw.labels.get("job", ""), raw.labels.get("instance", "")), ())
    for labels, scraped_ms in named:
        if labels <= own:
            return Counter(raw.at_ms, raw.value, scraped_ms)
    return Counter(raw.at_ms, raw.value)
