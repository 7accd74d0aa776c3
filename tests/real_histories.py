"""Real histories of the shared folder: how to read them, and what is independently known of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from file_builders import NOW

from collectors.contract import Named
from collectors.files.table import FileTable
from collectors.run import Lane, Pace, collect_once
from collectors.sources.files import for_import
from collectors.store.store import RunRecord, Store
from slo.indicator import Indicator, Latency, Uptime
from slo.spans import Span

EVER = Span(946_684_800, NOW)
VALID_S = 26 * 3_600
PROBES: dict[str, Any] = {
    "holds": "probes",
    "columns": {"at": "ts_utc", "service": "slug", "latency": "response_ms"},
    "unit": "ms",
    "valid_for": "26h",
}
RELEASES: dict[str, Any] = {
    "holds": "events",
    "kind": "release",
    "columns": {"at": "released_at_utc"},
    "key": ["tag"],
    "service": "boto3",
}
INCIDENTS: dict[str, Any] = {
    "holds": "incidents",
    "columns": {
        "at": "begin_utc",
        "ended_at": "end_utc",
        "service": "service_name",
        "observed_at": "last_seen_utc",
    },
    "key": ["begin_utc", "end_utc", "service_name"],
}
_HERE = Path(__file__).resolve().parents[2] / "shared"
SHARED = Path(os.environ.get("BURNLINE_SHARED", _HERE))
ORACLES = SHARED / "oracles" / "realdata"


def load(
    store: Store, paths: Sequence[Path], how: FileTable, indicators: Sequence[Indicator] = ()
) -> RunRecord:
    """Import the files as the command does, each batch a transaction."""
    wanted = tuple(indicators)
    collector = for_import(Named("files", "-", wanted), how, [str(path) for path in paths])
    lane = Lane("files", collector, wanted)
    return collect_once(lane, store, NOW, Pace(lambda: NOW, lambda: 0.0, lambda _seconds: None))


def truth(name: str) -> Any:
    """One file of the oracles; empty where the shared folder is missing."""
    path = ORACLES / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def uptime(slug: str) -> Uptime:
    """Whether the slug was up."""
    return Uptime(f'probe{{service="{slug}"}}', VALID_S)


def latency(slug: str) -> Latency:
    """Whether the slug answered within 500 ms."""
    return Latency(0.5, samples=f'probe_latency_seconds{{service="{slug}"}}')


def near(expected: float) -> Any:
    """The tolerance of percentiles: half a percent."""
    return pytest.approx(expected, rel=0.005)
