"""Which spans to ask a stream for next: first what is new, then its history, newest first."""

from __future__ import annotations

from slo.lengths import DAY_S, HOUR_S, QUARTER_S
from slo.spans import Span

_EARLIEST = 946_684_800  # 2000-01-01: nothing before it is believed, nothing is asked for
_AHEAD_S = 300  # clocks differ by that much without anybody being wrong
_BIN_S = 60
_FIRST_S = HOUR_S
_PIECE_S = 3 * DAY_S  # as many minutes as one batch takes


def doubted_from(complete: Span, now: int) -> int | None:
    """From where on a claim is to be doubted; None when it claims nothing of the future.

    What was claimed while the clock was ahead is not known: the last day is doubted, and twice
    as much as lies ahead where that is more.

    >>> doubted_from(Span(0, 1_000_000), 996_400)
    910000
    """
    ahead_s = complete.until - now
    return now - max(DAY_S, 2 * ahead_s) if ahead_s > 0 else None


def everything(now: int, since: int | None) -> Span:
    """The span of a stream that is read whole, up to what a clock ahead of ours may report."""
    return Span(_EARLIEST if since is None else max(since, _EARLIEST), now + _AHEAD_S)


def present(now: int) -> Span:
    """The second of asking: all that a stream of instants can tell of.

    >>> present(1_767_268_800).length_s
    1
    """
    return Span(now, now + 1)


def live(complete: Span | None, now: int, *, reach_s: int, settle_s: int) -> tuple[Span, ...]:
    """From where the stream is complete up to the last settled minute, three days at most apiece.

    A stream never collected begins with its last hour, so that something shows soon.

    >>> live(Span(0, 86_400), 86_500, reach_s=3_600, settle_s=30)
    (Span(since=86400, until=86460),)
    """
    until = (now - settle_s) // _BIN_S * _BIN_S
    first = max(now - min(reach_s, _FIRST_S), _EARLIEST) // QUARTER_S * QUARTER_S
    since = first if complete is None else complete.until
    return tuple(
        Span(begin, min(begin + _PIECE_S, until)) for begin in range(since, until, _PIECE_S)
    )


def backfill(complete: Span, now: int, *, reach_s: int) -> tuple[Span, ...]:
    """From where the stream is complete back to where it shall reach, newest first.

    >>> backfill(Span(1_767_312_000, 1_767_398_400), 1_767_398_400, reach_s=432_000)
    (Span(since=1767052800, until=1767312000), Span(since=1766966400, until=1767052800))
    """
    oldest = max(now - reach_s, _EARLIEST) // QUARTER_S * QUARTER_S
    ends = range(complete.since, oldest, -_PIECE_S)
    return tuple(Span(max(end - _PIECE_S, oldest), end) for end in ends)


def missing_s(complete: Span | None, now: int, *, reach_s: int, settle_s: int) -> int:
    """How many seconds of a stream a run is going to ask for, new and old.

    >>> missing_s(Span(0, 86_400), 86_500, reach_s=3_600, settle_s=30)
    60
    """
    ahead = live(complete, now, reach_s=reach_s, settle_s=settle_s)
    known = complete or (Span(ahead[0].since, ahead[-1].until) if ahead else Span(now, now))
    behind = backfill(known, now, reach_s=reach_s)
    return sum(span.length_s for span in (*ahead, *behind))
