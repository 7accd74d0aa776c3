"""The samples of an OpenMetrics text, one by one; its families are never gathered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from collectors.files.reading import Lines
from collectors.files.records import Flaw
from slo.errors import InputError

_SAMPLE = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
    r'(?:\{(?P<labels>(?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})?'
    r" (?P<value>[^ \n]+)(?: (?P<at>[^ \n#]+))?(?: # .*)?\n?"
)
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)')
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}
_GAUGES = ("gauge", "unknown")


class MetricSample(NamedTuple):
    """One sample: its line, metric, labels, value and time as written; whether it is a gauge."""

    place: int
    name: str
    labels: dict[str, str]
    value: str
    at: str | None
    gauge: bool


def metric_samples(text: TextIO, where: str) -> Iterator[MetricSample | Flaw]:
    """The samples in order; a line that is none is a `Flaw`.

    Raises:
        InputError: the text does not end with `# EOF`, so some of it is missing.
    """
    lines = Lines(text, where)
    family, kind, last = "", "unknown", ""
    for line in lines:
        lines.begin_row()
        last = line.rstrip("\n")
        if last == "# EOF":
            break
        if line.startswith("# TYPE "):
            family, kind = _family(last)
        elif not line.startswith("#"):
            of_family = kind if line.startswith(family) else "unknown"
            yield _sample(lines.number, line, gauge=of_family in _GAUGES)
    if last != "# EOF":
        raise InputError(
            'the text does not end with "# EOF": it is cut off, or not OpenMetrics',
            where=f"{where}:{lines.number}",
            mend="export it again; the older Prometheus text format is not read",
        )


def _family(line: str) -> tuple[str, str]:
    words = line.split(" ")
    return (words[2], words[3]) if len(words) == 4 else ("", "unknown")  # noqa: PLR2004 its grammar


def _sample(place: int, line: str, *, gauge: bool) -> MetricSample | Flaw:
    found = _SAMPLE.fullmatch(line)
    if found is None:
        return Flaw(place, "no OpenMetrics sample")
    labels = _labels(found["labels"] or "")
    if labels is None:
        return Flaw(place, "its labels cannot be read")
    return MetricSample(place, found["name"], labels, found["value"], found["at"], gauge)


def _labels(inner: str) -> dict[str, str] | None:
    labels, position = {}, 0
    while position < len(inner):
        found = _LABEL.match(inner, position)
        if found is None or found[1] in labels:
            return None
        labels[found[1]] = re.sub(r"\\(.)", lambda seen: _ESCAPES.get(seen[1], seen[0]), found[2])
        position = found.end()
    return labels
