"""Prometheus recording and alerting rules that weigh events, with exact decimals.

What burns is the sum of increases of bad events over that of all events, over each window of the
policy: a night with ten requests counts as ten requests. Nothing is averaged that must be summed.
Windows longer than the history are not weighed by what was seen, as burnline itself does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from urllib.parse import quote

import yaml

from slo.burn import factor, policy_windows
from slo.exact import exact_text
from slo.formats.contract import Carried, Definitions, Finding, Format, Ledger, Owner, Weight
from slo.formats.fitting import rows_of
from slo.formats.judged import MEMBERS, Judged, judged
from slo.objective import Slo
from slo.policy import BurnRow, Severity
from slo.spans import RollingWindow, length_label, longest_s

_ALERT = {Severity.PAGE: "ErrorBudgetPage", Severity.TICKET: "ErrorBudgetTicket"}
_MISSING = "ErrorBudgetNotMeasured"
_BURNS = "burnline:bad:ratio"
_OWN_LABELS = frozenset({"slo", "severity", "window", MEMBERS})
_Rule = dict[str, object]


def _write(definitions: Definitions, ledger: Ledger) -> str:
    """A rule group for each SLO; what rules cannot say is told in the ledger."""
    owners = {owner.name: owner for owner in definitions.services}
    kinds = {origin.name: origin.kind for origin in definitions.sources}
    groups: list[_Rule] = []
    for carried in definitions.slos:
        try:
            _held(carried.slo, kinds)
            each = judged(carried.slo)
        except ValueError as error:
            _tell(ledger, carried, str(error), Weight.REFUSED)
            continue
        groups += _groups(carried, each, owners.get(carried.slo.service))
        for what in _unsaid(carried.slo):
            _tell(ledger, carried, what, Weight.LEFT_OUT)
    return yaml.dump(
        {"groups": groups}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000
    )


def _held(slo: Slo, kinds: Mapping[str, str]) -> None:
    """Refuse an SLO of which no Prometheus has the facts, or whose members rules would merge."""
    taken = _OWN_LABELS.intersection(slo.group_by)
    if taken:
        raise ValueError(f"its group_by names {', '.join(sorted(taken))}, which rules label with")
    kind = kinds.get(slo.source, "prometheus")
    if kind != "prometheus":
        raise ValueError(f"its facts come from a source of kind {kind}, not from a Prometheus")


class _Dumper(yaml.SafeDumper):
    """Each value written out where it stands."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Expressions of several lines as such."""
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _tell(ledger: Ledger, carried: Carried, what: str, weight: Weight) -> None:
    ledger.findings.append(Finding("", 0, "", f'slo "{carried.slo.name}": {what}', weight))


def _unsaid(slo: Slo) -> Iterator[str]:
    """What the rules of an SLO do not do."""
    if not isinstance(slo.window, RollingWindow):
        yield (
            f"the budget of a calendar {slo.window.kind} is not recorded; its alerts are, by the"
            f" factors of the longest {slo.window.kind} there is"
        )
    if slo.further:
        kinds = ", ".join(window.kind for window in slo.further)
        yield f"its further windows ({kinds}) are not recorded"
    if slo.breakdown:
        yield "its breakdown is not recorded"


def _groups(carried: Carried, each: tuple[Judged, ...], owner: Owner | None) -> Iterator[_Rule]:
    """The rules that are weighed every minute, of members before those of all; then the budgets."""
    slo = carried.slo
    lengths = policy_windows(rows_of(slo))
    ratios = [_recorded(one, length_s) for one in each for length_s in lengths]
    alerts = [rule for one in each for rule in _alerts(carried, one, owner)]
    missing = _missing(carried, each[-1], owner)
    yield {"name": f"burnline {slo.name}", "rules": [*ratios, *alerts, missing]}
    if isinstance(slo.window, RollingWindow):
        yield {
            "name": f"burnline {slo.name} budget",
            "interval": "5m",
            "rules": [_budget(one) for one in each],
        }


def _alerts(carried: Carried, one: Judged, owner: Owner | None) -> Iterator[_Rule]:
    rows = rows_of(one.slo)
    for severity in Severity:
        if own := [row for row in rows if row.severity is severity]:
            yield _alert(carried, one, own, severity, owner)


def _labels(slo: Slo, owner: Owner | None = None) -> dict[str, str]:
    """What every rule of an SLO carries; a label that tells its members apart stays theirs."""
    team = "" if owner is None else owner.team
    told = {"slo": slo.name, "service": slo.service, "team": team}
    return {key: text for key, text in told.items() if text and key not in slo.group_by}


def _recorded(one: Judged, length_s: int) -> _Rule:
    """The share of bad events in the last `length_s`; no value while there are no events."""
    return {
        "record": f"{_BURNS}{length_label(length_s)}",
        "expr": _share(one, length_s),
        "labels": {**_labels(one.slo), **one.labels},
    }


def _share(one: Judged, length_s: int) -> str:
    return f"{one.counted.bad(length_s)} / ({one.counted.total(length_s)} > 0)"


def _budget(one: Judged) -> _Rule:
    """The share of the budget that is left over the whole window, weighed by events."""
    share = _share(one, longest_s(one.slo.window))
    return {
        "record": "burnline:budget:remaining",
        "expr": f"1 - ({share}) / {_literal(one.slo.objective.error_budget)}",
        "labels": {**_labels(one.slo), **one.labels, "window": one.slo.window.kind},
    }


def _literal(value: Fraction) -> str:
    """The value as PromQL: its decimal where it has one, else the quotient that it is.

    >>> _literal(Fraction(144, 10_000)), _literal(Fraction(7, 30_000))
    ('0.0144', '(7 / 30000)')
    """
    text = exact_text(value)
    return f"({value.numerator} / {value.denominator})" if "/" in text else text


def _alert(
    carried: Carried, one: Judged, rows: list[BurnRow], severity: Severity, owner: Owner | None
) -> _Rule:
    """One alert of a severity: any of its rows fires."""
    expr = "\nor\n".join(f"(\n{_row(one, row)}\n)" for row in rows)
    labels = {"severity": severity.value, **_labels(one.slo, owner), **one.labels}
    return {
        "alert": _ALERT[severity],
        "expr": f"{expr}\n",
        "labels": labels,
        "annotations": dict(_annotations(carried, one, rows, owner)),
    }


def _row(one: Judged, row: BurnRow) -> str:
    """Both windows burn faster than the row's factor, on events enough to say so."""
    slo = one.slo
    limit = _literal(factor(row, longest_s(slo.window)) * slo.objective.error_budget)
    each = [
        f"  {_BURNS}{length_label(length_s)}{one.matchers} > {limit}"
        for length_s in (row.long_s, row.short_s)
    ]
    if row.min_bad_events:
        group = ", ".join(slo.group_by)
        bad = one.counted.bad(row.long_s)
        return "\nand\n".join(each) + f"\nand on ({group})\n  {bad} >= {row.min_bad_events}"
    return "\nand\n".join(each)


def _annotations(
    carried: Carried, one: Judged, rows: list[BurnRow], owner: Owner | None
) -> Iterator[tuple[str, str]]:
    """What the alert says; nothing in names and descriptions is taken for a template."""
    slo = carried.slo
    subject = f"{_plain(slo.service or slo.name)}{_whose(one)}"
    allowed = exact_text(slo.objective.error_budget * 100)
    yield (
        "summary",
        (
            f"{subject}: {{{{ $value | humanizePercentage }}}} of events are bad (allowed {allowed} %)"
        ),
    )
    longest = length_label(max(row.long_s for row in rows))
    yield (
        "description",
        (
            f"{_plain(slo.name)} promises {slo.objective.percent:f} % over {slo.window.kind}; what burns"
            f" is weighed by events over {longest} at the longest"
        ),
    )
    if carried.description:
        yield "about", _plain(carried.description)
    if owner is not None:
        links = (("runbook_url", owner.runbook), ("dashboard_url", owner.dashboard))
        for name, link in (*links, ("logs_url", owner.logs)):
            if link:
                yield name, _filled(link, owner.name)


def _whose(one: Judged) -> str:
    """Which member of a group burns, or that it is all of them together."""
    if one.is_whole_group:
        return ", all together"
    told = ", ".join(f"{label} {{{{ $labels.{label} }}}}" for label in one.slo.group_by)
    return f" ({told})" if told else ""


def _filled(link: str, service: str) -> str:
    """The link with the service's name, and the last hour as the server knows it."""
    plain = _plain(link).replace("{service}", _plain(quote(service, safe="")))
    return plain.replace("{from}", _moment("time() - 3600")).replace("{to}", _moment("time()"))


def _moment(query: str) -> str:
    """A moment in a template, as RFC 3339 and fit for an address."""
    read = f'query "vector({query})" | first | value | toTime'
    return f'{{{{ ({read}).UTC.Format "2006-01-02T15:04:05Z" | urlquery }}}}'


def _plain(text: str) -> str:
    """The text as a template that says just that."""
    return text.replace("{{", '{{ "{{" }}')


def _missing(carried: Carried, whole: Judged, owner: Owner | None) -> _Rule:
    """Nothing pages on what is not measured; this says that it is not."""
    slo = carried.slo
    labels = {"severity": Severity.TICKET.value, **_labels(whole.slo, owner)}
    said = f"{_plain(slo.name)} is not measured: a series that it needs is missing"
    return {
        "alert": _MISSING,
        "expr": " or ".join(f"absent({selector})" for selector in whole.counted.needed),
        "for": "10m",
        "labels": labels,
        "annotations": {"summary": said},
    }


FORMAT = Format(title="Prometheus rules", write=_write)
