"""The small tables of the demo, and the long past: which lines each of them has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dashboard.demo import moving, rows
from dashboard.demo.happenings import deployments, incidents, releases
from dashboard.demo.levels import Level, noted
from dashboard.demo.story import Story
from slo.lengths import QUARTER_S
from slo.spans import Span, moment, rfc3339


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is written anew as things happen."""

    name: str
    head: str
    lines: Callable[[Story, int], Iterator[str]]


def _incidents(story: Story, now: int) -> Iterator[str]:
    """What is known of each by now: it may not be taken yet, nor over."""
    for one in incidents(story):
        known = [at for at in (one.detected_at, one.acknowledged_at, one.span.until) if at <= now]
        if known:
            taken = rfc3339(one.acknowledged_at) if one.acknowledged_at <= now else ""
            ended = rfc3339(one.span.until) if one.span.until <= now else ""
            yield (
                f"INC-{one.number},{rfc3339(one.span.since)},{ended},{rfc3339(max(known))},"
                f'{one.service},{one.severity},"{one.title}",{rfc3339(one.detected_at)},{taken}'
            )


def _deployments(story: Story, now: int) -> Iterator[str]:
    for one in deployments(story, now):
        told = f'{one.service},{one.version},"{one.title}"'
        yield f"{_day(one.at)}-{one.version},{rfc3339(one.at)},{told},{rfc3339(one.merged_at)}"


def _pipelines(story: Story, now: int) -> Iterator[str]:
    """From the merge to production, one for each deployment."""
    for one in deployments(story, now):
        merged, told = rfc3339(one.merged_at), f"{one.service},{one.version},passed"
        yield f"run-{_day(one.at)}-{one.version},{merged},{rfc3339(one.at)},{told}"


def _releases(story: Story, now: int) -> Iterator[str]:
    for count, one in enumerate(releases(story, now), 1):
        yield f'feature-{count},{rfc3339(one.at)},{one.service},"{one.title}"'


TABLES = (
    Table(
        "incidents",
        "id,at,ended_at,updated_at,service,severity,title,detected_at,acknowledged_at",
        _incidents,
    ),
    Table("deployments", "id,at,service,version,title,merged_at", _deployments),
    Table("pipeline-runs", "id,at,ended_at,service,version,result", _pipelines),
    Table("releases", "id,at,service,title", _releases),
)


def level_lines(story: Story, level: Level, now: int) -> Iterator[str]:
    """`at,value` of a gauge."""
    return (f"{rfc3339(at)},{value:.{level.digits}f}" for at, value in noted(story, level, now))


def history(story: Story) -> Iterator[tuple[str, str, Iterator[str]]]:
    """The quarter hours of the three periods: the name, head and lines of each file."""
    told, step_s = story.told, QUARTER_S
    gateway = rows.past_latencies(story, "api-gateway", told)
    checkout = rows.past_latencies(story, "checkout", Span(story.after.since, told.until))
    yield "probes", "at,service,state", rows.probes(story, told, step_s, ("api-gateway",))
    yield "latencies", "at,service,seconds", gateway
    yield "checkout-latencies", "at,service,seconds", checkout
    yield "moving", "at,service,side,good,total", moving.traffic(story)
    yield "moving-seconds", "at,service,side,seconds", moving.latencies_by_side(story)
    # The last of them: that it is there says that the others are.
    yield "requests", "at,service,good,total", rows.requests(story, told, step_s, "api-gateway")


def _day(at: int) -> str:
    return f"{moment(at):%Y-%m-%d}"
