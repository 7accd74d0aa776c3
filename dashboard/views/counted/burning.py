"""What burns at one objective: since when, how it went by the minute, what happened before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from dashboard.views.counted import binned
from dashboard.views.counted.beginnings import burnt_since, fires_since
from dashboard.views.happened.happenings import Happened
from dashboard.views.slos.slo_view import Burn, SloView
from slo.alerting import Alert, AlertKind
from slo.bins import Bins
from slo.budget import exhausts_in_s
from slo.burn import Firing, alerting_burn, policy_windows
from slo.facts import EventKind, EventRow
from slo.lengths import DAY_S, HOUR_S
from slo.onset import Since
from slo.spans import Span

SHOWN_S = 3 * HOUR_S
_BEFORE_S = DAY_S
# Shares of fewer events jump between all and nothing; wider bins leave no line to be drawn.
_EVENTS, _WIDTHS_S = 20, (300, 600, 1_200)
_EASING = Fraction(1, 2)


class Rows(Happened, binned.Rows, Protocol):
    """The part of the store's reader that knows single bins and what happened."""


@dataclass(frozen=True, slots=True)
class BadShares:
    """The share of bad events in each bin of a stretch: None where there were none to be bad.

    `holes` are the stretches of it that were not measured.
    """

    span: Span
    bin_s: int
    shares: tuple[float | None, ...]
    holes: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Burning:
    """One objective that fires, its short and long burn, and what is known of the beginning.

    `share` of the events since the onset were bad, or over the long window where there is no
    onset any more. `gone_in_s` is when the budget ends at the short burn, None where it does
    not. `deploys` are those of the stretch drawn, `suspect` the last of the service's own
    before the onset.

    `judged_at` is when its alert was first judged, where that was well after it began to fire.
    `view` is what alarms, with its own figures throughout; `whole` is the SLO it is a member or a
    part of, else the same.
    """

    view: SloView
    whole: SloView
    onset: Since | None
    fires: Since | None
    share: Fraction | None
    share_s: int
    short: Burn
    long: Burn
    gone_in_s: int | None
    course: BadShares
    deploys: tuple[EventRow, ...] = ()
    suspect: EventRow | None = None
    judged_at: int | None = None

    @property
    def worst(self) -> Firing:
        """The row that fires for the gravest reason."""
        return self.view.firing[0]

    @property
    def is_over(self) -> bool:
        """Whether the last minutes are within what the budget allows."""
        return self.short.rate is not None and self.short.rate <= 1

    @property
    def is_easing(self) -> bool:
        """Whether it burns at less than half the speed of the longer window, and still too fast."""
        if self.short.rate is None or self.long.rate is None or self.is_over:
            return False
        return self.short.rate < self.long.rate * _EASING

    def is_hot(self, burn: Burn) -> bool:
        """Whether a burn is over the factor of the worst row, as the policy compares it: diluted."""
        view = self.view
        held = [n for n in policy_windows(view.policy) if n <= burn.span.length_s]
        length_s = max(held, default=burn.span.length_s)
        compared = alerting_burn(view.slo.objective, burn.tally, length_s, view.members)
        return compared is not None and compared > self.worst.factor


def burning(view: SloView, reader: Rows, live: Iterable[Alert] = ()) -> Burning:
    """What is known of an objective that fires, and of the alerts that are live.

    Raises:
        ValueError: it does not.
    """
    whole, view = view, view.alarming
    if not view.firing or view.data_until is None:
        raise ValueError(f"{view.name} does not fire")
    kind = AlertKind(view.firing[0].severity.value)
    known = [one for one in live if (one.subject, one.kind) == (view.name, kind)]
    bins, onset = burnt_since(view, reader)
    short, long = _burns(view)
    share, share_s = _share(bins, onset, long)
    drawn = Span(view.data_until - SHOWN_S, view.data_until)
    deploys = _deploys(reader, drawn if onset is None else _reach(onset, drawn))
    return Burning(
        view=view,
        whole=whole,
        onset=onset,
        fires=fires_since(view, reader, known),
        share=share,
        share_s=share_s,
        short=short,
        long=long,
        gone_in_s=_gone_in_s(view, short),
        course=_course(_readable(_drawn(view, reader, drawn))),
        deploys=tuple(one for one in deploys if drawn.since <= one.at < drawn.until),
        suspect=_suspect(view, deploys, view.data_until if onset is None else onset.at),
        judged_at=next((one.judged_late_at for one in known), None),
    )


def _drawn(view: SloView, reader: Rows, span: Span) -> Bins:
    """Its bins for a picture."""
    together, treatment = view.together_in_bins, view.slo.treatment
    return binned.bins_of(reader, together, treatment, view.bin_s, span, is_seen_whole=True)


def _burns(view: SloView) -> tuple[Burn, Burn]:
    """The shortest length that is measured, and the hour or what is next to it."""
    long = next((burn for burn in view.burns if burn.label == "1h"), view.burns[-1])
    return view.burns[0], long


def _share(bins: Bins, onset: Since | None, long: Burn) -> tuple[Fraction | None, int]:
    """Which share was bad since the onset, and how long that is."""
    if onset is None:
        sli = None if long.tally is None else long.tally.sli
        return (None if sli is None else 1 - sli), long.span.length_s
    first = (onset.at - bins.since) // bins.bin_s
    total = float(bins.total[first:].sum())
    bad = float(bins.bad[first:].sum())
    return (Fraction(bad) / Fraction(total) if total else None), bins.until - onset.at


def _gone_in_s(view: SloView, short: Burn) -> int | None:
    """Seconds until the budget is spent at the speed of the last minutes."""
    left = view.budget_remaining
    if left is None or left <= 0 or short.rate is None or short.rate <= 1:
        return None
    seconds = exhausts_in_s(left, short.rate, view.whole.length_s)
    ends_s = view.whole.until - view.span.until
    if seconds is None or (view.first.is_calendar and seconds > ends_s):
        return None
    return int(seconds)


def _readable(bins: Bins) -> Bins:
    """The finest bins that hold enough events for a share of them to say something."""
    wide = bins
    for width_s in _WIDTHS_S:
        happened = wide.total[wide.total > 0]
        if not len(happened) or float(np.median(happened)) >= _EVENTS:
            return wide
        if width_s > bins.bin_s and width_s % bins.bin_s == 0:
            wide = bins.widened(width_s // bins.bin_s)
    return wide


def _course(bins: Bins) -> BadShares:
    measured, total, bad = bins.measured, bins.total, bins.bad
    shares = tuple(
        float(bad[i] / total[i]) if measured[i] and total[i] else None for i in range(len(total))
    )
    holes = [
        Span(bins.since + i * bins.bin_s, bins.since + (i + 1) * bins.bin_s)
        for i in range(len(total))
        if not measured[i]
    ]
    return BadShares(Span(bins.since, bins.until), bins.bin_s, shares, joined(holes))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch made one."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].until == span.since:
            found[-1] = Span(found[-1].since, span.until)
        else:
            found.append(span)
    return tuple(found)


def _reach(onset: Since, drawn: Span) -> Span:
    return Span(min(onset.at - _BEFORE_S, drawn.since), drawn.until)


def _deploys(reader: Rows, span: Span) -> tuple[EventRow, ...]:
    """Deployments and releases of the span, the service's own and the others'."""
    kinds = (EventKind.DEPLOYMENT, EventKind.RELEASE)
    found = [one for kind in kinds for one in reader.events(kind=kind, span=span)]
    inside = (one for one in found if span.since <= one.at)
    return tuple(sorted(inside, key=lambda one: (one.at, one.key)))


def _suspect(view: SloView, deploys: Sequence[EventRow], onset: int) -> EventRow | None:
    """The last one of the service, or of none by name, in the day before the onset."""
    own = [
        one
        for one in deploys
        if one.service in ("", view.service) and onset - _BEFORE_S <= one.at <= onset
    ]
    return own[-1] if own else None
