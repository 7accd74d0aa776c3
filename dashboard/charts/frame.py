"""What stands around the table: the verdict above it, and where the figures come from below."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.markup import Markup, element, join
from dashboard.views.headline import headline
from dashboard.views.upkeep.board import Board, Show, SourceLine

_HEALTH = "/health"


def verdict(board: Board) -> Markup:
    """The verdict in a sentence, and how fresh it is beside it, or that it was made up."""
    return element("div", element("h1", headline(board.views)), fresh(board), class_="bl head")


def fresh(board: Board, *, late: bool = True) -> Markup:
    """How fresh the figures are, whether they were made up, how many sources are `late`."""
    made_up = element("span", board.generated, class_="made") if board.generated else None
    fresh_words = element("span", board.freshness, class_="g")
    return element("p", made_up, fresh_words, _late(board) if late else None, class_="fresh")


def _late(board: Board) -> Markup | None:
    if not board.late:
        return None
    sources = "source" if len(board.sources) == 1 else "sources"
    words = f"{board.late} of {len(board.sources)} {sources} late or failing"
    return element("a", element("span", words, class_="st late"), href=_HEALTH, target="_self")


def footer(board: Board) -> Markup:
    """Up to when there are data, and how the sources stand."""
    return sources_foot(board.data_words, board.sources, board.digest)


def sources_foot(said: str, sources: Sequence[SourceLine], digest: str) -> Markup:
    """Each source and how it stands after what is `said`; the config by its digest."""
    parts = [_grey(f"{said}.")]
    parts += [_source(source.name, source.words, late=source.is_late) for source in sources]
    parts.append(element("a", "Data health", href=_HEALTH, target="_self"))
    if digest:
        parts.append(_grey(f"config {digest[:6]}"))
    parted = [
        piece for i, part in enumerate(parts) for piece in ((_gap(i), part) if i else (part,))
    ]
    return element("footer", *parted, class_="foot")


def _gap(place: int) -> Markup:
    return _grey(" " if place == 1 else " · ")


def _source(name: str, words: str, *, late: bool) -> Markup:
    if not late:
        return _grey(f"{name} {words}")
    return join(element("span", f"{name} {words}", class_="st late"))


def _grey(words: str) -> Markup:
    return element("span", words, class_="g")


_NOTHING = {
    Show.ALL: "No objective matches these filters.",
    Show.ATTENTION: "Nothing here needs attention.",
    Show.HEALTHY: "No objective here is quiet and healthy.",
}


def nothing(show: Show) -> Markup:
    """What stands in place of an empty table."""
    return element("p", _NOTHING[show], class_="none-here")
