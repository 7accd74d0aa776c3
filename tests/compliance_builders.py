"""Hours of equal traffic, and the months and quarters that are judged of them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from builders import QUARTER_S, series

from collectors.store.store import Reader
from dashboard.views.compliance.making import Kept, Record, records
from slo.facts import TallyRows
from slo.objective import Slo
from slo.periods import ReportPeriod
from slo.spans import epoch_s

BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
MONTH, QUARTER = ReportPeriod.MONTH, ReportPeriod.QUARTER


def at(text: str, zone: ZoneInfo = UTC) -> int:
    return epoch_s(datetime.fromisoformat(text).replace(tzinfo=zone))


def hours(since: int, until: int, *, bad: int, total: int = 1_000) -> TallyRows:
    """Whole quarter hours of equal traffic, so many an hour."""
    key = series(bin_s=QUARTER_S)
    begun = np.arange(since, until, QUARTER_S, dtype=np.int64)
    full = np.full(len(begun), total / 4)
    good = full - bad / 4
    observed = np.full(len(begun), QUARTER_S, dtype=np.int64)
    return TallyRows(key, begun, good, full, observed, until)


def recorded(
    url: str, *slos: Slo, by: ReportPeriod = MONTH, as_of: int, zone: ZoneInfo = UTC
) -> tuple[Record, ...]:
    with Reader.open(url) as reader:
        return records(reader, slos, by, zone, as_of)


def months(
    url: str, slo: Slo, *, as_of: int, by: ReportPeriod = MONTH, zone: ZoneInfo = UTC
) -> dict[str, Kept]:
    (record,) = recorded(url, slo, by=by, as_of=as_of, zone=zone)
    return {kept.period.label: kept for kept in record.periods}
