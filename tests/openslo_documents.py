"""OpenSLO documents as text, complete but for what a test says, and what is read of them."""

from __future__ import annotations

from slo.formats import registry
from slo.formats.contract import Definitions, Ledger

QUERY = "{metricSource: {type: Prometheus, spec: {query: '%s'}}}"
RATIO = f"{{ratioMetric: {{good: {QUERY % 'sum(g)'}, total: {QUERY % 'sum(r)'}}}}}"
OCCURRENCES = {
    "indicator": f"{{metadata: {{name: x}}, spec: {RATIO}}}",
    "timeWindow": "[{duration: 4w, isRolling: true}]",
    "budgetingMethod": "Occurrences",
    "objectives": "[{target: 0.9995}]",
}


def document(**spec: str) -> str:
    lines = "".join(f"  {key}: {text}\n" for key, text in {**OCCURRENCES, **spec}.items() if text)
    return f"apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: a}}\nspec:\n{lines}"


def named(kind: str, name: str, spec: str) -> str:
    return f"---\napiVersion: openslo/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def read(text: str) -> tuple[Definitions, list[str]]:
    ledger = Ledger()
    held = registry.read({"a.yaml": text}, ledger)
    return held, [str(one) for one in ledger.findings]
