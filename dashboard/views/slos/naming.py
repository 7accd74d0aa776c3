"""What an SLO and its members are called where they alarm."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import cut_words
from slo.splits import group_name

_LONGEST = 80


def alarm_name(view: SloView) -> str:
    """The SLO with the member or part of it that fires; never its service, which may have several.

    A member is told by its labels, the part of a composite by its name: `checkout (region eu)`,
    `shop (pay)`.
    """
    name = group_name(view.slo)
    part = ", ".join(_parts(view))
    return f"{name} ({cut_words(part, _LONGEST)})" if part else name


def alarm_part(view: SloView) -> str:
    """The member or part that fires in the place of the whole; empty where it fires by itself."""
    return cut_words(", ".join(_inner(view)), _LONGEST)


def _parts(view: SloView) -> Iterator[str]:
    yield from _labels(view)
    yield from _inner(view)


def _inner(view: SloView) -> Iterator[str]:
    """The part that fires, then the part of that one: a composite may hold a group."""
    while view.fires_for is not None:
        view = view.fires_for
        yield from _labels(view) if view.slo.member else (view.name,)


def _labels(view: SloView) -> Iterator[str]:
    return (f"{label} {value}" if value else f"no {label}" for label, value in view.slo.member)
