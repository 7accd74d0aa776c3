"""Which kinds there are, what they are told in the configuration, and how their goals read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from collectors.described import described
from dashboard.measures import registry
from slo.evidence.terms import Better, Op

ROOT = Path(__file__).resolve().parents[3]
SOUND = {
    "event_rate": {"events": "deployment"},
    "uptime": {"uptime": "probe"},
    "share": {"share": "rework"},
    "latency_quantile": {"samples": "seconds"},
    "duration": {"duration": "lead"},
    "snapshot": {"gauge": "rating"},
}
GOALS = [
    ("latency_quantile", {"samples": "s"}, "< 500ms", (Op.LT, 0.5)),
    ("latency_quantile", {"samples": "s"}, "<= 1m30s", (Op.LTE, 90.0)),
    ("duration", {"duration": "pipeline"}, "< 12h", (Op.LT, 43_200.0)),
    ("uptime", {"uptime": "probe"}, "≥ 99.95 %", (Op.GTE, 0.9995)),
    ("uptime", {"uptime": "probe"}, ">= 99.95%", (Op.GTE, 0.9995)),
    ("share", {"share": "change-fail"}, "≤ 15 %", (Op.LTE, 0.15)),
    ("event_rate", {"events": "deployment", "unit": "week"}, ">= 1 a week", (Op.GTE, 1.0)),
    ("event_rate", {"events": "deployment", "unit": "year"}, ">= 3 a quarter", (Op.GTE, 12.0)),
    ("event_rate", {"events": "deployment"}, "> 4 per month", (Op.GT, 4.0)),
    ("event_rate", {"events": "deployment"}, "> 4", (Op.GT, 4.0)),
    ("snapshot", {"gauge": "rating"}, ">= 4.5", (Op.GTE, 4.5)),
    ("snapshot", {"gauge": "rating", "unit": "of 5"}, ">= 4.5 of 5", (Op.GTE, 4.5)),
]
WRONG_GOALS = [
    ("latency_quantile", {"samples": "s"}, "< 500"),
    ("latency_quantile", {"samples": "s"}, "< 95 %"),
    ("latency_quantile", {"samples": "s"}, "500ms"),
    ("duration", {"duration": "pipeline"}, "< 12 apples"),
    ("uptime", {"uptime": "probe"}, ">= 99.95"),
    ("uptime", {"uptime": "probe"}, ">= 199 %"),
    ("uptime", {"uptime": "probe"}, ">= 500ms"),
    ("uptime", {"uptime": "probe"}, ">= -1 %"),
    ("share", {"total": "requests"}, ">= 99.9 %"),
    ("share", {"share": "rework"}, "<= nan %"),
    ("event_rate", {"events": "release"}, ">= 1 a fortnight"),
    ("event_rate", {"events": "release"}, ">= 5 %"),
    ("event_rate", {"events": "release"}, "weekly"),
    ("event_rate", {"events": "release"}, ">= " + "9" * 400),
    ("snapshot", {"gauge": "rating", "unit": "points"}, ">= 4.5 stars"),
    ("snapshot", {"gauge": "rating"}, ">= inf"),
    ("snapshot", {"gauge": "rating"}, ""),
]


def test_the_kinds_are_the_files_and_naming_them_imports_none() -> None:
    code = "import sys; from dashboard.measures import registry; print(*registry.names());"
    code += "print(*(m for m in sys.modules if '.kinds.' in m))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    named, _, imported = done.stdout.partition("\n")
    files = {path.stem for path in (ROOT / "dashboard/measures/kinds").glob("[a-z]*.py")}
    assert set(named.split()) == set(registry.names()) == files
    assert imported.split() == []


def test_options_of_every_kind_load_neither_scipy_nor_the_store() -> None:
    code = "import sys; from dashboard.measures import registry;"
    code += "[registry.load(each) for each in registry.names()]; print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert {"scipy", "sqlalchemy", "dashboard.config", "streamlit"} & {
        *done.stdout.split()
    } == set()


def test_a_kind_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="event_rate"):
        registry.load("event_rates")


@pytest.mark.parametrize("kind", registry.names())
def test_every_key_of_every_kind_says_what_it_means(kind: str) -> None:
    made = registry.load(kind)

    assert described(made.options).keys() == made.options.model_fields.keys()
    assert made.options.model_json_schema()["properties"]


@pytest.mark.parametrize("kind", registry.names())
def test_an_unknown_key_is_refused_by_every_kind(kind: str) -> None:
    with pytest.raises(ValueError, match="Extra inputs"):
        registry.load(kind).options.model_validate({**SOUND[kind], "threshold": 1})


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("uptime", {}),
        ("uptime", {"uptime": "probe", "events": "incident"}),
        ("uptime", {"events": "incident", "valid_for": "5m"}),
        ("share", {}),
        ("share", {"share": "rework", "total": "requests"}),
        ("share", {"share": "rework", "bad": "errors"}),
        ("share", {"total": "requests", "good": "a", "bad": "b"}),
        ("latency_quantile", {}),
        ("latency_quantile", {"samples": "a", "histogram": "b"}),
        ("latency_quantile", {"histogram": "b", "only_if": "up"}),
        ("latency_quantile", {"samples": "a", "quantile": 100}),
        ("latency_quantile", {"samples": "rate(a[5m])"}),
        ("event_rate", {"events": "release", "severity": ["1"]}),
        ("event_rate", {"events": "annotation"}),
        ("duration", {"duration": "lunch"}),
        ("snapshot", {}),
    ],
    ids=str,
)
def test_options_that_do_not_fit_together_are_refused(kind: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        registry.load(kind).options.model_validate(options)


@pytest.mark.parametrize(("kind", "options", "text", "wanted"), GOALS)
def test_a_goal_is_read_in_the_unit_of_its_measure(
    kind: str, options: dict[str, Any], text: str, wanted: tuple[Op, float]
) -> None:
    made = registry.load(kind)

    goal = made.goal(text, made.options.model_validate(options))

    assert (goal.op, goal.value) == (wanted[0], pytest.approx(wanted[1], rel=1e-12))


@pytest.mark.parametrize(("kind", "options", "text"), WRONG_GOALS)
def test_a_goal_of_another_unit_is_refused_with_a_sentence(
    kind: str, options: dict[str, Any], text: str
) -> None:
    made = registry.load(kind)

    with pytest.raises(ValueError, match=r"\w+ \w+ \w+") as refused:
        made.goal(text, made.options.model_validate(options))

    assert "\n" not in str(refused.value)


def test_fewer_incidents_are_better_and_more_deployments() -> None:
    kind = registry.load("event_rate")

    def better(events: str) -> Better | None:
        return kind.better_for(kind.options.model_validate({"events": events}))

    assert (better("incident"), better("release")) == (Better.LOWER, Better.HIGHER)
    assert better("pipeline_run") is None
