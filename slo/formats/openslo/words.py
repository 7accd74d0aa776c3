"""OpenSLO's words for what is promised, and the annotations that say what it has no word for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from slo.formats.contract import Labels
from slo.indicator import Op
from slo.spans import Period

VERSION = "openslo/v1"
ALPHA = "openslo/v1alpha"
OPS: Mapping[str, Op] = {"lt": Op.LT, "lte": Op.LTE, "gt": Op.GT, "gte": Op.GTE}
PERIODS: Mapping[str, Period] = {
    "1w": Period.WEEK,
    "1M": Period.MONTH,
    "1Q": Period.QUARTER,
    "3M": Period.QUARTER,
    "1Y": Period.YEAR,
    "12M": Period.YEAR,
}
ROWS, COLUMN = "rows", "column"
"""Where the spec of a metric names rows of a file, and which of their columns it counts."""
SAMPLES = "samples"
"""What the events are, where they are values of a gauge and not time."""
_PREFIX = "burnline/"
_EXACT = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,40}|/(?=.*[1-9])[0-9]{1,40})?")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class Own(StrEnum):
    """Annotations that burnline alone writes and reads, by what stands after their prefix."""

    NAME = "name"
    """As it is here, where OpenSLO takes no such name."""
    # Of a service.
    TEAM = "team"
    OWNER = "owner"
    RUNBOOK = "runbook"
    DASHBOARD = "dashboard"
    LOGS = "logs"
    # Of a promise, some of its service or its rows too.
    SERVICE = "service"
    NO_SERVICE = "no-service"
    ALERTS = "alerts"
    GROUP_BY = "group-by"
    FURTHER_WINDOWS = "further-windows"
    BREAKDOWN = "breakdown"
    CORRECTIONS = "corrections"
    MIN_BAD_EVENTS = "min-bad-events"
    NOTIFY = "notify"
    POLICY = "policy"
    EFFECTIVE = "effective"
    # Of a member of a composite.
    SLO = "slo"
    WEIGHT = "weight"
    # Of an indicator.
    COUNTS = "counts"
    ONLY_IF = "only-if"
    PERCENTILE = "percentile"
    COMBINE = "combine"
    VALID_FOR = "valid-for"
    # Of an alert row.
    SHORT = "short"
    SHARE = "share"


def fit_name(text: str) -> str:
    """The text as a name that OpenSLO takes everywhere (RFC 1123); itself where it is one.

    >>> fit_name("checkout"), fit_name("Checkout / EU"), fit_name("…")
    ('checkout', 'checkout-eu', 'unnamed')
    """
    if _NAME.fullmatch(text):
        return text
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:63].strip("-") or "unnamed"


def listed(words: tuple[str, ...]) -> str:
    """Several words as the one text that an annotation is."""
    return json.dumps(words, ensure_ascii=False)


def unlisted(text: str) -> tuple[str, ...]:
    """The words of such a text.

    Raises:
        ValueError: it is none.
    """
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{text!r} is no list of texts")
    return tuple(found)


def exact(text: str) -> Fraction:
    """The number in an annotation, written as `0.02` or `1/3`: no few letters become a huge one.

    Raises:
        ValueError: it is none, or 0 divides it.
    """
    if not _EXACT.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no number such as 0.02 or 1/3")
    return Fraction(text)


def foreign(annotations: Labels) -> Labels:
    """The annotations that somebody else reads."""
    return tuple(pair for pair in annotations if not pair[0].startswith(_PREFIX))


def own(annotations: Labels) -> dict[Own, str]:
    """What burnline's own annotations say; of one that there is not, nothing."""
    found = dict(annotations)
    return {one: found[key] for one in Own if (key := f"{_PREFIX}{one}") in found}


def annotated(said: Mapping[Own, str]) -> dict[str, str]:
    """What is said, as annotations of burnline's own; empty texts say nothing."""
    return {f"{_PREFIX}{one}": text for one, text in said.items() if text}
