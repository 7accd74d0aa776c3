"""Time that incidents took: overlapping ones once, cut at the period, planned work both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from slo.delivery.facts import Incident
from slo.spans import Span, united


def without(spans: Sequence[Span], taken: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of disjoint ascending spans once other disjoint ascending ones are taken out.

    >>> without([Span(0, 10), Span(20, 30)], [Span(5, 22), Span(24, 25)])
    (Span(since=0, until=5), Span(since=22, until=24), Span(since=25, until=30))
    """
    left: list[Span] = []
    place = 0
    for one in spans:
        since = one.since
        while place < len(taken) and taken[place].until <= since:
            place += 1
        ahead = place
        while ahead < len(taken) and taken[ahead].since < one.until:
            if since < taken[ahead].since:
                left.append(Span(since, taken[ahead].since))
            since = max(since, taken[ahead].until)
            ahead += 1
        if since < one.until:
            left.append(Span(since, one.until))
    return tuple(left)


def impact(
    incidents: Iterable[Incident],
    period: Span,
    *,
    as_of: int,
    planned: bool,
    unobserved: Iterable[Span] = (),
) -> tuple[Span, ...]:
    """The stretches of the period that felt incidents took, disjoint and ascending.

    An incident that is still open lasts until `as_of`; time belongs to every period it overlaps.
    `planned` counts planned work that users felt like any other; without it that work is left
    out, as is what is `unobserved`: then neither is time down.

    Source: the worked case of January 2026 in this package's tests.
    """
    observed = period.clipped_to(Span(period.since, max(period.since, as_of)))
    felt = [one for one in incidents if one.is_felt and one.at < as_of]
    meant = [one for one in felt if planned or not one.is_planned]
    whole = united(_lasted(one, as_of) for one in meant)
    left_out = _left_out(felt, unobserved, as_of, planned=planned)
    return without(_cut(whole, observed), left_out)


def user_minutes(incidents: Iterable[Incident], period: Span, *, as_of: int) -> Fraction | None:
    """Users affected times minutes in the period, over incidents that say how many; None for none.

    Users of incidents that overlap are counted by each.
    """
    told = [one for one in incidents if one.users is not None and one.at < as_of]
    if not told:
        return None
    lasted = ((one, _lasted(one, as_of).clipped_to(period).length_s) for one in told)
    return sum((Fraction((one.users or 0) * length_s, 60) for one, length_s in lasted), Fraction(0))


def _lasted(incident: Incident, as_of: int) -> Span:
    """From the beginning of its impact to its end, or to the look."""
    ended_at = as_of if incident.ended_at is None else min(incident.ended_at, as_of)
    return Span(incident.at, max(incident.at, ended_at))


def _left_out(
    felt: Iterable[Incident], unobserved: Iterable[Span], as_of: int, *, planned: bool
) -> tuple[Span, ...]:
    work = () if planned else (_lasted(one, as_of) for one in felt if one.is_planned)
    return united([*work, *unobserved])


def _cut(spans: Iterable[Span], period: Span) -> tuple[Span, ...]:
    """The parts inside the period, empty ones left out."""
    cut = (one.clipped_to(period) for one in spans)
    return tuple(one for one in cut if one.length_s)
