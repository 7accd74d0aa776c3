"""What a table `[[slo]]` measures: which keys go together, and the indicator they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dashboard.config.problems import Problem, Written
from dashboard.config.slo_table import SloTable
from slo.indicator import Absent, Combine, Indicator, Latency, Ratio, Uptime
from slo.nearest import did_you_mean

FORMS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "histogram": (frozenset({"latency"}), frozenset()),
    "samples": (frozenset({"latency"}), frozenset({"only_if"})),
    "total": (frozenset(), frozenset({"good", "bad", "absent"})),
    "uptime": (frozenset(), frozenset({"valid_for", "combine"})),
}
_BELONGING = frozenset().union(*(needed | allowed for needed, allowed in FORMS.values()))
_EXAMPLE = '''histogram = 'name_bucket{job="checkout"}' with latency = "500ms"'''


def _form_problems(values: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Why the keys of a table make no indicator, seen by the keys alone."""
    forms = [form for form in FORMS if form in values]
    if not forms:
        if not any(did_you_mean(key, FORMS) for key in values):
            yield (), f"measures nothing; add {', '.join(FORMS)}, for example {_EXAMPLE}"
        return
    for extra in forms[1:]:
        yield (extra,), f"measures something else than {forms[0]}; one SLO has one indicator"
    needed, allowed = FORMS[forms[0]]
    for key in sorted(needed - values.keys()):
        yield (key,), f'missing; add for example {key} = "500ms"'
    if len(forms) == 1:
        for key in sorted((_BELONGING & values.keys()) - needed - allowed):
            yield (key,), f"does not go with {forms[0]}"
    if {"good", "bad"} <= values.keys():
        yield ("bad",), "write good or bad, not both; the other is what is left of total"
    elif "absent" in values and not values.keys() & {"good", "bad"}:
        yield ("absent",), "says what a missing good or bad means, but neither is written"


def indicator_of(written: Written, sound: SloTable, problems: list[Problem]) -> Indicator | None:
    """What the table measures; None when one of the keys that say so is wrong."""
    wrong = [written.problem(what, *loc) for loc, what in _form_problems(written.values)]
    problems += wrong
    keys = written.values.keys() & (FORMS.keys() | _BELONGING)
    if wrong or not keys or any(getattr(sound, key) is None for key in keys):
        return None
    if sound.uptime is not None:
        valid_s = Uptime(sound.uptime).valid_s if sound.valid_for is None else sound.valid_for
        return Uptime(sound.uptime, valid_s, sound.combine or Combine.MAJORITY)
    if sound.total is not None:
        return Ratio(sound.total, sound.good, sound.bad, sound.absent or Absent.NO_DATA)
    if sound.latency is None:
        return None
    return Latency(sound.latency, sound.histogram, sound.samples, sound.only_if)
