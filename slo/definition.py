"""An SLO as plain values that a store can keep, and the SLO that such a document promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from slo.durations import seconds
from slo.indicator import (
    Absent,
    Combine,
    Combined,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Op,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Policy, Severity
from slo.spans import CalendarWindow, Period, RollingWindow, Window
from slo.tally import Treatment

_KINDS: Mapping[str, type[Indicator]] = {
    kind.__name__.lower(): kind
    for kind in (Ratio, Latency, Uptime, Gauge, RawRatio, Sliced, Composite)
}


def document(slo: Slo) -> dict[str, Any]:
    """Everything that decides a verdict; equal documents promise the same.

    What came later than the first stores stands in it only where it is written, so that a
    promise nobody changed keeps its version. Who is told (`notify`) and what is told apart
    (`breakdown`) decide no verdict.
    """
    later = {
        "further": [_window_document(window) for window in slo.further],
        "group_by": list(slo.group_by),
        "corrections": slo.corrections and slo.corrections.value,
        "min_bad_events": slo.min_bad_events,
        "budget_policy": slo.budget_policy,
    }
    return {
        "service": slo.service,
        "objective": f"{slo.objective.percent:f}",
        "window": _window_document(slo.window),
        "source": slo.source,
        "indicator": _indicator_document(slo.indicator),
        "policy": [_row_document(row) for row in slo.policy or ()],
        **{key: value for key, value in later.items() if value},
    }


def promised(slo: Slo, written: Mapping[str, Any]) -> Slo:
    """What the document promises, under the name of the SLO and with what decides no verdict.

    >>> from slo.spans import RollingWindow
    >>> month = RollingWindow(30 * 86_400)
    >>> old = Slo("a", "", Objective.from_percent(99), month, "p", Uptime("probe"))
    >>> new = Slo("a", "", Objective.from_percent("99.9"), month, "p", Uptime("probe"))
    >>> promised(new, document(old)) == old
    True

    Raises:
        ValueError: it is of a kind, or in a shape, that is not known here.
    """
    corrections = written.get("corrections")
    try:
        return replace(
            slo,
            service=written["service"],
            objective=Objective.from_percent(written["objective"]),
            window=_window(written["window"]),
            source=written["source"],
            indicator=_indicator(written["indicator"]),
            policy=_policy(written["policy"]),
            further=tuple(_window(window) for window in written.get("further", ())),
            group_by=tuple(written.get("group_by", ())),
            corrections=corrections and Treatment(corrections),
            min_bad_events=written.get("min_bad_events", 0),
            budget_policy=written.get("budget_policy", ""),
            effective=None,
            composed=_members(slo, written["indicator"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"it has no or an unknown {error}") from error


def _members(slo: Slo, written: Mapping[str, Any]) -> tuple[Slo, ...]:
    """The members that a composite had, of those that are still defined."""
    names = written.get("members", ())
    return tuple(one for one in slo.composed if one.name in names)


def _window_document(window: Window) -> dict[str, Any]:
    zone = window.zone.key if isinstance(window, CalendarWindow) else None
    return {"kind": window.kind, "zone": zone}


def _window(written: Mapping[str, Any]) -> Window:
    if written["zone"] is None:
        return RollingWindow(seconds(written["kind"]))
    return CalendarWindow(Period(written["kind"]), ZoneInfo(written["zone"]))


def _row_document(row: BurnRow) -> dict[str, Any]:
    values = {**asdict(row), "share": str(row.share)}
    if not row.min_bad_events:
        del values["min_bad_events"]
    return values


def _policy(rows: Sequence[Mapping[str, Any]]) -> Policy | None:
    read = {"severity": Severity, "share": Fraction}
    return tuple(BurnRow(**_read(row, read)) for row in rows) or None


def _indicator_document(indicator: Indicator) -> dict[str, Any]:
    values = {one.name: _plain(getattr(indicator, one.name)) for one in fields(indicator)}
    return {"kind": type(indicator).__name__.lower(), **values}


def _plain(value: Any) -> Any:
    """The value as text, number, list or table."""
    match value:
        case StrEnum():
            return value.value
        case Fraction():
            return str(value)
        case tuple():
            return [_plain(one) for one in value]
        case Ratio() | Latency() | Uptime() | Gauge() | RawRatio():
            return _indicator_document(value)
        case _:
            return value


def _indicator(written: Mapping[str, Any]) -> Indicator:
    values = dict(written)
    kind = values.pop("kind")
    if kind not in _KINDS:
        raise ValueError(f"it measures a {kind!r}, which is not known here")
    return _KINDS[kind](**_read(values, _PARTS))


def _share(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _shares(texts: Sequence[str]) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, texts))


_PARTS: Mapping[str, Callable[[Any], object]] = {
    "absent": Absent,
    "combine": Combine,
    "op": Op,
    "of": _indicator,
    "target": _share,
    "method": Combined,
    "members": tuple,
    "weights": _shares,
}
"""How the parts are read that are more than text and number."""


def _read(values: Mapping[str, Any], how: Mapping[str, Callable[[Any], object]]) -> dict[str, Any]:
    return {key: how[key](value) if key in how else value for key, value in values.items()}
