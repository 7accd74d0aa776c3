"""What an answer of Prometheus says; nothing in it is believed before it is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from collectors.contract import Counts
from collectors.fetch.failures import shown
from slo.facts import Integers, Reals

MAX_SERIES = 10_000
MAX_SAMPLES = 50_000
MAX_TEXTS = 50_000
_LONGEST_LABEL = 1_024
_FIRST_MS = 946_684_800_000  # 2000-01-01: earlier times are another unit or nonsense
_AHEAD_MS = 300_000
_MS = 1_000
_VALUES = b'"values":[['
_NESTED = b"[[["
_MOST_MARKS = {b"{": 3 * MAX_SERIES, b"[": 2 * MAX_SAMPLES + 10, b",": 600_000}


class AnswerError(ValueError):
    """The answer is none of Prometheus, or one that cannot be used; the text says why."""


class WideAnswerError(AnswerError):
    """The answer holds more samples than one answer may: a shorter span may fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """One series as Prometheus keeps it: finite samples, ascending in time, then in value.

    A time comes twice only where the answer contradicts itself about its value.
    """

    labels: Mapping[str, str]
    at_ms: Integers
    value: Reals

    @property
    def is_contradictory(self) -> bool:
        """Whether some time has several values."""
        return bool(np.any(self.at_ms[1:] == self.at_ms[:-1]))

    def least(self) -> Raw:
        """The series with the smallest value of each time."""
        return self._chosen(np.append([True], self.at_ms[1:] != self.at_ms[:-1]))

    def most(self) -> Raw:
        """The series with the largest value of each time."""
        return self._chosen(np.append(self.at_ms[1:] != self.at_ms[:-1], [True]))

    def _chosen(self, chosen: NDArray[np.bool_]) -> Raw:
        if not self.is_contradictory:
            return self
        return Raw(self.labels, self.at_ms[chosen], self.value[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one query gave, what had to be left out of it, and what the server warned of.

    `unread` counts the series left out for a label beyond all measure.
    """

    series: tuple[Raw, ...]
    counts: Counts
    warnings: tuple[str, ...]
    unread: int = 0


def decode(body: bytes, content_type: str, now: int, *, in_part: bool = False) -> Answer:
    """The series of an answer to a query, or to a range query.

    `in_part` leaves out a series with a label beyond all measure, which else spoils the answer.

    Raises:
        AnswerError: it is not an answer, or one that must not be used.
    """
    document, columns = _document(body, content_type)
    rows = _rows(document)
    if len(rows) > MAX_SERIES:
        raise AnswerError(f"stopped at {MAX_SERIES:,} series, the answer has {len(rows):,}")
    kept = [row for row in rows if not (in_part and _long_label(row.get("metric")))]
    found = [(_labels(row), *_columns(row, columns)) for row in kept]
    read = sum(len(at_ms) for _, at_ms, _ in found)
    if read > MAX_SAMPLES:
        raise WideAnswerError(f"more than {MAX_SAMPLES:,} samples in one answer")
    answer = _checked(found, Counts(read=read), _warnings(document), now)
    return replace(answer, unread=len(rows) - len(kept))


def texts(body: bytes, content_type: str) -> tuple[str, ...]:
    """The texts of an answer that is a list of them, as of label values.

    Raises:
        AnswerError: it is no such answer, or one that must not be used.
    """
    document, _ = _document(body, content_type)
    if document.get("status") != "success":
        raise AnswerError(complaint(document) or "malformed answer: no status")
    found = document.get("data")
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise AnswerError("malformed answer: no list of texts")
    if len(found) > MAX_TEXTS:
        raise WideAnswerError(f"more than {MAX_TEXTS:,} texts in one answer")
    return tuple(text for text in found if len(text) <= _LONGEST_LABEL)


def _document(body: bytes, content_type: str) -> tuple[dict[str, Any], list[Reals]]:
    """The answer as JSON, its long columns of samples taken out and read apart."""
    if "json" not in content_type and not body.lstrip().startswith(b"{"):
        kind = shown(content_type.partition(";")[0]) or "no content type"
        raise AnswerError(f"expected JSON, got {kind} (a login page?)")
    for take_apart in (_apart, _whole):
        skeleton, columns = take_apart(body)
        _bounded(skeleton)
        try:
            document = orjson.loads(skeleton)
        except orjson.JSONDecodeError:
            continue
        if isinstance(document, dict):
            return document, columns
    raise AnswerError(f"malformed answer: no JSON object in its {len(body)} bytes")


def _bounded(text: bytes) -> None:
    """Refuse JSON of so many values that they would take many times the memory of the text."""
    if any(text.count(mark) > most for mark, most in _MOST_MARKS.items()):
        if _NESTED in text:
            raise AnswerError("malformed answer: nested deeper than an answer is")
        raise WideAnswerError(f"more than {MAX_SAMPLES:,} samples in one answer")


def _whole(body: bytes) -> tuple[bytes, list[Reals]]:
    return body, []


def _apart(body: bytes) -> tuple[bytes, list[Reals]]:
    """The answer with each `"values":[[…]]` replaced by its place among the columns.

    Reading numbers as text columns is six times faster than one JSON value per number. Inside
    a JSON string every quote is escaped, so the mark cannot occur there.
    """
    pieces = body.split(_VALUES)
    skeleton, columns = [pieces[0]], list[Reals]()
    for piece in pieces[1:]:
        text, closing, rest = piece.partition(b"]]")
        column = _column(text) if closing else None
        if column is None:
            return _whole(body)
        skeleton += [b'"values":%d' % len(columns), rest]
        columns.append(column)
    return b"".join(skeleton), columns


def _column(text: bytes) -> Reals | None:
    """Times and values in turn, or None unless every pair reads `time,"value"`."""
    pairs = text.count(b"],[") + 1
    if text.count(b",") != 2 * pairs - 1 or text.count(b'"') != 2 * pairs:
        return None
    try:
        column = np.array(text.translate(None, b'[]"').split(b","), dtype=np.float64)
    except ValueError:
        return None
    return column if len(column) == 2 * pairs else None


def _rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The series of a successful answer of a kind that can be used."""
    if document.get("status") != "success":
        raise AnswerError(complaint(document) or "malformed answer: no status")
    inside = document.get("data")
    if not isinstance(inside, dict) or not isinstance(inside.get("result"), list):
        raise AnswerError("malformed answer: no data")
    kind = inside.get("resultType")
    rows: list[dict[str, Any]] = inside["result"]
    if kind not in {"matrix", "vector"}:
        raise AnswerError(f"the query gives a {shown(str(kind))}, not series: name a series")
    if not all(isinstance(row, dict) for row in rows):
        raise AnswerError("malformed answer: a series is no object")
    if any("histogram" in row or "histograms" in row for row in rows):
        raise AnswerError("the series is a native histogram: name its classic buckets (_bucket)")
    return rows


def complaint(document: object) -> str | None:
    """Prometheus' own words about a query that it refused; None when it says nothing."""
    if not isinstance(document, dict) or not isinstance(document.get("error"), str):
        return None
    return f"Prometheus says {shown(str(document.get('errorType')))}: {shown(document['error'])}"


def _labels(row: dict[str, Any]) -> dict[str, str]:
    labels = row.get("metric")
    if not isinstance(labels, dict) or not all(isinstance(v, str) for v in labels.values()):
        raise AnswerError("malformed answer: the labels of a series are no texts")
    long = _long_label(labels)
    if long:
        raise AnswerError(f"label {shown(long)[:40]} is longer than 1 kB")
    return labels


def _long_label(labels: object) -> str:
    """The first label that is longer than 1 kB with its value; "" where there is none."""
    texts = labels.items() if isinstance(labels, dict) else ()
    sizes = ((label, len(label) + len(value)) for label, value in texts if isinstance(value, str))
    return next((label for label, size in sizes if size > _LONGEST_LABEL), "")


def _columns(row: dict[str, Any], columns: Sequence[Reals]) -> tuple[Reals, Reals]:
    """Times in seconds and values of a series."""
    values = row.get("values", [row["value"]] if "value" in row else None)
    if isinstance(values, int) and 0 <= values < len(columns):
        return columns[values][::2], columns[values][1::2]
    if isinstance(values, list) and all(_is_sample(sample) for sample in values):
        try:
            at = np.array([float(at) for at, _ in values])
            return at, np.array([float(value) for _, value in values])
        except (ValueError, OverflowError):
            pass
    raise AnswerError("malformed answer: a sample is not a time and a number")


def _is_sample(sample: object) -> bool:
    return (
        isinstance(sample, list)
        and len(sample) == len(("time", "value"))
        and isinstance(sample[0], int | float)
        and isinstance(sample[1], str)
    )


def _warnings(document: dict[str, Any]) -> tuple[str, ...]:
    """The server's warnings: part of the data is missing; its `infos` are only advice."""
    warnings = document.get("warnings") or []
    if not isinstance(warnings, list):
        raise AnswerError("malformed answer: its warnings are no list")
    return tuple(dict.fromkeys(shown(str(warning)) for warning in warnings[:20]))


def _checked(
    found: Sequence[tuple[dict[str, str], Reals, Reals]],
    counts: Counts,
    warnings: tuple[str, ...],
    now: int,
) -> Answer:
    """The series in canonical order, one for each set of labels, unusable samples left out."""
    merged: dict[tuple[tuple[str, str], ...], list[tuple[Reals, Reals]]] = {}
    for labels, at, value in found:
        merged.setdefault(tuple(sorted(labels.items())), []).append((at, value))
    series = []
    for key, parts in sorted(merged.items()):
        at = np.concatenate([part[0] for part in parts])
        raw, left_out = _usable(dict(key), at, np.concatenate([part[1] for part in parts]), now)
        series.append(raw)
        counts += left_out
    return Answer(tuple(raw for raw in series if len(raw.at_ms)), counts, warnings)


def _usable(labels: dict[str, str], at: Reals, value: Reals, now: int) -> tuple[Raw, Counts]:
    """The finite samples of believable times, each once."""
    finite = np.isfinite(value) & np.isfinite(at)
    at_ms = np.rint(np.where(finite, at, 0.0) * _MS)
    timely = (at_ms >= _FIRST_MS) & (at_ms <= now * _MS + _AHEAD_MS)
    kept = finite & timely
    at_ms, value = at_ms[kept].astype(np.int64), value[kept]
    counts = Counts(
        dropped_nonfinite=int(np.count_nonzero(~finite)),
        dropped_future=int(np.count_nonzero(finite & ~timely)),
    )
    if len(at_ms) > 1 and not bool(np.all(at_ms[1:] > at_ms[:-1])):
        order = np.lexsort((value, at_ms))
        at_ms, value = at_ms[order], value[order]
        differs = (at_ms[1:] != at_ms[:-1]) | (value[1:] != value[:-1])
        first = np.concatenate(([True], differs))
        counts += Counts(duplicates=int(np.count_nonzero(~first)))
        at_ms, value = at_ms[first], value[first]
    return Raw(labels, at_ms, value), counts
