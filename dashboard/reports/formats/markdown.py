"""A report as Markdown: what mail, chat and wikis show; everything from data is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count, repeat

from dashboard.reports.contract import Format
from dashboard.views.report.model import Report
from dashboard.views.report.told import Told
from dashboard.views.report.words import told

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~$&@^]|:(?=//)|(?<=www)\.|^[-+=:]|(?<=^[0-9])[.)])")


def written(report: Report) -> bytes:
    """The report; a quiet one is five lines."""
    said = told(report)
    lines = _quiet(said) if said.is_quiet else _whole(said)
    return ("\n".join(lines) + "\n").encode()


def escaped(text: str) -> str:
    r"""The text as Markdown shows it literally: no link, no emphasis, no table, no HTML.

    >>> escaped("[a](http://b) | <i>")
    '\\[a\\](http\\://b) \\| \\<i\\>'
    """
    return _SPECIAL.sub(r"\\\1", text)


def _quiet(said: Told) -> Iterator[str]:
    """Five paragraphs; the two blanks at an end keep the lines apart."""
    first, *rest = said.quiet_lines
    yield f"# {escaped(first)}"
    yield from (f"{escaped(line)}  " for line in rest[:-1])
    yield escaped(rest[-1])


def _whole(said: Told) -> Iterator[str]:
    yield f"# {escaped(said.subject)}"
    yield ""
    yield escaped(said.byline)
    yield from _changes(said)
    yield from _items("Largest spends", said.spends, is_ranked=True)
    yield from _items("To decide", said.decisions)
    yield from ("", "## Incidents and deployments", "", escaped(said.happened))
    yield from ("", *(f"- {escaped(each)}" for each in said.incidents)) if said.incidents else ()
    yield from _items("Not measured", said.unmeasured)
    yield from ("", escaped(said.closing))


def _changes(said: Told) -> Iterator[str]:
    if not said.changes and not said.others:
        return
    yield from ("", "## Budget left", "")
    if said.changes:
        yield f"| objective | {escaped(said.since)} | {escaped(said.until)} | |"
        yield "|---|--:|--:|---|"
    for one in said.changes:
        cells = (one.name, one.before, one.after, one.word)
        yield f"| {' | '.join(escaped(cell) for cell in cells)} |"
    if said.others:
        yield from ("", escaped(said.others)) if said.changes else (escaped(said.others),)


def _items(title: str, items: Iterable[str], *, is_ranked: bool = False) -> Iterator[str]:
    marks = (f"{place}." for place in count(1)) if is_ranked else repeat("-")
    shown = [f"{mark} {escaped(item)}" for mark, item in zip(marks, items, strict=False)]
    if shown:
        yield from ("", f"## {title}", "", *shown)


FORMAT = Format(extension="md", written=written)
