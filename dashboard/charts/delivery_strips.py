"""Incidents and deployments by service and day: a real table whose cells hold ticks and badges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from dashboard.charts.markup import Markup, element, join
from dashboard.charts.objective import title
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.delivery.model import Mark, Strip, Strips
from dashboard.views.words import NOTHING

_NAME = "Incidents and deployments by service"
_WHEN = MappingProxyType({"day": "on the day", "week": "in the week"})
_TICKS, _ROOM = 3, 3
# A phone says every so manieth bin, a narrow desk where there are more than so many.
_EVERY, _MANY = 7, 14
_LONGEST = 34


def strips_table(strips: Strips, *, is_weekly: bool) -> Markup:
    """A row a service, a column a bin; weekends are shaded, the sums stand at the end."""
    columns = (
        Column("Service", "sv"),
        *(Column(head, kind) for head, kind in _heads(strips)),
        Column("Deploys", "n dp"),
        Column("Impact", "n im"),
    )
    rows = (_row(one, strips) for one in strips.rows)
    one_bin = "week" if is_weekly else "day"
    by = f"{_NAME} and {one_bin}"
    few = " few" if len(strips.bins) <= _EVERY else " many" if len(strips.bins) > _MANY else ""
    made = table(by, columns, rows, f"strips{few}{' weekly' if is_weekly else ''}")
    quiet = element("p", strips.quiet, class_="s notes") if strips.quiet else None
    head = element("div", title(by), _legend(one_bin), class_="bl leaf over")
    return join(head, element("div", made, quiet, class_="bl"))


def middle_cut(words: str, longest: int) -> str:
    """At most so many letters: the middle of long ones is left out, for names differ at both ends.

    >>> middle_cut("payments-gateway-primary", 15)
    'payment…primary'
    """
    half = (longest - 1) // 2
    return words if len(words) <= longest else f"{words[:half]}…{words[-half:]}"


def _legend(one_bin: str) -> Markup:
    marks = (
        (element("i", class_="bd grave"), " severity 1 or open", None),
        (element("i", class_="bd"), " other incident", None),
        (None, f"figure = time of impact, {_WHEN[one_bin]} it began", "fig"),
        (element("i", class_="tk"), " deployment", None),
    )
    said = (element("span", sign, words, class_=kind) for sign, words, kind in marks)
    return element("p", *said, class_="s keys")


def _heads(strips: Strips) -> Iterator[tuple[Markup, str]]:
    # A month's name needs room: one that the next follows too soon is left out.
    ends = [*(place for place, _ in strips.heads[1:]), len(strips.bins)]
    heads = zip(strips.heads, ends, strict=True) if strips.heads else ()
    above = {place: words for (place, words), end in heads if end - place >= _ROOM}
    for place, label in enumerate(strips.bins):
        month = _month(above[place]) if place in above else None
        lead = " lead" if place % _EVERY == 0 else ""
        yield join(month, element("span", label)), f"b{lead}{_weekend(strips, place)}"


def _month(words: str) -> Markup:
    """A month, its year apart: a phone has no room for that."""
    name, _, year = words.partition(" ")
    return element(
        "span", name, element("span", f" {year}", class_="yr") if year else None, class_="mo"
    )


def _weekend(strips: Strips, place: int) -> str:
    return " we" if place in strips.weekends else ""


def _row(one: Strip, strips: Strips) -> Markup:
    found: dict[int, list[Mark]] = {}
    for mark in one.marks:
        found.setdefault(mark.place, []).append(mark)
    cells = (
        _bin(count, found.get(place, ()), f"b{_weekend(strips, place)}")
        for place, count in enumerate(one.deployments)
    )
    return row(
        name_cell(element("span", middle_cut(one.service, _LONGEST), title=one.service), kind="sv"),
        *cells,
        cell(one.deployed or NOTHING, kind="n g dp"),
        cell(one.impact or NOTHING, kind="n im"),
    )


def _bin(count: int, marks: Sequence[Mark], kind: str) -> Markup:
    badge = _badge(marks) if marks else None
    return cell(badge, _ticks(count), kind=kind)


def _badge(marks: Sequence[Mark]) -> Markup:
    """The incident's length of impact; of several how many they are, the words for a pointer."""
    words = marks[0].words if len(marks) == 1 else f"{len(marks)}×"
    grave = any(mark.is_grave for mark in marks)
    says = "; ".join(mark.title for mark in marks)
    unseen = element("span", f" {says}", class_="vh")
    return element("span", words, unseen, class_="bd grave" if grave else "bd", title=says)


def _ticks(count: int) -> Markup | None:
    """A tick a deployment, a number where they are many; in words for who listens."""
    if not count:
        return None
    said = element("span", f" {count} deployment{'' if count == 1 else 's'}", class_="vh")
    if count > _TICKS:
        return element("span", element("span", f"{count:,}", aria_hidden="true"), said, class_="ct")
    drawn = (element("i", class_="tk") for _ in range(count))
    return element("span", *drawn, said, class_="ct")
