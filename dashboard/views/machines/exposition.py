"""What `/metrics` says: the figures of `check`, how sources and collector stand, as series.

What is not known is no series: never 0, never NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from collectors.store.deliveries import Delivery, DeliveryState
from collectors.store.leases import CollectorSeen
from collectors.store.runs import SourceHealth
from dashboard.config import Config
from dashboard.views.counted.figures import evaluate
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.standings import standings
from dashboard.views.upkeep.untold import untold
from slo.judgement import Check, Now, State, check_of

Sample = tuple[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Family:
    """Gauges of one name: what they mean, their label names, and a value for each set of labels."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    samples: tuple[Sample, ...]


_Number = int | float | Fraction | None
_OF_SLO: tuple[tuple[str, str, Callable[[SloView], _Number]], ...] = (
    (
        "good_events",
        "Good events (seconds, for uptime) within the window.",
        lambda view: None if view.tally is None else view.tally.good,
    ),
    (
        "total_events",
        "All events (seconds, for uptime) within the window.",
        lambda view: None if view.tally is None else view.tally.total,
    ),
    (
        "bad_events",
        "Bad events (seconds, for uptime) within the window.",
        lambda view: None if view.tally is None else view.tally.bad,
    ),
    ("sli_ratio", "Good events out of all within the window.", lambda view: view.sli),
    (
        "objective_ratio",
        "The share of events that is to be good.",
        lambda view: view.slo.objective.target,
    ),
    (
        "error_budget_remaining_ratio",
        "Share of the error budget that is left; below 0 when overspent.",
        lambda view: view.budget_remaining,
    ),
    (
        "coverage_ratio",
        "Share of the window that was measured.",
        lambda view: view.coverage,
    ),
    (
        "data_until_timestamp_seconds",
        "Up to when there are data, which is when the SLO is judged.",
        lambda view: view.data_until,
    ),
    (
        "exhausts_timestamp_seconds",
        "When the budget runs out at the speed of the last hours, if within sight.",
        lambda view: view.exhausts_at,
    ),
)
_SLO = ("slo", "service")
_FAILING = {DeliveryState.FAILED, DeliveryState.UNKNOWN}


def families(scene: Scene) -> tuple[Family, ...]:
    """Everything that can be told of the moment."""
    sources = {source.name: source for source in scene.config.sources}
    views = evaluate(scene.config.slos, scene.reader, as_of=scene.as_of, sources=sources)
    known = {health.last.source: health for health in scene.reader.last_runs()}
    return (
        *_slo_families(views),
        *_source_families(scene, known),
        *_collector_families(scene.reader.collector(), scene),
        *_delivery_families(scene.reader.deliveries(), scene.as_of),
        *_channel_families(scene),
        Family(
            "burnline_inbox_waiting_items",
            "Annotations and the like that wait for the collector.",
            (),
            (((), len(scene.reader.waiting())),),
        ),
    )


def standing(config: Config, *, is_in_force: bool, is_ready: bool) -> tuple[Family, ...]:
    """What can be told even where the store cannot be read."""
    return (
        Family(
            "burnline_config_info",
            "The configuration in force.",
            ("digest",),
            (((config.digest,), 1),),
        ),
        _one(
            "burnline_config_in_force",
            "1 while the configuration on disk is the one in force; 0 while it cannot be used.",
            is_in_force,
        ),
        _one("burnline_ready", "1 while /readyz answers with ready.", is_ready),
    )


def _slo_families(views: Sequence[SloView]) -> Iterator[Family]:
    for name, meaning, figure in _OF_SLO:
        yield Family(
            f"burnline_slo_{name}",
            meaning,
            _SLO,
            tuple(_known((_named(view), figure(view)) for view in views)),
        )
    yield Family(
        "burnline_slo_burn_rate",
        "How fast the error budget goes; 1 spends all of it in one window.",
        (*_SLO, "window"),
        tuple(
            _known(
                ((*_named(view), label), rate) for view in views for label, rate in view.burn_rates
            )
        ),
    )
    yield _enum("now", "Whether someone is needed now.", Now, views, lambda it: it.judgement.now)
    yield _enum("state", "How far the counts are known.", State, views, lambda v: v.judgement.state)
    yield _enum(
        "status", "The verdict of `check`.", Check, views, lambda view: check_of(view.judgement)
    )
    yield Family(
        "burnline_slo_info",
        "What is promised; generated figures were made up to try things on.",
        (*_SLO, "source", "window", "generated"),
        tuple(
            ((*_named(v), v.slo.source, v.window_kind, str(v.is_generated).lower()), 1)
            for v in views
        ),
    )


def _source_families(scene: Scene, known: dict[str, SourceHealth]) -> Iterator[Family]:
    names = [source.name for source in scene.config.sources]
    runs = {name: known[name] for name in names if name in known}
    good = {name: run.last_good_at for name, run in runs.items()}
    ends = {one.name: one.newest for one in standings(scene)}
    told: tuple[tuple[str, str, dict[str, _Number]], ...] = (
        (
            "last_run_timestamp_seconds",
            "When the source was last asked.",
            {name: run.last.ended_at for name, run in runs.items()},
        ),
        (
            "last_success_timestamp_seconds",
            "When the source was last collected whole.",
            dict(good),
        ),
        (
            "age_seconds",
            "How long ago the source was last collected whole.",
            {} if scene.is_fixed else _ages(scene.as_of, good),
        ),
        (
            "failing",
            "1 while the last run of the source failed, in part or whole.",
            {name: int(run.last.error is not None) for name, run in runs.items()},
        ),
        (
            "lag_seconds",
            "How far the newest data that an SLO reads of the source lie behind.",
            _ages(scene.as_of, ends),
        ),
    )
    for name, meaning, values in told:
        rows = (((source,), value) for source, value in values.items())
        yield Family(f"burnline_source_{name}", meaning, ("source",), tuple(_known(rows)))


def _collector_families(seen: CollectorSeen | None, scene: Scene) -> Iterator[Family]:
    if seen is None:
        return
    yield _one(
        "burnline_collector_heartbeat_timestamp_seconds",
        "When the collector last said that it is at work.",
        seen.seen_at,
    )
    if not scene.is_fixed:
        yield _one(
            "burnline_collector_heartbeat_age_seconds",
            "How long ago the collector said that it is at work.",
            scene.as_of - seen.seen_at,
        )
    yield _one(
        "burnline_collector_paused",
        "1 while the collector cannot write and has paused.",
        bool(seen.standing.paused),
    )
    yield Family(
        "burnline_collector_config_info",
        "The configuration that the collector works by.",
        ("digest", "version"),
        (((seen.standing.config_digest, seen.standing.version), 1),),
    )


def _delivery_families(told: Sequence[Delivery], as_of: int) -> Iterator[Family]:
    last = {(one.report, one.channel): one for one in told}
    sent = {
        (one.report, one.channel): one.ended_at for one in told if one.state == DeliveryState.SENT
    }
    yield Family(
        "burnline_report_failing",
        "1 while the last report through the channel failed, or nobody knows whether it was sent.",
        ("report", "channel"),
        tuple((names, float(one.state_at(as_of) in _FAILING)) for names, one in last.items()),
    )
    yield Family(
        "burnline_report_last_sent_timestamp_seconds",
        "When a report was last handed over through the channel.",
        ("report", "channel"),
        tuple(_known(sent.items())),
    )


def _channel_families(scene: Scene) -> Iterator[Family]:
    found = {one.channel: one for one in untold(scene.reader.alerts, scene.as_of)}
    names = sorted({*found, *(channel.name for channel in scene.config.channels)})
    late = {name: len(found[name].notices) - found[name].given_up for name in found}
    yield Family(
        "burnline_channel_late_notices",
        "Notices of alerts that the channel did not take yet and that are tried again.",
        ("channel",),
        tuple(((name,), float(late.get(name, 0))) for name in names),
    )
    yield Family(
        "burnline_channel_lost_notices",
        "Notices of alerts that were given up within the last day.",
        ("channel",),
        tuple(((name,), float(found[name].given_up if name in found else 0)) for name in names),
    )


def _one(name: str, meaning: str, value: float) -> Family:
    return Family(name, meaning, (), (((), float(value)),))


def _enum(
    name: str,
    meaning: str,
    choices: type[Enum],
    views: Sequence[SloView],
    chosen: Callable[[SloView], Enum],
) -> Family:
    """One series for each choice there is, 1 for the one that holds."""
    rows = [
        ((*_named(view), _word(choice)), float(chosen(view) is choice))
        for view in views
        for choice in choices
    ]
    return Family(f"burnline_slo_{name}", meaning, (*_SLO, name), tuple(rows))


def _word(choice: Enum) -> str:
    """The word that `check --json` uses for it."""
    return choice.name if isinstance(choice.value, int) else str(choice.value)


def _named(view: SloView) -> tuple[str, str]:
    return view.name, view.service


def _known(rows: Iterable[tuple[tuple[str, ...], _Number]]) -> Iterator[Sample]:
    for labels, value in rows:
        if value is not None:
            yield labels, float(value)


def _ages(now: int, moments: Mapping[str, int | None]) -> dict[str, _Number]:
    return {name: now - at for name, at in moments.items() if at is not None}
