"""What burns, in the words of someone who was woken: the share, since when, when it ends."""

from __future__ import annotations

from fractions import Fraction

from dashboard.views.counted.burning import Burning
from dashboard.views.happened.happenings import author_of
from dashboard.views.shares import bad_share_words
from dashboard.views.slos.naming import alarm_name
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    budget_words,
    burn_words,
    clock_words,
    duration_words,
    length_words,
    near_words,
    span_words,
)
from slo import promise
from slo.facts import EventRow
from slo.indicator import Gauge, Indicator, Latency, Sliced
from slo.judgement import Now
from slo.lengths import HOUR_S, MINUTE_S
from slo.objective import counted_word, duration_text
from slo.onset import Since
from slo.policy import Severity
from slo.promise import slice_word, slice_words
from slo.spans import RollingWindow, length_label


def sentence(found: Burning) -> str:
    """The verdict in a line: what share fails, for how long, what is allowed, when it ends."""
    return f"{alarm_name(found.whole)}: {_failing(found)}. {budget_end(found)}".strip()


def _failing(found: Burning) -> str:
    view = found.view
    of = " of the time" if _is_all_the_time(found) else ""
    allowed = f"{_bound(view.slo.indicator)}allowed {allowed_words(view)}{of}"
    return f"{_bad(found)} {_while(found)} ({allowed})"


def _bad(found: Burning) -> str:
    """How much is bad, or was where data ended since."""
    view, indicator = found.view, found.view.slo.indicator
    share = counted_share(view, found.share)
    was, were = ("was ", "were ") if _is_frozen(view) else ("", "")
    match indicator:
        case Latency():
            return f"{share} {were}slow"
        case Sliced(slice_s=slice_s, target=Fraction()):
            is_every = found.share == 1
            return f"every {slice_word(slice_s)} {was}bad" if is_every else f"{share} {were}bad"
        case _ if view.slo.is_time_like:
            bad = f"{was}{promise.bad_word(indicator)}"
            return bad if _is_all_the_time(found) else f"{bad} {share}"
        case _:
            return f"{share} failed" if found.onset is None else f"{share} {were}failing"


def _is_all_the_time(found: Burning) -> bool:
    """Whether no moment was good, so that no share of the time need be told; slices are counted."""
    slo = found.view.slo
    is_counted = isinstance(slo.indicator, Sliced) and slo.indicator.target is not None
    return found.share == 1 and slo.is_time_like and not is_counted


def _while(found: Burning) -> str:
    """For how long, where it goes on; over which length; at which moment, where data ended since."""
    lasting, onset, view = lasting_words(found.share_s), found.onset, found.view
    more = "more than " if onset is not None and onset.is_open else ""
    about = f"over {lasting}" if onset is None else f"for {more}{lasting}"
    if not _is_frozen(view) or view.data_until is None:
        return about
    return f"{about} at {near_words(view.data_until, view.as_of)}"


def _bound(indicator: Indicator) -> str:
    """What an event or a second is judged by, where that is not plain from what is bad of it."""
    match indicator:
        case Latency(threshold_s=threshold_s):
            return f"over {duration_text(threshold_s)}; "
        case Gauge():
            return f"{promise.bound_words(indicator)}; "
        case Sliced(slice_s=slice_s, target=None):
            return f"on average over {slice_words(slice_s)}; "
        case _:
            return ""


def counted_share(view: SloView, share: Fraction | None) -> str:
    """A bad share and what it is a share of: requests, values, slices or the time."""
    match view.slo.indicator:
        case Sliced(slice_s=slice_s, target=Fraction()):
            counted = slice_words(slice_s)
        case indicator:
            counted = f"{'the ' if view.slo.is_time_like else ''}{counted_word(indicator)}"
    return f"{bad_share_words(share)} of {counted}"


def allowed_words(view: SloView) -> str:
    """The share that the objective allows, exactly."""
    return f"{(100 - view.objective_percent).normalize():f} %"


def lasting_words(seconds: int) -> str:
    """A length as it is spoken: minutes alone under an hour.

    >>> lasting_words(1_320), lasting_words(15_900)
    ('22 min', '4 h 25 m')
    """
    return f"{seconds // MINUTE_S} min" if seconds < HOUR_S else duration_words(seconds)


def budget_end(found: Burning) -> str:
    """When the budget is gone at this rate; that it is, where it is; nothing while no end is near."""
    left = found.view.budget_remaining
    is_past = _is_frozen(found.view)
    if left is not None and left <= 0:
        return f"The budget {'was' if is_past else 'is'} spent."
    if found.gone_in_s is None:
        return ""
    if is_past:
        return f"At that rate the budget had {lasting_words(found.gone_in_s)} left."
    return f"Budget gone in {lasting_words(found.gone_in_s)} at this rate."


def still_word(found: Burning) -> str:
    """Whether it goes on, by the last minutes against the hour; as it stood when data ended."""
    if _is_frozen(found.view) and found.view.data_until is not None:
        return f"No data since {near_words(found.view.data_until, found.view.as_of)}, as it stood then:"
    if found.short.rate is None:
        return "Not measured in the last minutes."
    if found.is_over:
        return "Recovering."
    return "Easing." if found.is_easing else "Still burning."


def left_sentence(view: SloView) -> str:
    """How much of which budget is left."""
    window = view.slo.window
    kind = f"{window.kind[:-1]}-day" if window.kind.endswith("d") else window.kind
    budget = f"the {kind} budget" if isinstance(window, RollingWindow) else f"this {kind}'s budget"
    return f"{budget_words(view.budget_remaining)} of {budget} left."


def since_words(since: Since | None, as_of: int) -> str:
    """Since when; that it may be longer, where what came before is not known."""
    if since is None:
        return ""
    word = "since before" if since.is_open else "since"
    return f"{word} {near_words(since.at, as_of)}"


def firing_words(found: Burning) -> str:
    """Since when it fires, and when that was first judged; what it was where its data ended."""
    since = since_words(found.fires, found.view.as_of)
    if found.judged_at is not None:
        since += f", first judged {near_words(found.judged_at, found.view.as_of)}"
    if not _is_frozen(found.view):
        return since
    was = "paging" if found.worst.severity is Severity.PAGE else "a ticket"
    return f"was {was} {since}"


def _is_frozen(view: SloView) -> bool:
    return view.judgement.now is Now.FROZEN


def over_words(found: Burning) -> str:
    """A firing row in small: the share over its long window, what is allowed, since when."""
    worst, view = found.worst, found.view
    label = length_label(worst.row.long_s)
    rate = view.burn_rate(label)
    share = (worst.long_burn if rate is None else rate) * view.slo.objective.error_budget
    over = length_words(worst.row.long_s)
    bad = f"{counted_share(view, share)} {bad_word(view)} over {over}"
    return f"{bad} (allowed {allowed_words(view)}), {firing_words(found)}"


def rates_words(found: Burning) -> str:
    """Both burns of the row that fires."""
    worst = found.worst
    short, long = worst.row.short_s, worst.row.long_s
    return (
        f"last {length_words(short)} {burn_words(worst.short_burn)}, "
        f"last {length_words(long)} {burn_words(worst.long_burn)}"
    )


def before_words(found: Burning, deploy: EventRow) -> str:
    """How long before the onset it was; what is known of it besides."""
    if found.onset is None:
        return ""
    ago_s = found.onset.at - deploy.at
    return "at the onset" if ago_s < 60 else f"{lasting_words(ago_s)} before"  # noqa: PLR2004 - a minute


def by_words(deploy: EventRow, as_of: int) -> str:
    """Who deployed, and when."""
    author = author_of(deploy)
    by = f"by {author}, " if author else ""
    return f"{by}{near_words(deploy.at, as_of)}"


def deploy_mark(deploy: EventRow, version: str, own: str) -> str:
    """The label of a deployment in the chart; another service is named."""
    other = f"{deploy.service} " if deploy.service not in ("", own) else ""
    return f"deploy {other}{version}, {clock_words(deploy.at).removesuffix(' UTC')}"


def course_words(found: Burning) -> str:
    """The chart in words: what is drawn over which time, before the onset and since."""
    course = found.course
    highest = max((share for share in course.shares if share is not None), default=None)
    said = f"{alarm_name(found.whole)}: {caption(found)}, {span_words(course.span)}"
    if highest is None:
        return f"{said}; not measured"
    since = "" if found.onset is None else f", burning since {clock_words(found.onset.at)}"
    count = len(course.holes)
    holes = f", {count:,} gap{'s' * (count > 1)} not measured" if count else ""
    return f"{said}; at most {bad_share_words(Fraction(highest))}{since}{holes}"


def caption(found: Burning) -> str:
    """What the chart draws."""
    width = "minute" if found.course.bin_s == 60 else length_words(found.course.bin_s)  # noqa: PLR2004 - a minute
    return f"{bad_word(found.view).capitalize()} by the {width}, UTC"


def bad_word(view: SloView) -> str:
    """What bad events are called."""
    word = promise.bad_word(view.slo.indicator)
    return "failing" if word == "failed" else word
