"""How a report is worded: no jargon, nothing surer than it is, a quiet week in five lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING
from fractions import Fraction
from itertools import groupby

from dashboard.views.attribution.falls import CauseKind
from dashboard.views.report.model import Happening, Report, SloLine, Spend
from dashboard.views.report.told import Change, Told
from dashboard.views.report.when import day, days, instant, stretch
from dashboard.views.slos.overview import generated_words, needs_attention
from dashboard.views.slos.row_words import left_words, level_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    NOTHING,
    budget_words,
    cut_words,
    decimal_words,
    duration_words,
    share_words,
)
from slo.facts import EventKind
from slo.indicator import Latency
from slo.judgement import Level, State

MOVED = Fraction(5, 100)
"""A budget that moved by less is only counted."""
_WORTH = Fraction(1, 100)
_MEASURED = Fraction(99, 100)
_NAMED, _ROWS, _INCIDENTS, _HOLES = 3, 12, 5, 2
_LONGEST = 160
_COUNTED = (
    (EventKind.INCIDENT, "incident"),
    (EventKind.DEPLOYMENT, "deployment"),
    (EventKind.RELEASE, "release"),
)


def told(report: Report) -> Told:
    """The report's sentences."""
    unmeasured = tuple(_unmeasured(report))
    spends = tuple(_spend(report, one) for one in report.spends if one.share >= _WORTH)
    corrected = tuple(_corrected(report))
    is_quiet = _is_quiet(report, unmeasured) and not corrected
    since, until = _ends(report)
    return Told(
        subject=subject(report),
        byline=_byline(report),
        since=since,
        until=until,
        changes=tuple(_change(line) for line in _shown(report)),
        others=_others(report),
        spends=spends,
        decisions=tuple(_decisions(report)),
        happened=_happened(report),
        incidents=tuple(
            _incident(report, one) for one in report.of(EventKind.INCIDENT)[:_INCIDENTS]
        ),
        unmeasured=unmeasured,
        corrected=corrected,
        closing=_closing(report, is_whole=not unmeasured),
        quiet=_budgets(report) if is_quiet else "",
    )


def subject(report: Report) -> str:
    """The verdict in one line: how many need attention, which and why."""
    views, count = report.views, len(report.slos)
    if not views:
        return "No objectives yet"
    needy = [view for view in views if needs_attention(view)]
    if not needy:
        return (
            f"{clean(views[0].name)} is in order" if count == 1 else f"{_all(count)} are in order"
        )
    if count == 1:
        return f"{clean(views[0].name)} needs attention: {_trouble(views[0])}"
    grouped = groupby(needy, key=_trouble)
    said = ", ".join(f"{_listed([view.name for view in of])} {word}" for word, of in grouped)
    return f"{len(needy)} of {count} {'needs' if len(needy) == 1 else 'need'} attention: {said}"


def _all(count: int) -> str:
    return "Both" if count == 2 else f"All {count}"  # noqa: PLR2004 - a pair


def clean(text: str) -> str:
    r"""The text on one line without anything that does not print, cut where it never ends.

    >>> clean("down\x1b[2J\nagain")
    'down\ufffd[2J again'
    """
    one_line = " ".join(text.split())
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in one_line)
    return cut_words(shown, _LONGEST)


def _trouble(view: SloView) -> str:
    """Why an SLO needs attention, in a word or two: the budget first, as it needs a decision."""
    if word := level_words(view):
        return word
    if view.firing:
        return "slow" if isinstance(view.slo.indicator, Latency) else "failing"
    if view.judgement.state is State.NO_TRAFFIC:
        return "without traffic"
    return "not measured" if view.budget_remaining is None else "not measured lately"


def _listed(names: Sequence[str]) -> str:
    shown = [clean(name) for name in names[:_NAMED]]
    if len(names) > _NAMED:
        return f"{', '.join(shown)} and {len(names) - _NAMED} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _byline(report: Report) -> str:
    heading, made_up = report.heading, generated_words(report.views)
    about = "all services" if heading.service is None else clean(heading.service)
    span = days(heading.period.span, heading.period.zone)
    return " · ".join([heading.name, about, span, *([made_up] if made_up else [])])


def _ends(report: Report) -> tuple[str, str]:
    """The first day, at whose beginning it is `then`, and the last, at whose end it is `now`."""
    span, zone = report.heading.period.span, report.heading.period.zone
    first, last = day(span.since, zone), day(span.until - 1, zone)
    return (f"{first} 00:00", "24:00") if first == last else (first, last)


def _shown(report: Report) -> list[SloLine]:
    """The SLOs that need someone or moved, those that need someone first."""
    moved = [line for line in report.slos if needs_attention(line.now) or _has_moved(line)]
    return moved[:_ROWS]


def _has_moved(line: SloLine) -> bool:
    return line.moved is not None and abs(line.moved) >= MOVED


def _change(line: SloLine) -> Change:
    tones = {Level.SPENT: "bad", Level.LOW: "warn"}
    word = _trouble(line.now) if needs_attention(line.now) else "enough"
    return Change(
        name=clean(line.now.name),
        promise=_promise(line),
        before=left_words(line.then),
        after=left_words(line.now),
        word=word,
        tone=tones.get(line.now.judgement.level, "warn" if line.now.firing else "plain"),
    )


def _promise(line: SloLine) -> str:
    """What is promised; where that changed in the period, what it was before."""
    before, now = line.then.slo.objective, line.now.slo.objective
    was = "" if before == now else f", before {before.percent:f} %"
    return f"{line.now.promise}{was}"


def _others(report: Report) -> str:
    """How many are not shown, by why."""
    rest = len(report.slos) - len(_shown(report))
    if not rest:
        return ""
    unseen = sum(needs_attention(line.now) or _has_moved(line) for line in report.slos)
    more = max(unseen - _ROWS, 0)
    calm = rest - more
    said = [f"{more} more in the CSV"] if more else []
    if calm:
        noun = "other" if calm == 1 else "others"
        said.append(f"{calm} {noun} moved less than {_points(MOVED)}")
    return f"{'; '.join(said)}."


def _points(share: Fraction) -> str:
    """A share of a budget in points, one point being a hundredth of it; rounded up."""
    count = decimal_words(share * 100, 0, ROUND_CEILING)
    return f"{count} point{'' if count == '1' else 's'}"


def _spend(report: Report, one: Spend) -> str:
    when = stretch(one.span, report.heading.period.zone)
    why = {
        CauseKind.INCIDENT: f"during incident {clean(one.cause)}",
        CauseKind.DEPLOY: f"after {clean(one.cause)}",
        CauseKind.UNKNOWN: "unexplained",
    }[one.cause_kind]
    return f"{clean(one.slo)}, {_points(one.share)}: {why} ({when})."


def _decisions(report: Report) -> Iterator[str]:
    for line in report.slos:
        name, left = clean(line.now.name), left_words(line.now)
        match level_words(line.now):
            case "":
                continue
            case "spent":
                yield f"Freeze changes to {_owner(line.now)} until the budget of {name} is above 0?"
            case "low":
                yield f"{name} has {left} left: which changes can wait?"
            case word:
                yield f"The budget of {name} is {word} ({left} left): measure it better, or act?"


def _owner(view: SloView) -> str:
    return clean(view.service or view.name)


def _happened(report: Report) -> str:
    """Incidents and deployments with how many there were, and how many in the period before."""
    before, ago = dict(report.before), f"the {report.heading.period.kind.value} before"
    said = []
    for kind, word in _COUNTED:
        count, earlier = len(report.of(kind)), before.get(kind, 0)
        if count or earlier or kind is not EventKind.RELEASE:
            lasted_s = sum(one.lasted_s or 0 for one in report.of(kind))
            lasted = f", {duration_words(lasted_s)} in all" if lasted_s else ""
            noun = word if count == 1 else f"{word}s"
            said.append(f"{count or 'no'} {noun}{lasted} ({earlier or 'none'} {ago})")
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _incident(report: Report, one: Happening) -> str:
    zone = report.heading.period.zone
    ended = ", still open" if one.ended_at is None else ""
    lasted = duration_words(one.lasted_s or 0)
    title = f" {clean(one.title)}" if one.title else ""
    return f"{clean(one.key)}{title}: {instant(one.at, zone)}, {lasted}{ended}."


def _unmeasured(report: Report) -> Iterator[str]:
    """The SLOs of which a part of the period is unknown, and which part."""
    for line in report.slos:
        if line.coverage is not None and line.coverage >= _MEASURED:
            continue
        name = clean(line.now.name)
        if not line.coverage:
            why = f" ({clean(line.now.silence)})" if line.now.silence else ""
            yield f"{name}: not at all{why}."
            continue
        yield f"{name}: {share_words(line.coverage)} measured{_gaps(report, line)}."


def _corrected(report: Report) -> Iterator[str]:
    """What corrections make of each SLO that they bear on, beside what was measured."""
    for view in report.views:
        if view.is_corrected:
            left, raw = budget_words(view.budget_remaining), budget_words(view.raw_remaining)
            yield f"{clean(view.name)}: {left} of the budget left; as measured, {raw}."


def _gaps(report: Report, line: SloLine) -> str:
    longest = sorted(line.holes, key=lambda hole: (-hole.length_s, hole))[:_HOLES]
    if not longest:
        return ""
    zone = report.heading.period.zone
    said = ", ".join(stretch(hole, zone) for hole in sorted(longest))
    more = len(line.holes) - len(longest)
    return f"; nothing {said}{f' and {more} more times' if more else ''}"


def _is_quiet(report: Report, unmeasured: Sequence[str]) -> bool:
    """Whether nobody is needed, nothing is unknown and no budget moved."""
    needy = any(needs_attention(line.now) or _has_moved(line) for line in report.slos)
    incidents = report.of(EventKind.INCIDENT)
    return bool(report.slos) and not (needy or unmeasured or incidents or _worth(report.spends))


def _worth(spends: Iterable[Spend]) -> bool:
    return any(one.share >= MOVED for one in spends)


def _budgets(report: Report) -> str:
    """The lowest budget, where none needs anyone."""
    lines = [line for line in report.slos if line.now.budget_remaining is not None]
    lowest = min(lines, key=lambda line: line.now.budget_remaining or 0)
    left, before = left_words(lowest.now), left_words(lowest.then)
    kind = report.heading.period.kind.value
    was = "" if before == NOTHING else f", {before} the {kind} before"
    return f"The least budget left is that of {clean(lowest.now.name)}: {left}{was}."


def _closing(report: Report, *, is_whole: bool) -> str:
    period = report.heading.period
    measured = "Everything was measured; figures" if is_whole and report.slos else "Figures"
    return f"{measured} to {instant(period.span.until, period.zone)}, {period.zone.key}."
