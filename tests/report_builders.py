"""A shop to be reported on: every value that is hard, a quiet week, and a store with nothing.

python tests/report_builders.py            writes tests/golden anew; read the diff
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np
from builders import DAY_S, QUARTER_S
from made_once import made_once

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.facts import EventKind, EventRow, Fact, SeriesKey, SeriesKind, TallyRows
from slo.spans import epoch_s

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"


def at(text: str) -> int:
    """The epoch seconds of an ISO 8601 moment."""
    return epoch_s(datetime.fromisoformat(text))


SINCE, UNTIL = at("2026-10-19T00:00+02:00"), at("2026-10-26T00:00+01:00")
"""The week in which the clocks of Berlin go back: 169 hours."""
AS_OF = "2026-10-26T06:00:00Z"
LABEL = "2026-W43"
HOSTILE_SLO = '=HYPERLINK(\\"http://evil.example\\") <script>alert(1)</script>'
HOSTILE_SERVICE = "\uff1dZahlung & „Ω“ | [x](http://evil.example) <img src=x onerror=alert(1)>"
HOSTILE_TITLE = "@SUM(1+1)*cmd|'/C calc'!A0 \"><svg/onload=alert(1)>\u202e`x`\n# gone"

_HEAD = """
[[source]]
kind = "files"
name = "shop"
{source}
[[source.file]]
path = "requests.csv"
holds = "requests"

[[report]]
name = "weekly"
timezone = "Europe/Berlin"
"""


def _slo(name: str, route: str, percent: str, window: str = "7d", service: str = "") -> str:
    return (
        f'[[slo]]\nname = "{name}"\nservice = "{service}"\nobjective = {percent}\n'
        f'window = "{window}"\ntotal = \'requests{{route="{route}"}}\'\n'
    )


HARD = (
    _HEAD.format(source="generated = true")
    + _slo("checkout", "/checkout", "99.9", service="checkout")
    + _slo("pay", "/pay", "99", window="month", service="pay")
    + _slo("search", "/search", "99.5", service="search")
    + _slo("idle", "/idle", "99")
    + _slo("huge", "/huge", "99.999")
    + _slo("gone", "/gone", "95")
    + _slo(HOSTILE_SLO, "/hostile", "99", service=HOSTILE_SERVICE)
    + f'[[report]]\nname = "single"\nservice = "{HOSTILE_SERVICE}"\nperiod = "day"\n'
)
QUIET = _HEAD.format(source="") + _slo("checkout", "/checkout", "99.9", service="checkout")
EMPTY = QUIET


def rows(
    route: str,
    bad: dict[str, int] | None = None,
    *,
    total: int = 1_000,
    holes: tuple[tuple[str, str], ...] = (),
) -> TallyRows:
    """Two weeks of quarter hours; `bad` events in those that begin at the moments named."""
    starts = np.arange(SINCE - 7 * DAY_S, UNTIL, QUARTER_S, dtype=np.int64)
    for first, last in holes:
        starts = starts[(starts < at(first)) | (starts >= at(last))]
    counts = np.full(len(starts), float(total))
    lost = np.zeros(len(starts))
    for when, count in (bad or {}).items():
        lost[starts == at(when)] = count
    key = SeriesKey("shop", "requests", SeriesKind.TALLY, (("route", route),), bin_s=QUARTER_S)
    observed = np.full(len(starts), QUARTER_S, dtype=np.int64)
    return TallyRows(key, starts, counts - lost, counts, observed, UNTIL)


def event(kind: EventKind, key: str, when: str, until: str | None = None, **more: str) -> EventRow:
    """Something that happened; `service` and further fields by name."""
    service = more.pop("service", "")
    ended_at = None if until is None else at(until)
    return EventRow(kind, key, at(when), at(when), service, ended_at, dict(more))


def hard_facts() -> list[Fact]:
    """Overspent, low, idle, never measured, partly measured, hostile, and a thousand million."""
    sha = "d5514ce3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7"
    return [
        # 672,000 in seven days to Monday 00:00 CET, so 672 may fail; 800 of 2 quarters do.
        rows("/checkout", {"2026-10-21T10:00+02:00": 500, "2026-10-21T10:15+02:00": 300}),
        rows("/pay", {"2026-10-22T12:00+02:00": 900, "2026-10-22T12:15+02:00": 200}),
        rows("/search", holes=(("2026-10-24T22:00+02:00", "2026-10-25T03:00+01:00"),)),
        rows("/idle", total=0),
        rows("/huge", {"2026-10-25T02:30+01:00": 336_000}, total=1_000_000_000),
        rows("/hostile", {"2026-10-20T08:00+02:00": 5_000}, total=5_000),
        event(
            EventKind.INCIDENT,
            "INC-419",
            "2026-10-21T09:50+02:00",
            "2026-10-21T10:40+02:00",
            service="checkout",
            title="identity provider time-outs",
        ),
        event(
            EventKind.INCIDENT,
            "=INC-1",
            "2026-10-20T07:55+02:00",
            service=HOSTILE_SERVICE,
            title=HOSTILE_TITLE,
        ),
        event(EventKind.DEPLOYMENT, sha, "2026-10-22T11:49+02:00", service="pay", sha=sha),
        event(EventKind.DEPLOYMENT, "before", "2026-10-14T11:49+02:00", service="pay"),
    ]


def quiet_facts() -> list[Fact]:
    """Nothing that anyone must know; one failure in a million."""
    return [
        rows("/checkout", {"2026-10-21T10:00+02:00": 1}),
        event(EventKind.DEPLOYMENT, "v1", "2026-10-22T11:49+02:00", service="checkout"),
    ]


CASES = {
    "hard": (HARD, hard_facts),
    "quiet": (QUIET, quiet_facts),
    "empty": (EMPTY, list[Fact]),
}


def shop(folder: Path, case: str) -> Path:
    """The folder with the case's configuration and store."""
    made_once(folder, ("report", case), lambda empty: _fill(empty, case))
    return folder


def _fill(folder: Path, case: str) -> None:
    text, facts = CASES[case]
    (folder / "config.toml").write_text(text, encoding="utf-8")
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=SINCE) as store:
        for fact in facts():
            store.ingest("shop", Stream("facts"), Batch((fact,)), (), now=UNTIL)


def golden(case: str) -> dict[str, bytes]:
    """The files that a case must give, by their ending."""
    return {path.suffix: path.read_bytes() for path in sorted(GOLDEN.glob(f"report-{case}.*"))}


def _write() -> None:
    from verdict_builders import burnline  # noqa: PLC0415 - its own process, as users have it

    GOLDEN.mkdir(exist_ok=True)
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            folder = shop(Path(name), case)
            ran = burnline("report", "weekly", "--as-of", AS_OF, folder=folder)
            sys.stdout.write(ran.err)
            for path in sorted((folder / "reports").iterdir()):
                (GOLDEN / f"report-{case}{path.suffix}").write_bytes(path.read_bytes())


if __name__ == "__main__":
    _write()
