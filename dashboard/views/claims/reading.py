"""A Markdown document as claims: the rows of its tables that have a before and an after, its prose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dashboard.views.claims.columns import Columns, columns
from slo.errors import InputError
from slo.evidence.claims.changes import step
from slo.evidence.claims.quantities import Quantity, Unit, quantity, unit_in
from slo.evidence.claims.statements import Sentence

MOST_BYTES = 1_048_576
_MOST_ROWS = 1_000
_MOST_SENTENCES = 2_000
_MOST_CELL = 300
_MOST_SENTENCE = 1_000
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])")
_INSIDE = re.compile(r"[(\[]([^()\[\]]+)[)\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRow:
    """One row as it stands in the document, on which line, and the two values it names."""

    line: int
    metric: str
    before_text: str
    after_text: str
    change_text: str
    goal_text: str = ""
    before: Quantity | None = None
    after: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of a document, and what was not, in words."""

    rows: tuple[ClaimedRow, ...]
    sentences: tuple[Sentence, ...]
    remarks: tuple[str, ...] = ()


def read(raw: bytes, *, where: str) -> Document:
    """The claims of a Markdown document; HTML in it is left out, control characters are dropped.

    Raises:
        InputError: it is larger than 1 MiB, or no text.
    """
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(_text(raw, where))
    rows, others, remarks = _rows(tokens)
    sentences = [*islice(_sentences(tokens), _MOST_SENTENCES + 1), *others]
    if len(sentences) > _MOST_SENTENCES:
        remarks.append(f"Only the first {_MOST_SENTENCES:,} sentences were read.")
    return Document(tuple(rows), tuple(sentences[:_MOST_SENTENCES]), tuple(remarks))


def _text(raw: bytes, where: str) -> str:
    if len(raw) > MOST_BYTES:
        raise InputError(
            f"the document has more than {MOST_BYTES:,} bytes",
            where=where,
            mend="give it the part that holds the claims",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise InputError(
            f"the document is no UTF-8 text: byte {broken.start + 1:,} begins no character",
            where=where,
            mend="save it as Markdown in UTF-8",
        ) from None
    if "\x00" in text:
        raise InputError(
            "the document is no text: it holds NUL bytes", where=where, mend="give a Markdown file"
        )
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) != "Cc")


def _rows(tokens: Sequence[Token]) -> tuple[list[ClaimedRow], list[Sentence], list[str]]:
    """The rows that claim a change, those of other tables as sentences, and what was left out."""
    rows: list[ClaimedRow] = []
    others: list[Sentence] = []
    skipped, remarks = 0, []
    for table in _tables(tokens):
        found = columns([cell for cell, _ in table[0]])
        if found is None:
            skipped += 1
            others += [_sentence(cells) for cells in table[1:] if cells]
            continue
        rows += [row for cells in table[1:] if (row := _row(cells, found))]
    if skipped:
        tables = "One table has" if skipped == 1 else f"{skipped} tables have"
        remarks.append(f"{tables} no columns of before and after and was read like prose.")
    if len(rows) > _MOST_ROWS:
        remarks.append(f"Only the first {_MOST_ROWS:,} rows were read.")
    return rows[:_MOST_ROWS], others, remarks


def _sentence(cells: Sequence[tuple[str, int]]) -> Sentence:
    """A row as a sentence: its cells one after the other."""
    return Sentence(": ".join(text for text, _ in cells if text)[:_MOST_SENTENCE], cells[0][1])


def _tables(tokens: Sequence[Token]) -> Iterator[list[list[tuple[str, int]]]]:
    """Each table as rows of cells with their line; the first row is the head."""
    table: list[list[tuple[str, int]]] = []
    line = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            table = []
        elif token.type == "tr_open":
            line = token.map[0] + 1 if token.map else line
            table.append([])
        elif token.type in {"th_open", "td_open"}:
            table[-1].append((_words(tokens[place + 1])[:_MOST_CELL], line))
        elif token.type == "table_close" and table:
            yield table


def _words(inline: Token, newline: str = " ") -> str:
    """The text of a cell or paragraph without its marks; HTML tags are dropped."""
    parts = []
    for child in inline.children or ():
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(newline)
        elif child.type == "html_inline":
            parts.append(" ")
    return "".join(parts) if newline == "\n" else " ".join("".join(parts).split())


def _row(cells: Sequence[tuple[str, int]], found: Columns) -> ClaimedRow | None:
    """One row; None where it names nothing."""

    def cell(place: int | None) -> str:
        return cells[place][0] if place is not None and place < len(cells) else ""

    metric, change = cell(found.metric), cell(found.change)
    before, after = cell(found.before), cell(found.after)
    if found.step is not None:
        before, after, inside = _ends_of(cell(found.step))
        change = change or inside
    if not any((metric, before, after, change)):
        return None
    own = unit_in(metric)
    values = _values((before, after), (found.before_unit or own, found.after_unit or own))
    return ClaimedRow(
        line=cells[0][1],
        metric=metric,
        before_text=before,
        after_text=after,
        change_text=change,
        goal_text=cell(found.goal),
        before=values[0],
        after=values[1],
    )


def _ends_of(text: str) -> tuple[str, str, str]:
    """Before, after and the change in brackets of "820 -> 490 ms (-40 %)"."""
    inside = _INSIDE.findall(text)
    told = _INSIDE.sub("", text).strip()
    parts = re.split(
        r"\s*(?:[\u2190-\u21ff\u2794-\u27be\u27f0-\u27ff]|=>|-->|->|\bto\b|(?<=\S)\s*[–—]\s*(?=\S))\s*",
        told,
        maxsplit=1,
    )
    if len(parts) != 2 or step(f"{parts[0]} -> {parts[1]}") is None:  # noqa: PLR2004
        return "", "", text
    return parts[0].removeprefix("from ").strip(), parts[1].strip(), inside[0] if inside else ""


def _values(
    texts: tuple[str, str], units: tuple[Unit | None, Unit | None]
) -> tuple[Quantity | None, Quantity | None]:
    """Both values; one without a unit takes that of its column, of the name, or of the other."""
    first, second = (quantity(text, unit) for text, unit in zip(texts, units, strict=True))
    if first is not None and second is not None:
        if not units[0] and not first.unit.name:
            first = quantity(texts[0], second.unit)
        elif not units[1] and not second.unit.name:
            second = quantity(texts[1], first.unit)
    return first, second


def _sentences(tokens: Sequence[Token]) -> Iterator[Sentence]:
    """The prose outside tables and code, sentence by sentence, each on the line it begins at."""
    depth = 0
    for token in tokens:
        depth += (token.type == "table_open") - (token.type == "table_close")
        if token.type != "inline" or depth:
            continue
        line = token.map[0] + 1 if token.map else 1
        text, since = _words(token, newline="\n"), 0
        for end in [*(gap.end() for gap in _ENDS.finditer(text)), len(text)]:
            sentence = " ".join(text[since:end].split())[:_MOST_SENTENCE]
            if sentence:
                yield Sentence(sentence, line + text.count("\n", 0, since))
            since = end
