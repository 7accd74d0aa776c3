"""Burn policies fire in the very minutes in which Sloth's rules do, as promtool runs them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from pathlib import Path

import pytest

from slo.burn import default_policy, firing, policy_windows
from slo.objective import Objective
from slo.policy import Severity
from slo.tally import Tally

MONTH_S = 30 * 86_400
OBJECTIVE = Objective.from_percent("99.9")
POLICY = default_policy(OBJECTIVE, MONTH_S)

# (minutes, good and bad requests of each): fast, slow and creeping burns, traffic that comes,
# goes and stops. No window burns exactly at a factor: there Sloth fires, because its floats
# make the budget of 99.9 % a hair smaller than 0.001, and the comparison is strict.
PHASES = (
    (12, 0, 1_000), (90, 1_000, 0), (40, 979, 21), (60, 1_000, 0), (150, 993, 7), (30, 0, 0),
    (20, 10, 41), (60, 100, 0), (200, 997, 3), (45, 3_001, 1), (3, 499, 502), (7, 1_000, 0),
    (3, 500, 503), (420, 1_000, 0),
)  # fmt: skip

# Without an order promtool picks one at random, and an alert may see the ratios of before.
GROUPS = ("sli-recordings", "meta-recordings", "alerts")


@dataclass(frozen=True, slots=True)
class Replay:
    """One severity, asked every so many minutes after a quiet time that fills its windows."""

    severity: Severity
    every_minutes: int
    quiet_minutes: int

    def minutes(self) -> list[tuple[int, int]]:
        quiet = (self.quiet_minutes, 1_000, 0)
        phases = (repeat((good, bad), count) for count, good, bad in (quiet, *PHASES))
        return list(chain.from_iterable(phases))

    def asked(self) -> range:
        return range(self.quiet_minutes, len(self.minutes()) + 1, self.every_minutes)

    def fires(self) -> list[bool]:
        """Whether the severity fires at each minute asked, by our arithmetic."""
        good = list(accumulate((one for one, _ in self.minutes()), initial=0))
        bad = list(accumulate((one for _, one in self.minutes()), initial=0))
        return [self._fires_at(minute, good, bad) for minute in self.asked()]

    def _fires_at(self, minute: int, good: list[int], bad: list[int]) -> bool:
        measured = {}
        for length_s in policy_windows(POLICY):
            since = max(0, minute - length_s // 60)
            ok, failed = good[minute] - good[since], bad[minute] - bad[since]
            measured[length_s] = Tally(ok, ok + failed, (minute - since) * 60)
        fired = firing(POLICY, OBJECTIVE, measured, MONTH_S)
        return self.severity in {one.severity for one in fired}


def promtool_test(rules: Path, replay: Replay, fires: list[bool]) -> dict[str, object]:
    """What promtool is to find: the alerts of each minute that burnline says fire."""
    columns = [accumulate(column, initial=0) for column in zip(*replay.minutes(), strict=True)]
    name = 'http_request_duration_seconds_count{job="myservice",code="%s"}'
    series = [
        {"series": name % code, "values": " ".join(map(str, column))}
        for code, column in zip(("200", "500"), columns, strict=True)
    ]
    alerts = f'count(ALERTS{{sloth_severity="{replay.severity}"}}) or vector(0)'
    expected = [
        {
            "expr": alerts,
            "eval_time": f"{minute}m",
            "exp_samples": [{"labels": "{}", "value": int(fired)}],
        }
        for minute, fired in zip(replay.asked(), fires, strict=True)
    ]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": expected}
    return {
        "rule_files": [str(rules)],
        "group_eval_order": [
            f"sloth-slo-{group}-myservice-requests-availability" for group in GROUPS
        ],
        "evaluation_interval": f"{replay.every_minutes}m",
        "tests": [test],
    }


@pytest.mark.prometheus
@pytest.mark.parametrize(
    "replay",
    [Replay(Severity.PAGE, 1, 361), Replay(Severity.TICKET, 10, 4_320)],
    ids=["page", "ticket"],
)
def test_the_default_policy_fires_to_the_minute_as_sloths_rules_do(
    shared: Path, tmp_path: Path, replay: Replay
) -> None:
    fires = replay.fires()
    test = tmp_path / "test.yml"
    rules = shared / "oracles/promql/sloth-getting-started.rules.yml"
    test.write_text(json.dumps(promtool_test(rules, replay, fires)))

    ran = subprocess.run(
        ["promtool", "test", "rules", test], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, (ran.stdout + ran.stderr)[:2_000]
    assert 0 < fires.count(True) < len(fires) - 1
