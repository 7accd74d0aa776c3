"""promtool as a judge: expressions over counters that a test makes up, asked at every minute."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger
from slo.objective import Slo

_STEP = 48  # the minutes whose answers one number holds, a bit each
_GOT = re.compile(r"^\s+got: (?:nil|\{[^}]*\} (\S+))$", re.MULTILINE)

Samples = Mapping[str, Sequence[float | None]]
"""What was scraped of each series, a sample a minute from minute 0 on; None where none was."""


def answers(
    folder: Path,
    series: Samples,
    asked: Sequence[tuple[str, int]],
    *rules: Path,
) -> list[float | None]:
    """What promtool evaluates each expression to at its minute; None where there is nothing.

    The rule files record and fire meanwhile, each minute or as they say. It is told to expect what no answer here is, and its complaints are read.
    """
    lines = [{"series": name, "values": _written(values)} for name, values in series.items()]
    expected = [
        {"expr": expr, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": -1}]}
        for expr, minute in asked
    ]
    test = {"interval": "1m", "input_series": lines, "promql_expr_test": expected}
    path = folder / "judge.yml"
    files = [str(each) for each in rules]
    whole = {"rule_files": files, "evaluation_interval": "1m", "tests": [test]}
    path.write_text(json.dumps(whole))
    ran = subprocess.run(
        ["promtool", "test", "rules", path], capture_output=True, text=True, check=False
    )
    said = ran.stdout + ran.stderr
    found = [float(got) if got else None for got in _GOT.findall(said)]
    if len(found) != len(asked):
        raise AssertionError(said[:2_000])
    return found


def exported(slo: Slo, folder: Path) -> Path:
    """The file of the rules that burnline exports for an SLO."""
    write = registry.load("prometheus").write
    assert write is not None
    path = folder / "rules.yml"
    path.write_text(write(Definitions(slos=(Carried(slo=slo),)), Ledger()))
    return path


def true_minutes(folder: Path, series: Samples, condition: str, last: int) -> set[int]:
    """The minutes up to the last at which a condition holds: every one of them is asked."""
    (found,) = all_true_minutes(folder, series, [condition], last)
    return found


def all_true_minutes(
    folder: Path, series: Samples, wanted: Sequence[str], last: int
) -> list[set[int]]:
    """The same of several conditions, over one reading of the samples."""
    ends = range(_STEP - 1, last + _STEP, _STEP)
    asked = [(_bits_of(condition), end) for condition in wanted for end in ends]
    masks = iter(answers(folder, series, asked))
    return [
        {
            end - _STEP + 1 + bit
            for end in ends
            for bit in _bits(int(next(masks) or 0))
            if end - _STEP + 1 + bit <= last
        }
        for _ in wanted
    ]


def _bits_of(condition: str) -> str:
    """A number whose bits say at which of the last minutes the condition held."""
    # Aligned steps within the range, whichever of its ends this promtool counts in.
    steps = f"[{_STEP - 1}m30s:1m]"
    bit = f"({condition}) * 0 + 2 ^ ((time() / 60) % {_STEP})"
    return f"sum(sum_over_time(({bit}){steps})) or vector(0)"


def conditions(rules: Path) -> dict[str, str]:
    """The condition of each alert of a rule file by its severity, over raw series alone.

    A recorded series is replaced by the expression that it records.
    """
    found = [
        rule for group in yaml.safe_load(rules.read_text())["groups"] for rule in group["rules"]
    ]
    recorded = ratios(rules)
    named = re.compile("(" + "|".join(map(re.escape, recorded)) + r")(\{[^}]*\})?(?![\w:])")
    return {
        rule["labels"]["sloth_severity"]: named.sub(
            lambda match: f"({recorded[match[1]]})", rule["expr"]
        )
        for rule in found
        if "alert" in rule
    }


def ratios(rules: Path) -> dict[str, str]:
    """The expressions over raw series that a rule file records, by the name they get."""
    found = [
        rule for group in yaml.safe_load(rules.read_text())["groups"] for rule in group["rules"]
    ]
    return {
        rule["record"]: rule["expr"]
        for rule in found
        if "record" in rule and "ratio_rate" in rule["record"] and "[30d]" not in rule["expr"]
    }


def _written(values: Sequence[float | None]) -> str:
    return " ".join("_" if value is None else repr(value) for value in values)


def _bits(mask: int) -> Iterator[int]:
    return (bit for bit in range(_STEP) if mask >> bit & 1)
