"""What corrections take off the counts, kept when the counts are written anew.

The invariant, here and nowhere else: a bin of the finest level is excluded whole or not at all,
so its excluded counts are its counts. A better observation or a new derivation changes the
counts, never whether they are excluded; coarser levels sum what their children exclude. A bin
that has no row excludes nothing: who corrects a span marks what comes into it later, and marks
anew what is derived again from points older than the minutes that retention kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from collectors.store.levels import within
from collectors.store.tables import TALLIES
from slo.facts import Integers


def excluded_bins(connection: Connection, bin_s: int, bounds: Mapping[str, int]) -> Integers:
    """The excluded bins of one series in `since` to `until`, asked before they are replaced."""
    table = TALLIES[bin_s]
    marked = (table.c.excluded_s > 0) | (table.c.excluded_total > 0)
    found = connection.execute(select(table.c.at).where(*within(table), marked), bounds)
    return np.fromiter(found.scalars(), np.int64)


def still_excluded(
    columns: Mapping[str, NDArray[Any]], excluded: Integers
) -> dict[str, NDArray[Any]]:
    """The rows to write, those of excluded bins excluded as before."""
    kept = np.isin(columns["at"], excluded)
    if not kept.any():
        return dict(columns)
    return {
        **columns,
        "excluded_good": columns["good"] * kept,
        "excluded_total": columns["total"] * kept,
        "excluded_s": columns["observed_s"] * kept,
    }
