"""How delivery and incidents look: the verdict, the figures with their ranges, how each is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.charts.markup import Markup, element, join
from dashboard.charts.notice import with_code
from dashboard.charts.objective import pairs_list
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.delivery.model import DeliveryPage, FigureLine
from dashboard.views.words import NOTHING

# As many figures stand large: the four that deliveries are known by.
_LARGE = 4
_UNKNOWN = "not collected"


def delivery_head(page: DeliveryPage) -> Markup:
    """The verdict in a sentence, how fresh it is and which sources are late, of what it speaks."""
    made_up = element("span", page.generated, class_="made") if page.generated else None
    said, *late = page.freshness.split("; ") if page.is_late else [page.freshness]
    fresh = element("span", said, class_="g") if said else None
    behind = (element("span", words, class_="st late") for words in late)
    beside = element("p", made_up, fresh, *behind, class_="fresh")
    head = element("div", element("h1", page.headline), beside, class_="bl head")
    return element("div", head, element("p", page.scope, class_="g sub"), class_="bl leaf")


def figures_table(
    name: str, lines: Sequence[FigureLine], span: str, *, large: int = _LARGE
) -> Markup:
    """A row a figure: its value and range, what it stands on, the same of the span before.

    The first so many are `large`; of the others those that nobody collects are one line.
    """
    columns = (
        Column("Measure", "nm"),
        Column(span, "n v"),
        Column("Range, 95 %", "n rg"),
        Column("n", "n cn"),
        Column(f"{span} before", "n pb"),
        Column("What it says", "sy"),
    )
    shown = [one for place, one in enumerate(lines) if place < large or one.value != _UNKNOWN]
    rows = (_figure(one, is_large=place < large) for place, one in enumerate(shown))
    left = [one.title for one in lines if one not in shown]
    unknown = element("p", f"Not collected: {', '.join(left)}.", class_="s") if left else None
    return element("div", table(name, columns, rows, "dora"), unknown, class_="bl")


def _figure(one: FigureLine, *, is_large: bool) -> Markup:
    return row(
        name_cell(one.title, kind="nm"),
        cell(_value(one.value), kind="n v", label="Value"),
        _known(one.interval, "n rg", "range"),
        _known(one.n, "n cn", "n ="),
        _known(one.before, "n g pb", "before:"),
        _known(one.says, "g sy", ""),
        kind=None if is_large else "less",
    )


def _value(words: str) -> Markup:
    """A number large; what says that there is none as quiet as it is."""
    has_number = any(letter.isdigit() for letter in words)
    return element("b", words) if has_number else element("span", words or NOTHING, class_="g")


def _known(words: str, kind: str, label: str) -> Markup:
    """A cell; a phone has no room for one that says nothing, as a range without ends does."""
    said = NOTHING if words in ("", f"{NOTHING} to {NOTHING}") else words
    return cell(said, kind=f"{kind} void" if said == NOTHING else kind, label=label or None)


def counted_folds(lines: Iterable[FigureLine], notes: Sequence[str]) -> Markup:
    """How each figure is counted and which rows were left out, behind one word."""
    pairs = [(one.title, with_code("; ".join(one.counted))) for one in lines]
    said = element("p", " ".join(notes), class_="s notes") if notes else None
    fold = element(
        "details",
        element("summary", "How each figure is counted, and what was left out"),
        pairs_list(pairs),
        class_="fold",
    )
    return element("div", said, fold if pairs else None, class_="bl leaf")


def nothing_of(words: str) -> Markup:
    """What stands in place of a table of a kind that was never collected, or of nothing found."""
    return element("div", element("p", words, class_="none-here"), class_="bl nothing")


def counted_words(first: int, last: int, count: int, of: str) -> Markup:
    """Which lines of a long list are shown."""
    whole = first == 1 and last == count
    words = f"{count:,} {of}" if whole else f"{first:,} to {last:,} of {count:,} {of}"
    return join(element("p", words, class_="bl s counted"))
