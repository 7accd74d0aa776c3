"""The short phrases beside a figure: each from what was gathered and the side of the span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dashboard.views.delivery.gathering import Gathered
from dashboard.views.shown import shown
from dashboard.views.words import decimal_words, duration_words, length_words
from slo.delivery.episodes import user_minutes
from slo.delivery.figures import at_most_s, felt, lead_times, pipeline_times, within
from slo.delivery.frequency import frequency, trains
from slo.evidence.comparison import Side
from slo.facts import EventKind
from slo.lengths import down_minutes

NO_UPPER_END = "too few for an upper end"
_MOST, _NAMED, _LONGEST_NAME = 0.9, 4, 24


def told_trains(found: Gathered, _now: Side) -> str:
    """How many versions several services took at nearly one time."""
    count = len(trains(found.deployed(found.span), found.rules))
    return f"{count} release train{'s' if count > 1 else ''}" if count else ""


def told_days(found: Gathered, _now: Side) -> str:
    """On how many days something was deployed."""
    often = frequency(found.deployed(found.span), found.span, found.zone)
    return f"deployed on {often.days_with} of {often.days} days" if often.days else ""


def told_weeks(found: Gathered, _now: Side) -> str:
    """On how many days of the median week; of a single week, or below one a day, nothing."""
    often = frequency(found.deployed(found.span), found.span, found.zone)
    median = often.median_days_a_week
    if median is None or median < 1 or len(often.weeks) < 2:  # noqa: PLR2004 - one has no median
        return ""
    return f"on {median:g} day{'' if median == 1 else 's'} of the median week"


def median(_found: Gathered, now: Side) -> str:
    """That the value is a median."""
    return "median" if now.n else ""


def still_open(_found: Gathered, now: Side) -> str:
    """How many have not ended."""
    return f"{now.still_open:,} still open" if now.still_open else ""


def few(_found: Gathered, now: Side) -> str:
    """That a median of so few has no upper end."""
    has_end = now.interval is not None and now.interval.high is not None
    return NO_UPPER_END if now.n and not has_end else ""


def most_waited(found: Gathered, _now: Side) -> str:
    """In what time nine of ten changes were in production."""
    return _nine(lead_times(found.deployed(found.span)).lasted.ended_s)


def unmatched(found: Gathered, _now: Side) -> str:
    """How many deployments have no time from which their change waited."""
    count = lead_times(found.deployed(found.span)).unmatched
    ready = {"merged_at": "merge", "committed_at": "first commit"}
    said = ready.get(found.rules.lead_from, found.rules.lead_from)
    return f"{count:,} could not be matched to a {said}" if count else ""


def too_new(found: Gathered, _now: Side) -> str:
    """How many deployments are younger than what may be blamed on them."""
    limit_s = found.rules.fail_within_s
    count = sum(found.as_of - one.at < limit_s for one in found.deployed(found.span))
    verb = "is" if count == 1 else "are"
    within_words = length_words(limit_s)
    return f"{count:,} {verb} too new to judge (under {within_words})" if count else ""


def blind(found: Gathered, _now: Side) -> str:
    """That nobody tells of incidents."""
    is_told = found.is_collected(EventKind.INCIDENT)
    return "" if is_told else "no incidents collected: rollbacks and hotfixes alone"


def most_ran(found: Gathered, _now: Side) -> str:
    """In what time nine of ten runs had passed."""
    runs = within(found.runs.kept, found.span)
    return _nine(pipeline_times(runs, as_of=found.as_of).ended_s)


def severities(found: Gathered, _now: Side) -> str:
    """How many incidents of which severity."""
    mine = found.begun(found.span)
    counts = Counter(shown(one.severity, _LONGEST_NAME) for one in mine if one.severity)
    each = [f"{count:,} of severity {name}" for name, count in sorted(counts.items())]
    return ", ".join(each[:_NAMED])


def open_incidents(found: Gathered, _now: Side) -> str:
    """How many incidents of the span have not ended."""
    count = sum(one.ended_at is None for one in found.begun(found.span))
    return f"{count:,} still open" if count else ""


def told_users(found: Gathered, _now: Side) -> str:
    """How many users for how long, by those that say."""
    mine = found.begun(found.span)
    minutes = user_minutes(felt(found.incidents.kept), found.span, as_of=found.as_of)
    said = sum(one.users is not None for one in mine)
    if minutes is None or not said:
        return ""
    return f"{decimal_words(minutes, 0)} user-minutes ({said:,} of {len(mine):,} say)"


def not_noted(found: Gathered, now: Side) -> str:
    """How many incidents have no such time."""
    missing = len(found.begun(found.span)) - now.n
    return f"{missing:,} did not note it" if missing > 0 else ""


def minutes_down(_found: Gathered, now: Side) -> str:
    """Minutes down in thirty days at this uptime."""
    if now.estimate is None:
        return ""
    return f"{down_minutes(1 - now.estimate):,.1f} min down per 30 d"


def forgotten(found: Gathered, _now: Side) -> str:
    """Those that were open when the span began and still are: perhaps nobody closed them."""
    still = found.open_earlier()
    if not still:
        return ""
    more = f" and {len(still) - 1:,} more" if still[1:] else ""
    return f"open all the time: {shown(still[0].key, 60)}{more}"


def _nine(values: Sequence[float]) -> str:
    nine = at_most_s(values, _MOST)
    return "" if nine is None else f"9 in 10 within {duration_words(int(nine))}"
