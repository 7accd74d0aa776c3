"""What an SLO promises as a document that the store keeps, so that past months keep their target."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from slo.objective import Slo
from slo.spans import CalendarWindow


def document(slo: Slo) -> dict[str, Any]:
    """Everything that decides a verdict; equal documents promise the same."""
    zone = slo.window.zone.key if isinstance(slo.window, CalendarWindow) else None
    return {
        "service": slo.service,
        "objective": f"{slo.objective.percent:f}",
        "window": {"kind": slo.window.kind, "zone": zone},
        "source": slo.source,
        "indicator": {"kind": type(slo.indicator).__name__.lower(), **asdict(slo.indicator)},
        "policy": [{**asdict(row), "share": str(row.share)} for row in slo.policy or ()],
    }
