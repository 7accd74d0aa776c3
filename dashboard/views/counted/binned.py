"""The bins of an SLO as it has them: under corrections as it treats them."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from collectors.store.columns import TallyColumns
from collectors.store.together import Together
from dashboard.views.counted.corrected import under
from slo.bins import Bins
from slo.spans import Span
from slo.tally import Treatment

_LESSER = ("partial_s", "estimated_s", "conflict_s")


class Rows(Protocol):
    """The part of the store's reader that knows single bins."""

    def tally_rows(self, together: Together, level_s: int, span: Span) -> TallyColumns:
        """The bins of one level in a span."""


def bins_of(
    reader: Rows,
    together: Together,
    treatment: Treatment | None,
    width_s: int,
    span: Span,
    *,
    is_seen_whole: bool = False,
) -> Bins:
    """The bins of the span; without a treatment as they were measured, whatever was corrected.

    Seen whole it is where time under a correction is no hole: in a picture, and where it is asked
    how much was measured, which no correction changes.
    """
    found = reader.tally_rows(together, width_s, span)
    counts = found if treatment is None else under(found, treatment)
    columns = {name: np.asarray(getattr(found, name), np.float64) for name in _LESSER}
    columns |= {"good": counts.good, "total": counts.total}
    observed_s = found.observed_s if is_seen_whole else counts.observed_s
    columns["observed_s"] = observed_s.astype(np.float64)
    return Bins.placed(span.since, span.until, width_s, found.at, columns)
