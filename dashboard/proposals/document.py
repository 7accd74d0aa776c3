"""A whole config.toml: commented, with the proposals there are, in an order that never changes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from collectors.fetch.failures import shown
from collectors.prometheus.discovery.asking import Discovery, Metric, Service
from dashboard.proposals.proposal import Proposal, proposal, shown_whole, slug
from dashboard.toml import Value, literal

_WIDTH = 98
HEAD = """\
# burnline's configuration; every key is described in docs/configuration.md.
#   burnline collect --once    brings the history in
#   burnline check             the verdict, as exit code and one line an SLO
#   burnline up                collects, then serves the page

# store = "sqlite:///burnline.db"    # beside this file; a team: { env = "BURNLINE_STORE" }
# timezone = "Europe/Berlin"         # where the midnight of calendar windows is; UTC unless said
"""
_EMPTY = """
# Where facts come from.
[[source]]
kind = "prometheus"
url = "http://127.0.0.1:9090"
# token = { env = "PROMETHEUS_TOKEN" }    # a secret never stands here itself

# What is promised: take the # away and name your own metric. To have proposals written from
# what a Prometheus holds: burnline init --from-prometheus http://127.0.0.1:9090
#
# [[slo]]
# name = "checkout-latency"               # 95 % of requests under 500 ms, over 30 days
# objective = 95
# histogram = 'http_request_duration_seconds_bucket{job="checkout"}'
# latency = "500ms"                       # on an edge of its buckets it is exact
#
# [[slo]]
# name = "checkout-success"               # 99.9 % of requests succeed, each calendar month
# objective = 99.9
# window = "month"
# total = 'http_requests_total{job="checkout"}'
# bad = 'http_requests_total{job="checkout",code=~"5.."}'
# absent = "zero"                         # no failure yet: then there is no such series
#
# [[slo]]
# name = "website-uptime"                 # up 99.9 % of the time, as a probe sees it
# objective = 99.9
# uptime = 'probe_success{instance="https://shop.example.com"}'
"""
_FOUND = """
# Everything below is a proposal from what the server has counted, by its increase() over the time
# said. An objective is the highest of 90, 95, 99, 99.5, 99.9, 99.95 and 99.99 that would have been
# met and allows one bad event or more. What only a person can answer is a comment that says ASK.
"""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal under a name that no other has, beside the job whose metrics it reads."""

    job: str
    proposal: Proposal


def empty_document() -> str:
    """A short configuration to fill in."""
    return HEAD + _EMPTY


def document(source: Mapping[str, Value], found: Discovery, proposals: Sequence[Proposed]) -> str:
    """The configuration of one Prometheus with what was proposed, job after job."""
    parts = [HEAD, "\n[[source]]\n", *lines_of(source.items()), _FOUND]
    job = None
    for each in proposals:
        if each.job != job:
            job = each.job
            parts.append(f"\n# {_rule(job)}\n")
        parts.append(_table(each.proposal))
    parts += [f"\n{comment(words)}" for words in left_out(found)]
    return "".join(parts)


def proposed(found: Discovery) -> tuple[Proposed, ...]:
    """All proposals, by job, each under a name of its own."""
    pairs = [(metric, service) for metric in found.metrics for service in metric.services]
    pairs.sort(key=lambda pair: pair[1].job)
    taken: set[str] = set()
    return tuple(Proposed(service.job, _named(m, service, taken)) for m, service in pairs)


def left_out(found: Discovery) -> Iterator[str]:
    """What was recognised and could not be proposed or measured, and why."""
    for metric in found.metrics:
        if metric.trouble:
            how = "not measured" if metric.services else "not looked at"
            yield f"{shown(metric.name)}: {how}: {shown(metric.trouble)}"
        if metric.unread:
            what = f"{metric.unread:,} of its services or statuses"
            yield f"{shown(metric.name)}: {what} left out: a label is longer than 1 kB"
        if metric.left_out:
            yield f"{shown(metric.name)}: {metric.left_out:,} further services are not proposed"
    if found.left_out:
        yield f"{found.left_out:,} further metrics are recognised and not looked at"


def _named(metric: Metric, service: Service, taken: set[str]) -> Proposal:
    """The proposal under its plain name, else with the metric's in it, else numbered."""
    made = proposal(metric, service)
    service_part, _, what = made.name.rpartition("-")
    longer = f"{service_part}-{slug(metric.name)[:40]}-{what}"
    names = (made.name, longer, *(f"{longer}-{number}" for number in range(2, 10_000)))
    name = next(each for each in names if each not in taken)
    taken.add(name)
    return replace(made, name=name)


def _rule(job: str) -> str:
    words = f"job {shown(job)}" if job else "without a job"
    return f"---- {words} ".ljust(_WIDTH - 2, "-")


def _table(made: Proposal) -> str:
    """The `[[slo]]` below its comments; as comments itself where somebody has to answer first."""
    keys: list[tuple[str, Value]] = [("name", made.name), ("service", made.service), *made.keys]
    lines = ["[[slo]]\n", *lines_of(keys)]
    if made.asks:
        lines = [f"# {line}" for line in lines]
    return "\n" + "".join([*(comment(note) for note in made.notes), *lines])


def lines_of(keys: Iterable[tuple[str, Value]]) -> list[str]:
    """Each key with its value, a line each."""
    return [f"{key} = {literal(value)}\n" for key, value in keys]


def comment(words: str) -> str:
    """The words as comment lines; nothing in them can end a line."""
    lines = textwrap.wrap(
        shown_whole(words), _WIDTH - 2, break_long_words=False, break_on_hyphens=False
    )
    return "".join(f"# {line}\n" for line in lines)
