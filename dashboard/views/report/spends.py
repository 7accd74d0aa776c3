"""How much of its budget an SLO spent in a period, in which stretches, and where nobody looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from collectors.store.together import Together, Weighed
from collectors.store.windows import WindowAsk
from dashboard.views.counted.corrected import Columns, under
from dashboard.views.counted.plan import in_force
from dashboard.views.slos.slo_view import SloView
from slo.cliffs import APART_STEPS, FAST
from slo.lengths import DAY_S, HOUR_S, QUARTER_S
from slo.spans import CalendarWindow, Span, Window
from slo.tally import Tally, Treatment, bad_within

LEVELS_S = (QUARTER_S, HOUR_S, DAY_S)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a period, and the window whose budget is spent in it."""

    window: Span
    part: Span


@dataclass(frozen=True, slots=True)
class Rated:
    """A piece with how many bad events are its window's whole budget; 0 where there was none.

    `window` is what was counted in it, `together` the series as their bins sum to that.
    """

    piece: Piece
    allowed: Fraction
    window: Tally | None
    together: Together


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds that burnt fast, and the share of the budget that went in them."""

    span: Span
    share: Fraction


def pieces(window: Window, period: Span) -> tuple[Piece, ...]:
    """The parts of a period by the window whose budget they spend, the latest first.

    A rolling window is the one that ends with the period; a week that spans two months spends
    of two budgets.
    """
    if not isinstance(window, CalendarWindow):
        return (Piece(window.elapsed(period.until), period),)
    found, at = [], period.until
    while at > period.since:
        _, elapsed = in_force(window, at)
        since = max(elapsed.since, period.since)
        found.append(Piece(elapsed, Span(since, at)))
        at = since
    return tuple(found)


def asks(view: SloView, period: Span) -> WindowAsk:
    """What to read to know how much was spent: the period, then window and part of each piece."""
    spans = [(piece.window, piece.part) for piece in pieces(view.slo.window, period)]
    return WindowAsk(view.together, (period, *(span for pair in spans for span in pair)))


def rated(view: SloView, period: Span, read: Sequence[Tally | None]) -> tuple[Rated, ...]:
    """The pieces with what they may spend, from the answer to `asks`."""
    return tuple(
        _rated(view, piece, None if raw is None else raw.under(view.slo.treatment))
        for piece, raw in zip(pieces(view.slo.window, period), read[1::2], strict=True)
    )


def _rated(view: SloView, piece: Piece, window: Tally | None) -> Rated:
    total = Fraction(0 if window is None else window.total)
    together = view.together
    if isinstance(together, Weighed) and window is not None:
        together = together.as_in(window)
    return Rated(piece, view.slo.objective.error_budget * total, window, together)


def spent(
    rates: Sequence[Rated], read: Sequence[Tally | None], treatment: Treatment
) -> Fraction | None:
    """The share of a whole budget that was spent in the period; None where nothing was counted."""
    known = [
        bad_within(tally.under(treatment), rate.window) / rate.allowed
        for rate, tally in zip(rates, read[2::2], strict=True)
        if tally is not None and rate.window is not None and rate.allowed
    ]
    return sum(known, Fraction(0)) if known else None


def level_of(view: SloView) -> int:
    """The finest level that is kept for ever and holds the SLO's bins."""
    return next(level for level in LEVELS_S if level >= view.bin_s or level == LEVELS_S[-1])


def stretches(
    view: SloView, rates: Sequence[Rated], bins: Sequence[Columns], step_s: int
) -> tuple[Stretch, ...]:
    """The stretches in which the budget went more than twice as fast as it lasts, by time.

    `bins` are those of each piece. At most two calm bins lie inside a stretch.
    """
    shares = _shares(rates, bins, view.slo.treatment)
    even = Fraction(FAST * step_s, view.whole.length_s)
    fast = [place for place, (_, share) in enumerate(shares) if share > even]
    return tuple(
        Stretch(
            Span(shares[run[0]][0], shares[run[-1]][0] + step_s),
            sum((share for _, share in shares[run[0] : run[-1] + 1]), Fraction(0)),
        )
        for run in _runs(fast, [at for at, _ in shares], step_s)
    )


def holes(bins: Iterable[Columns], period: Span, step_s: int) -> tuple[Span, ...]:
    """The stretches of the period of which no second was observed, in whole bins."""
    seen = {
        int(at)
        for part in bins
        for at, observed_s in zip(part.at, part.observed_s, strict=True)
        if observed_s
    }
    begin = -(-period.since // step_s) * step_s
    missing = [at for at in range(begin, period.until - step_s + 1, step_s) if at not in seen]
    found: list[Span] = []
    for at in missing:
        joined = bool(found) and found[-1].until == at
        since = found.pop().since if joined else at
        found.append(Span(since, at + step_s))
    return tuple(found)


def _shares(
    rates: Sequence[Rated], bins: Sequence[Columns], treatment: Treatment
) -> list[tuple[int, Fraction]]:
    """For each bin, by time, the share of its window's budget that went in it."""
    found = [
        (int(at), Fraction(float(count)) / rate.allowed)
        for rate, part in zip(rates, bins, strict=True)
        for at, count in zip(part.at, under(part, treatment).bad, strict=True)
        if rate.allowed
    ]
    return sorted(found)


def _runs(places: Iterable[int], at: Sequence[int], step_s: int) -> Iterator[list[int]]:
    """The places of fast bins, those together that lie near each other."""
    run: list[int] = []
    for place in places:
        if run and at[place] - at[run[-1]] > (APART_STEPS + 1) * step_s:
            yield run
            run = []
        run.append(place)
    if run:
        yield run
