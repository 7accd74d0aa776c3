"""Where slo-generator is wrong: what it says of some promises, and what burnline says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components.prometheus import Prometheus

from bench.measured import say
from bench.slo_generator import SLO, burnline, moment, our_config, reports, their_files
from slo.lengths import HOUR_S, MINUTE_S


@dataclass(frozen=True, slots=True)
class Case:
    """A promise that slo-generator judges wrongly: its own words for it, and ours."""

    name: str
    method: str
    indicator: Mapping[str, str]
    goal: str
    ours: str
    threshold: float
    wrong: str


_CASES = (
    Case(
        "goal-of-100",
        "good_bad_ratio",
        {"filter_good": "half_good_total[window]", "filter_bad": "half_bad_total[window]"},
        "1.0",
        "objective = 100\ntotal = 'half_total'\nbad = 'half_bad_total'",
        1,
        "half of all events bad: burn 0, no alert",
    ),
    Case(
        "burn-14.449",
        "good_bad_ratio",
        {"filter_good": "near_good_total[window]", "filter_bad": "near_bad_total[window]"},
        "0.999",
        "objective = 99.9\ntotal = 'near_total'\nbad = 'near_bad_total'",
        14.4,
        "burn rounded before it is compared: no alert",
    ),
    Case(
        "overspent-1.04",
        "good_bad_ratio",
        {"filter_good": "over_good_total[window]", "filter_bad": "over_bad_total[window]"},
        "0.99",
        "objective = 99\ntotal = 'over_total'\nbad = 'over_bad_total'",
        1,
        "4 % over its budget: no alert",
    ),
    Case(
        "no-bad-series",
        "good_bad_ratio",
        {"filter_good": "near_good_total[window]", "filter_bad": "missing_total[window]"},
        "0.999",
        "objective = 99.9\ntotal = 'near_total'\nbad = 'missing_total'",
        1,
        "a missing bad counter is 100 % good",
    ),
    Case(
        "no-such-bucket",
        "distribution_cut",
        {"expression": "slow_seconds_bucket[window]", "threshold_bucket": '"0.3"'},
        "0.95",
        "objective = 95\nhistogram = 'slow_seconds_bucket'\nlatency = \"300ms\"",
        1,
        "a threshold between two buckets has no SLI",
    ),
)


def told(folder: Path, theirs: Path) -> None:
    """One line a case: what slo-generator says, and what burnline says of the same data."""
    until = moment()
    history = folder / "wrong.openmetrics"
    folder.mkdir(parents=True)
    history.write_text(_history(until))
    server = Prometheus(folder / "prometheus", openmetrics=history, blocks="744h").start()
    try:
        for case in _CASES:
            place = folder / case.name
            indicator = "\n".join(f"    {key}: {value}" for key, value in case.indicator.items())
            text = SLO.format(
                name=case.name, method=case.method, indicator=indicator, goal=case.goal
            )
            steps = ((HOUR_S, case.threshold),)
            their_files(place, server.url, {case.name: text}, steps)
            say(f"wrong: {case.name}", "slo-generator:", _their_words(theirs, place, case))
            promise = f'[[slo]]\nname = "{case.name}"\nwindow = "1d"\n{case.ours}\n'
            (place / "config.toml").write_text(our_config(server.url, [promise]))
            burnline(place, "collect", "--once", "--since", "3h")
            say("", "burnline:", _our_words(place))
    finally:
        server.stop()


def _their_words(theirs: Path, place: Path, case: Case) -> str:
    said = [
        f"SLI {one['sli_measurement']}, burn {one['error_budget_burn_rate']}, alert {one['alert']}"
        if one.get("valid")
        else f"not valid: {one.get('errors')}"
        for one in reports(theirs, place, case.name)
    ]
    return f"{'; '.join(said) or 'no report'} ({case.wrong})"


def _our_words(place: Path) -> str:
    """What `check` says of the only SLO, or why its promise is refused."""
    done = burnline(place, "check")
    lines = (done.stdout or done.stderr).splitlines()
    return (lines[1] if len(lines) > 1 else lines[0])[:150] if lines else "nothing"


def _history(until: int) -> str:
    """Three hours of counters by the minute, a family a metric."""
    families = {
        "half": (500, 1_000),
        "near": (14_449, 1_000_000),
        "over": (104, 10_000),
    }
    lines: list[str] = []
    moments = range(until - 3 * HOUR_S, until + 1, MINUTE_S)
    for name, (bad, total) in families.items():
        for part, count in (("_bad", bad), ("_good", total - bad), ("", total)):
            lines.append(f"# TYPE {name}{part} counter")
            lines += [f"{name}{part}_total {n * count} {at}" for n, at in enumerate(moments)]
    lines.append("# TYPE slow_seconds histogram")
    for le, share in (("0.25", 90), ("0.5", 96), ("+Inf", 100)):
        lines += [
            f'slow_seconds_bucket{{le="{le}"}} {n * share} {at}' for n, at in enumerate(moments)
        ]
    lines += [f"slow_seconds_count {n * 100} {at}" for n, at in enumerate(moments)]
    return "\n".join([*lines, "# EOF", ""])
