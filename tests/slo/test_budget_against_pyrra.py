"""The budget of events is that of Pyrra's formula, over increases that promtool evaluates."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest
from promtool_judge import answers

from slo.budget import Budget
from slo.objective import Objective
from slo.tally import Tally

DAYS, DAY = 3, 1_440
NAME = 'http_requests_total{job="api",code="%s"}'
# Good and bad requests of each minute: a busy day, a night with an incident, a quiet day.
MINUTES = [(1_000, 0)] * DAY + [(37, 0)] * 400 + [(20, 17)] * 60 + [(1_003, 1)] * (2 * DAY - 460)


TARGETS = ("90", "99", "99.5", "99.9", "99.95", "99.99")
ERRORS, TOTAL = 'sum(http_requests:increase3d{code=~"5.."})', "sum(http_requests:increase3d)"


@pytest.mark.prometheus
def test_what_is_left_equals_pyrras_formula_to_the_twelfth_digit(
    shared: Path, tmp_path: Path
) -> None:
    good, bad = (list(accumulate(column, initial=0)) for column in zip(*MINUTES, strict=True))
    tally = Tally(good[-1], good[-1] + bad[-1])
    asked = [(pyrras(float(percent) / 100), DAYS * DAY) for percent in TARGETS]

    rules = shared / "oracles/promql/pyrra.rules.yml"
    theirs = answers(tmp_path, {NAME % "200": good, NAME % "500": bad}, asked, rules)

    for percent, left in zip(TARGETS, theirs, strict=True):
        ours = Budget(Objective.from_percent(percent), tally).remaining
        assert ours is not None
        # Theirs subtracts floats: of 1 - 0.9999 the twelfth digit is wrong already.
        precision = max(1e-12, 2.3e-16 / (1 - float(percent) / 100))
        assert left == pytest.approx(float(ours), rel=precision, abs=0), percent


def pyrras(target: float) -> str:
    """What is left of the budget by Pyrra, in its own words."""
    return f"((1 - {target!r}) - {ERRORS} / {TOTAL}) / (1 - {target!r})"
