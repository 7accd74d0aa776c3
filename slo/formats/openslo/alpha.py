"""The SLO of `openslo/v1alpha` in the words of v1: its queries stood with the objectives.

Source: OpenSLO v1alpha as slok/sloth reads it (examples/openslo-getting-started.yml).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from slo.formats.documents import Content, Piece
from slo.formats.openslo.words import ALPHA

_UNITS = {"Day": "d", "Week": "w", "Month": "M", "Quarter": "Q", "Year": "Y"}


def modern(piece: Piece) -> Piece:
    """The document as v1 would have it; one of v1 itself as it is. Lines and paths stay."""
    spec = piece.at("spec")
    if piece.said("apiVersion") != ALPHA or spec is None or not isinstance(spec.content, Mapping):
        return piece
    inside = dict(spec.content)
    metrics = _first(inside.get("objectives"), "ratioMetrics")
    if "indicator" not in inside and metrics is not None:
        inside["indicator"] = _with(metrics, spec=_with(metrics, ratioMetric=_ratio(metrics)))
    if (windows := inside.pop("timeWindows", None)) is not None:
        inside["timeWindow"] = replace(windows, content=tuple(map(_window, _elements(windows))))
    if (objectives := inside.get("objectives")) is not None:
        stripped = tuple(_without(one, "ratioMetrics") for one in _elements(objectives))
        inside["objectives"] = replace(objectives, content=stripped)
    return _with(piece, **{**_inside(piece), "spec": replace(spec, content=inside)})


def _ratio(metrics: Piece) -> Piece:
    kept = {key: one for key, one in _inside(metrics).items() if key != "incremental"}
    if (incremental := metrics.at("incremental")) is not None:
        kept["counter"] = incremental
    return replace(
        metrics,
        content={key: one if key == "counter" else _metric(one) for key, one in kept.items()},
    )


def _metric(metric: Piece) -> Piece:
    """A query with its source beside it, as a metric source."""
    inside = _inside(metric)
    spec = _with(metric, **{key: one for key, one in inside.items() if key == "query"})
    kind = {"type": inside["source"]} if "source" in inside else {}
    return _with(metric, metricSource=_with(metric, **kind, spec=spec))


def _window(window: Piece) -> Piece:
    unit = _UNITS.get(window.said("unit") or "", "?")
    length = replace(window, content=f"{window.said('count')}{unit}")
    kept = {key: one for key, one in _inside(window).items() if key not in {"count", "unit"}}
    return _with(window, duration=length, **kept)


def _first(listed: Piece | None, key: str) -> Piece | None:
    elements = () if listed is None else _elements(listed)
    return next((found for one in elements if (found := one.at(key)) is not None), None)


def _elements(piece: Piece) -> tuple[Piece, ...]:
    return piece.content if isinstance(piece.content, tuple) else ()


def _inside(piece: Piece) -> dict[str, Piece]:
    return dict(piece.content) if isinstance(piece.content, Mapping) else {}


def _with(piece: Piece, **content: Piece) -> Piece:
    made: Content = content
    return replace(piece, content=made)


def _without(piece: Piece, key: str) -> Piece:
    kept = {name: one for name, one in _inside(piece).items() if name != key}
    return replace(piece, content=kept)
