"""What happened: incidents with their outages, deployments, pipeline runs, releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise

from dashboard.demo.story import DEPLOYED_BEFORE_S, Story, months
from slo.lengths import DAY_S, HOUR_S, MINUTE_S, WEEK_S
from slo.spans import Span

_DOWN_BEFORE, _DOWN_MOVING, _DOWN_AFTER = 0.0020, 0.0010, 0.0003
_FIRST_NUMBER = 101
_BEFORE = (
    "The nightly batch holds the account table",
    "The connection pool runs dry at the month's end",
    "A release has to be rolled back by hand",
    "The card processor times out, every page waits",
    "The report queue fills the disk",
)
_AFTER = (
    "Checkout errors after a deployment",
    "A certificate of the gateway expires",
    "The card processor times out",
    "The ledger's database fails over",
)
_TITLES = (
    "Quote cache keyed by basket",
    "Currency rounding by scheme",
    "Token store to Redis",
    "Batch push sends",
    "Statements as PDF/A",
    "Drop v3 cart endpoint",
    "Rotate acquirer certificate",
)
_TRAINS = ("payments", "login", "mobile-bff", "ledger", "notifications", "api-gateway")


@dataclass(frozen=True, slots=True)
class _Stage:
    """How incidents are in one period: how long, for how long unseen (minutes), and whose."""

    longest: int
    unseen: int
    services: tuple[str, ...]
    words: tuple[str, ...]
    is_outage: Callable[[int], bool]


_STAGES = (
    _Stage(200, 22, ("monolith",), _BEFORE, lambda k: k % 2 == 0),
    _Stage(120, 12, ("monolith", "api-gateway"), _BEFORE, lambda k: k % 3 == 0),
    _Stage(60, 4, ("checkout", "api-gateway", "checkout", "ledger"), _AFTER, lambda k: k > 0),
)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that users felt, from its beginning to its end, and when people knew of it."""

    span: Span
    service: str
    severity: int
    title: str
    detected_at: int
    acknowledged_at: int
    is_outage: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version that went into production, and when it had been merged."""

    at: int
    merged_at: int
    service: str
    version: str
    title: str


@dataclass(frozen=True, slots=True)
class Release:
    """A feature that customers were given."""

    at: int
    service: str
    title: str


def incidents(story: Story) -> tuple[Incident, ...]:
    """All of the three periods and of the starts, in the order of time."""
    periods = (
        *_felt(story, story.before, (2, 3), _DOWN_BEFORE),
        *_felt(story, story.transition, (2,), _DOWN_MOVING),
        *_felt(story, story.after, (1, 0), _DOWN_AFTER),
        *_of_starts(story),
    )
    return tuple(replace(felt, number=n) for n, felt in enumerate(periods, _FIRST_NUMBER))


def _felt(story: Story, period: Span, a_month: tuple[int, ...], down: float) -> Iterator[Incident]:
    """So many incidents a month in turn, of which outages are down for that share of the period."""
    begins = list(_spread(story, period, a_month))
    stage = _STAGES[0 if period == story.before else 2 if period == story.after else 1]
    outages = [at for k, at in enumerate(begins) if stage.is_outage(k)]
    lengths = dict(zip(outages, _shares(story, period, outages, down), strict=True))
    for k, at in enumerate(begins):
        usual_s = MINUTE_S * int(stage.longest * (0.2 + 0.8 * story.chance.one(at, "lasts")))
        seen_at = at + MINUTE_S * (2 + int(stage.unseen * story.chance.one(at, "seen")))
        yield Incident(
            span=Span(at, at + lengths.get(at, usual_s)),
            service=stage.services[k % len(stage.services)],
            severity=1 if at in lengths else 2,
            title=stage.words[k % len(stage.words)],
            detected_at=seen_at,
            acknowledged_at=seen_at + 5 * MINUTE_S,
            is_outage=at in lengths,
        )


def _spread(story: Story, period: Span, a_month: tuple[int, ...]) -> Iterator[int]:
    """The beginnings, each in a part of its month of its own."""
    for place, month in enumerate(months(period)):
        wanted = a_month[place % len(a_month)]
        for k in range(wanted):
            part_s = month.length_s // wanted
            drawn = 0.1 + 0.7 * story.chance.one(month.since + k, "begins")
            yield month.since + k * part_s + int(drawn * part_s)


def _shares(story: Story, period: Span, outages: list[int], down: float) -> list[int]:
    """How long each lasts, unlike each other, together that share of the period to the second."""
    weights = [0.4 + 1.2 * story.chance.one(at, "down") for at in outages]
    whole_s = round(period.length_s * down)
    edges = [round(whole_s * so_far / sum(weights)) for so_far in accumulate(weights, initial=0.0)]
    return [until - since for since, until in pairwise(edges)]


def _of_starts(story: Story) -> Iterator[Incident]:
    for start in story.starts:
        if start.onset is not None:
            yield Incident(
                span=Span(start.onset, start.mended),
                service="checkout",
                severity=1,
                title="Card capture fails after a deployment",
                detected_at=start.onset + 7 * MINUTE_S,
                acknowledged_at=start.onset + 10 * MINUTE_S,
            )


def outages(story: Story) -> tuple[Span, ...]:
    """When the public API was down."""
    return tuple(incident.span for incident in incidents(story) if incident.is_outage)


def deployments(story: Story, until: int) -> tuple[Deployment, ...]:
    """A train a month, then every two weeks, then one a week; and what the starts tell of."""
    monthly = [month.since + 12 * DAY_S + 20 * HOUR_S for month in months(story.before)]
    moving = range(story.transition.since + 3 * DAY_S, story.transition.until, 2 * WEEK_S)
    first = story.after.since + 2 * DAY_S + 10 * HOUR_S
    weekly = range(first, story.after.until, WEEK_S)
    since = range(weekly[-1] + WEEK_S, until, WEEK_S)
    trains = chain(
        _trains(story, monthly, _Lead(72 * 60, 12 * 60)),
        _trains(story, moving, _Lead(36 * 60, 6 * 60)),
        _trains(story, weekly, _Lead(8 * 60, 150)),
        _trains(story, since, _Lead(8 * 60, 150, is_over=False)),
        _before_troubles(story),
    )
    made = (deployment for deployment in trains if deployment.at < until)
    return tuple(sorted(made, key=lambda deployment: deployment.at))


@dataclass(frozen=True, slots=True)
class _Lead:
    """The minutes from a merge to production: the usual ones, and how far they lie apart."""

    usual: int
    spread: int
    is_over: bool = True


def _trains(story: Story, moments: Sequence[int], lead: _Lead) -> Iterator[Deployment]:
    """One at each moment; as far below the usual time from the merge on as above it."""
    for k, at in enumerate(moments):
        drawn = 10 + int((lead.spread - 10) * story.chance.one(moments[0] + k // 2, "lead"))
        is_alone = lead.is_over and k == len(moments) - 1 and k % 2 == 0
        apart = 0 if is_alone else drawn if k % 2 else -drawn
        service = "monolith" if at < story.transition.since else _TRAINS[k % len(_TRAINS)]
        merged_at = at - MINUTE_S * (lead.usual + apart)
        yield Deployment(at, merged_at, service, _version(story, at), _TITLES[k % len(_TITLES)])


def _before_troubles(story: Story) -> Iterator[Deployment]:
    """What went into production shortly before payments and the checkout began to fail."""
    told = [
        (spell.since - 40 * MINUTE_S, 6 * HOUR_S, "payments", "Round currencies by scheme")
        for spell, _ in story.troubles("payments", "failing")
    ]
    told += [
        (start.onset - DEPLOYED_BEFORE_S, 72 * MINUTE_S, "checkout", "Retry card capture on 409")
        for start in story.starts
        if start.onset is not None
    ]
    for at, lead_s, service, title in told:
        yield Deployment(at, at - lead_s, service, _version(story, at), title)


def releases(story: Story, until: int) -> tuple[Release, ...]:
    """Four features a quarter, seven in the quarter of the move, then twelve a quarter."""
    begun = Span(story.after.until, until)
    present = [story.after.until + (3 + 7 * k) * DAY_S for k in range(begun.length_s // WEEK_S + 1)]
    moments = [
        *_spread(story, story.before, (1, 1, 2)),
        *_spread(story, story.transition, (2, 2, 3)),
        *_spread(story, story.after, (4,)),
        *present,
    ]
    return tuple(
        Release(at, "mobile-app" if k % 3 else "checkout", f"Feature {k + 1}")
        for k, at in enumerate(moments)
        if at < until
    )


def _version(story: Story, at: int) -> str:
    return f"{int(story.chance.one(at, 'version') * 16**7):07x}"
