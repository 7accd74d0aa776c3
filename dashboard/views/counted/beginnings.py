"""Since when an SLO burns too fast, and since when that fires: as its alert has it, else replayed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from collectors.store.together import Weighed
from dashboard.views.counted.binned import Rows, bins_of
from dashboard.views.slos.slo_view import SloView
from slo.alerting import Alert, AlertKind
from slo.bins import Bins
from slo.burn import policy_windows
from slo.lengths import DAY_S, QUARTER_S, WEEK_S
from slo.onset import Since, burns_since
from slo.policy import Policy, Severity
from slo.replay import Replay, replay
from slo.replay_weighed import Weighted, replay_weighed
from slo.spans import Span

_WALK_S = {True: DAY_S, False: WEEK_S}


def burnt_since(view: SloView, reader: Rows) -> tuple[Bins, Since | None]:
    """The bins since the budget burns as fast as the gravest row asks, and since when it does.

    Where windows of days are searched by the quarter hour, the beginning is then looked for in
    the bins of the series around it, as far as they are kept.
    """
    objective, factor = view.slo.objective, view.firing[0].factor
    bins = _bins(view, reader)
    found = burns_since(bins, objective, factor)
    if found is None or bins.bin_s == view.bin_s or view.data_until is None:
        return bins, found
    since = max(found.at - bins.bin_s, bins.since)
    fine = _read(view, reader, view.bin_s, Span(since, view.data_until))
    if not fine.measured[: 2 * bins.bin_s // view.bin_s].any():
        return bins, found
    return fine, burns_since(fine, objective, factor)


def fires_since(view: SloView, reader: Rows, live: Iterable[Alert] = ()) -> Since | None:
    """Since when rows of the gravest severity of an objective that fires have fired.

    As the alert that is live says; of a moment of the past, of which no alert is, the policy is
    replayed before it, days of it by the quarter hour and then the one in which it began by its
    bins. Open when it fired already at the earliest moment that was replayed.
    """
    severity = view.firing[0].severity
    kind = AlertKind(severity.value)
    for alert in live:
        if (alert.subject, alert.kind) == (view.name, kind):
            return Since(alert.since, is_open=alert.is_open)
    rows, bins = _rows(view), _bins(view, reader)
    found = _replayed(view, reader, bins)
    judged = found.within(Span(bins.since + max(policy_windows(rows)), bins.until))
    quiet = np.flatnonzero(~judged.asks(severity))
    first = int(quiet[-1]) + 1 if len(quiet) else 0
    if first == len(judged):
        # A quarter hour that has only begun is not among its bins: what fires, fires since now.
        return None if view.data_until is None else Since(view.data_until)
    since = Since(judged.moment(first), is_open=not len(quiet))
    return since if since.is_open else Since(_to_the_bin(view, reader, bins, since.at))


def _to_the_bin(view: SloView, reader: Rows, bins: Bins, at: int) -> int:
    """The moment by the bins of the series since when what fires at one of `bins` did within it.

    The moment itself where those are no finer, or are not kept as far back as its windows reach.
    """
    if bins.bin_s == view.bin_s:
        return at
    since = at - bins.bin_s - max(policy_windows(_rows(view)))
    fine = _read(view, reader, view.bin_s, Span(since - since % view.bin_s, at))
    judged = _replayed(view, reader, fine).within(Span(at - bins.bin_s, at))
    fires = judged.asks(view.firing[0].severity)
    if not len(fires) or not fires[-1]:
        return at
    quiet = np.flatnonzero(~fires)
    return judged.moment(int(quiet[-1]) + 1 if len(quiet) else 0)


def _replayed(view: SloView, reader: Rows, bins: Bins) -> Replay:
    """The rows at each of the bins; of a weighted burn by what each member burnt then."""
    rows, objective, window_s = _rows(view), view.slo.objective, view.whole.length_s
    if not isinstance(view.together, Weighed):
        return replay(bins, rows, objective, window_s, view.members)
    span = Span(bins.since, bins.until)
    members = [
        Weighted(
            bins_of(reader, one.part, view.slo.treatment, bins.bin_s, span), one.share, one.expected
        )
        for one in view.together.leaves
    ]
    return replay_weighed(members, rows, objective, window_s)


def _rows(view: SloView) -> Policy:
    """The rows that can have asked for what the gravest asks for: every row, for a ticket."""
    if view.firing[0].severity is Severity.TICKET:
        return view.policy
    return tuple(row for row in view.policy if row.severity is Severity.PAGE)


def _bins(view: SloView, reader: Rows) -> Bins:
    """The bins of the longest window and of a walk before it; of days of it by the quarter hour."""
    rows = _rows(view)
    longest_s = max(policy_windows(rows))
    is_fine = longest_s <= DAY_S or any(one.row.short_s % QUARTER_S for one in view.firing)
    width_s = view.bin_s if is_fine else QUARTER_S
    assert view.data_until is not None, "what fires has data"
    until = view.data_until - view.data_until % width_s
    since = until - longest_s - _WALK_S[is_fine]
    return _read(view, reader, width_s, Span(since - since % width_s, until))


def _read(view: SloView, reader: Rows, width_s: int, span: Span) -> Bins:
    return bins_of(reader, view.together_in_bins, view.slo.treatment, width_s, span)
