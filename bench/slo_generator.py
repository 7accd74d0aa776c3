"""slo-generator from the package index beside burnline, on the same live Prometheus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from pathlib import Path

from components.prometheus import Prometheus

from bench import peers
from bench.measured import once_s, say
from bench.traffic import BAD, TOTAL, Traffic
from slo.lengths import HOUR_S, WEEK_S

_NEEDED = ("slo-generator[prometheus]==2.6.0", "setuptools<81")
_COUNTS = (1, 10, 100)
_STEPS = ((HOUR_S, 9), (12 * HOUR_S, 3), (WEEK_S, 1.5), (4 * WEEK_S, 1))
_READ = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from slo_generator.compute import compute
from slo_generator.utils import load_config
reports = compute(load_config(sys.argv[1], kind="ServiceLevelObjective"), load_config(sys.argv[2]))
print(json.dumps(reports))
"""
SLO = """apiVersion: sre.google.com/v2
kind: ServiceLevelObjective
metadata:
  name: {name}
  labels: {{service_name: {name}, feature_name: api, slo_name: availability}}
spec:
  description: {name}
  backend: prometheus
  method: {method}
  exporters: []
  error_budget_policy: default
  service_level_indicator:
{indicator}
  goal: {goal}
"""


def beside(folder: Path) -> Path | None:
    """Wall times of both at 1, 10 and 100 SLOs; the folder of its programs, None where it lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    theirs = installed(folder / "slo-generator")
    if theirs is None:
        say("slo-generator", "missing", f"pip install {' '.join(_NEEDED)}")
        return None
    traffic = Traffic(max(_COUNTS), 29, moment())
    server = peers.start_prometheus(folder / "many", traffic)
    try:
        _times(folder, theirs, server, traffic)
    finally:
        server.stop()
    return theirs


def moment() -> int:
    """The whole minute two minutes ago: where the history ends."""
    return int(datetime.now(UTC).timestamp()) // 60 * 60 - 120  # noqa: TID251 (a root of its own)


def installed(place: Path) -> Path | None:
    """The folder of its programs, in an environment of its own; None where it cannot be had."""
    venv.create(place, with_pip=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", *_NEEDED]
    done = run(pip, place)
    return place / "bin" if done.returncode == 0 else None


def _times(folder: Path, theirs: Path, server: Prometheus, traffic: Traffic) -> None:
    apart: list[float] = []
    for count in _COUNTS:
        names = traffic.names()[:count]
        place = folder / f"of-{count}"
        their_files(place, server.url, {name: _their_slo(name) for name in names}, _STEPS)
        command = [str(theirs / "slo-generator"), "compute", "-f", str(place / "slos")]
        asked = partial(run, [*command, "-c", str(place / "config.yaml")], place)
        first, second = once_s(asked), once_s(asked)
        their_s = min(first, second)
        (place / "config.toml").write_text(our_config(server.url, map(_our_slo, names)))
        backfill_s = once_s(partial(burnline, place, "collect", "--once"))
        collect_s = once_s(partial(burnline, place, "collect", "--once"))
        check_s = min(once_s(partial(burnline, place, "check")) for _ in range(2))
        say(f"slo-generator, {count} SLOs x {len(_STEPS)} windows", f"{their_s:.2f} s")
        goal = f"{their_s / check_s:.1f} x faster" + (", goal >= 8" if count == 100 else "")  # noqa: PLR2004
        say(f"burnline check, {count} SLOs x 9 windows", f"{check_s:.2f} s", goal)
        both_s = collect_s + check_s
        more = f"{their_s / both_s:.1f} x faster; first history {backfill_s:.0f} s"
        say("  with collecting what is new first", f"{both_s:.2f} s", more)
        if count == _COUNTS[1]:
            apart = [*_differences(theirs, place, names)]
    say("same SLI over 7 d, largest difference of 10", f"{max(apart, default=0):.1e}")


def _differences(theirs: Path, place: Path, names: Sequence[str]) -> Iterator[float]:
    """How far apart both SLIs over seven days are: theirs is of now, extrapolated."""
    told = json.loads(burnline(place, "check", "--json").stdout)
    ours = {slo["name"]: slo for slo in told["slos"]}
    for name in names:
        found = reports(theirs, place, name)
        week = next(one for one in found if one["window"] == _STEPS[2][0])
        burn = ours[name]["burn_rates"].get("7d")
        if burn is not None:
            budget = float(1 - Fraction(ours[name]["objective"]).limit_denominator(10**6))
            yield abs(week["sli_measurement"] - (1 - burn * budget))


def reports(theirs: Path, place: Path, name: str) -> list[dict[str, object]]:
    """Its reports of one SLO, a window each."""
    files = [str(place / "slos" / f"{name}.yaml"), str(place / "config.yaml")]
    done = run([str(theirs / "python"), "-W", "ignore", "-c", _READ, *files], place)
    found: list[dict[str, object]] = json.loads(done.stdout or "[]")
    return found


def _their_slo(name: str) -> str:
    bad, total = (f'{metric}_total{{service="{name}"}}[window]' for metric in (BAD, TOTAL))
    expression = f"1 - sum(increase({bad})) / sum(increase({total}))"
    indicator = f"    expression: '{expression}'"
    return SLO.format(name=name, method="query_sli", indicator=indicator, goal="0.999")


def _our_slo(name: str) -> str:
    where = f'{{service="{name}"}}'
    rows = f"total = '{TOTAL}_total{where}'\nbad = '{BAD}_total{where}'"
    week = '[[slo.alert]]\nseverity = "ticket"\nbudget = 40\nlong = "7d"\nshort = "14h"\n'
    return f'[[slo]]\nname = "{name}"\nobjective = 99.9\nwindow = "28d"\n{rows}\n{_ROWS}{week}'


_ROWS = "".join(
    f'[[slo.alert]]\nseverity = "{severity}"\nbudget = {budget}\nlong = "{long}"\nshort = "{short}"\n'
    for severity, budget, long, short in (
        ("page", 2, "1h", "5m"),
        ("page", 5, "6h", "30m"),
        ("ticket", 10, "1d", "2h"),
    )
)


def our_config(url: str, promises: Iterable[str]) -> str:
    """The configuration of burnline with those SLOs on that Prometheus."""
    return f'[[source]]\nkind = "prometheus"\nurl = "{url}"\n' + "\n".join(promises)


def their_files(
    place: Path, url: str, slos: Mapping[str, str], steps: Sequence[tuple[int, float]]
) -> None:
    """Write its configuration and a file an SLO."""
    (place / "slos").mkdir(parents=True)
    for name, text in slos.items():
        (place / "slos" / f"{name}.yaml").write_text(text)
    policy = "".join(
        f"    - name: {window} s\n      window: {window}\n      burn_rate_threshold: {threshold}\n"
        "      alert: true\n      message_alert: alert\n      message_ok: ok\n"
        for window, threshold in steps
    )
    (place / "config.yaml").write_text(
        f"backends:\n  prometheus:\n    url: {url}\nexporters: {{}}\n"
        f"error_budget_policies:\n  default:\n    steps:\n{policy}"
    )


def burnline(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of burnline in the folder, as a process of its own."""
    return run([str(Path(sys.executable).parent / "burnline"), *words], place)


def run(command: Sequence[str], place: Path) -> subprocess.CompletedProcess[str]:
    """What a command did; its code is left to who asked."""
    return subprocess.run(  # noqa: S603 - the commands of this file
        command, cwd=place, env=os.environ, capture_output=True, text=True, check=False, timeout=900
    )
