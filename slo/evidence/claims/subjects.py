"""What a row or a sentence is about, so that two of them can be told to mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from slo.evidence.claims.written import plain

_TOPICS = MappingProxyType(
    {
        "uptime": r"uptime|availab\w+",
        "latency": r"latenc\w+|response times?|load times?|p[59][059](?:th)?|percentile",
        "deployments": r"deploy\w*",
        "releases": r"releas\w*|ship\w*",
        "incidents": r"incidents?",
        "outages": r"outages?|downtimes?",
        "pipeline": r"pipelines?|builds?|ci",
        "lead time": r"lead times?",
        "recovery": r"recover\w*|restor\w*|mttr",
        "failures": r"fail\w*|errors?|cfr",
        "rating": r"ratings?|stars?",
        "lighthouse": r"lighthouse",
        "cost": r"costs?|spend\w*|bill\w*",
        "sessions": r"sessions?|users?|visits?",
        "coverage": r"coverage",
    }
)
_KIND = MappingProxyType({"p50": "p50", "median": "p50", "p90": "p90", "p95": "p95", "p99": "p99"})
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a an the of in on at to from for per by with and or we our us it its is was were be been has
    have had now then than that this these those which who all any each every no not less more much
    time times frequency rate average mean median number count total value per day days week weeks
    weekly daily month months monthly quarter quarters quarterly year years yearly hour hours minute
    minutes second seconds ms s h d min percent before after change went fell rose dropped improved
    down up reached goal target zero one two three four five six over last first since during
    feature features customer customers impacting app application system service services so far
    some only just about around nearly almost still new old cut reduced increased still took takes
    under above below beyond faster slower fewer higher lower longer shorter each""",
    )
)
_WORD = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured (topics, with their percentile) and of what (things); empty where unknown."""

    topics: frozenset[str]
    things: frozenset[str]

    def is_same(self, other: Subject) -> bool:
        """Whether both are about the same measure of the same thing, as far as either says."""
        same_things = self.things == other.things or not (self.things and other.things)
        return bool(self.topics) and self.topics == other.topics and same_things

    def is_other_thing(self, other: Subject) -> bool:
        """Whether both are about the same measure of two things that have no word in common."""
        topics = self.topics & other.topics
        apart = self.things and other.things and not self.things & other.things
        return bool(topics) and bool(apart)


def subject(text: str) -> Subject:
    """What the text is about.

    >>> found = subject("Checkout latency (p95)")
    >>> sorted(found.topics), sorted(found.things)
    (['latency', 'p95'], ['checkout'])
    """
    told = plain(text).replace("_", " ")
    topics = {name for name, words in _TOPICS.items() if re.search(rf"\b(?:{words})\b", told)}
    topics |= {kind for word, kind in _KIND.items() if re.search(rf"\b{word}\b", told)}
    rest = re.sub(rf"\b(?:{'|'.join([*_TOPICS.values(), *_KIND])})\b", " ", told)
    things = {word for word in _WORD.findall(rest) if word not in _EMPTY and len(word) > 1}
    return Subject(frozenset(topics), frozenset(things))
