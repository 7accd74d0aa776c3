"""Follows counters from page to page: their last samples, and the scrapes of their targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from collectors.prometheus.decode import Answer, Raw
from collectors.prometheus.pages import SHORTEST_S, Inquiry, Page, after, guess_s, pages, samples
from slo.counters import Counter
from slo.facts import Integers
from slo.selector import Matcher, Selector
from slo.spans import Span

Labels = tuple[tuple[str, str], ...]
Tracks = Mapping[Labels, Raw]
_MS = 1_000
_UP = 1.0


class Follower:
    """Reads some selectors page by page and gives each page's counters with what came before."""

    def __init__(self, inquiry: Inquiry, selectors: Sequence[str]) -> None:
        """Nothing is known of any counter yet."""
        self._inquiry, self._selectors = inquiry, selectors
        self._kept: list[dict[Labels, Raw]] = [{} for _ in selectors]
        self._scrapes: dict[Labels, Raw] = {}

    def pages(self, span: Span, series: int) -> Iterable[tuple[Page, list[dict[Labels, Counter]]]]:
        """Each page of the span, from a whole minute on, with the counters of each selector."""
        whole = Span(span.since // SHORTEST_S * SHORTEST_S, span.until)
        for page in pages(self._ask, whole, guess_s(series)):
            yield page, self._counters(page)

    def _ask(self, span: Span) -> list[Answer]:
        """The answers to the selectors, and last the scrapes of the targets they come from."""
        answers = [samples(self._inquiry, selector, span) for selector in self._selectors]
        seen = [raw.labels for answer in answers for raw in answer.series]
        known = [dict(labels) for kept in self._kept for labels in kept]
        selector = up_selector([*seen, *known])
        return [*answers, samples(self._inquiry, selector, span)] if selector else answers

    def _counters(self, page: Page) -> list[dict[Labels, Counter]]:
        count = len(self._selectors)
        for answer in page.answers[count:]:
            self._scrapes = _joined(self._scrapes, _successes(answer), page.span)
        targets = _by_target(self._scrapes)
        found = []
        for place, answer in enumerate(page.answers[:count]):
            tracks = _joined(self._kept[place], answer.series, page.span)
            found.append({key: _counter(key, raw, targets) for key, raw in tracks.items()})
            self._kept[place] = self._tails(tracks, page.span, last_only=True)
        self._scrapes = self._tails(self._scrapes, page.span, last_only=False)
        return found

    def _tails(self, tracks: Tracks, span: Span, *, last_only: bool) -> dict[Labels, Raw]:
        """What the next page needs of these: samples of the last look-back."""
        oldest_ms = (span.until - self._inquiry.lookback_s) * _MS
        kept = {}
        for key, raw in tracks.items():
            first = max(
                int(raw.at_ms.searchsorted(oldest_ms)), len(raw.at_ms) - 1 if last_only else 0
            )
            if first < len(raw.at_ms) and raw.at_ms[-1] >= oldest_ms:
                kept[key] = Raw(raw.labels, raw.at_ms[first:], raw.value[first:])
        return kept


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


def _successes(answer: Answer) -> list[Raw]:
    return [
        Raw(raw.labels, raw.at_ms[raw.value == _UP], raw.value[raw.value == _UP])
        for raw in answer.series
    ]


Targets = Mapping[tuple[str, str], Sequence[tuple[frozenset[tuple[str, str]], Integers]]]


def _by_target(scrapes: Tracks) -> Targets:
    """The successful scrapes by job and instance, each with all labels of its target."""
    found: dict[tuple[str, str], list[tuple[frozenset[tuple[str, str]], Integers]]] = {}
    for raw in scrapes.values():
        labels = {label: value for label, value in raw.labels.items() if label != "__name__"}
        target = labels.get("job", ""), labels.get("instance", "")
        found.setdefault(target, []).append((frozenset(labels.items()), raw.at_ms))
    return found


def _counter(key: Labels, raw: Raw, targets: Targets) -> Counter:
    """The counter with the scrapes of its own target: the one whose labels it carries."""
    own = frozenset(key)
    named = targets.get((raw.labels.get("job", ""), raw.labels.get("instance", "")), ())
    for labels, scraped_ms in named:
        if labels <= own:
            return Counter(raw.at_ms, raw.value, scraped_ms)
    return Counter(raw.at_ms, raw.value)
