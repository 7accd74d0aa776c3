"""Sloth: `prometheus/v1` files, its Kubernetes resource, and its tables of alert windows.

Source: slok/sloth, pkg/prometheus/api/v1 and pkg/prometheus/alertwindows/v1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from slo.burn import default_policy
from slo.formats.contract import Carried, Definitions, Format, Ledger, Owner
from slo.formats.documents import Piece
from slo.formats.ranges import unlike
from slo.formats.reading import Fields
from slo.indicator import Absent, Ratio
from slo.lengths import DAY_S
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Policy, Severity
from slo.promql.meaning import Meaning, meant_by, meant_by_ratio, recording
from slo.selector import Selector
from slo.spans import RollingWindow, length_label

_VERSION = "prometheus/v1"
_KINDS = {"PrometheusServiceLevel", "AlertWindows"}
_WINDOW = re.compile(r"\{\{-?\s*\.window\s*-?\}\}")
_PERIOD = RollingWindow(30 * DAY_S)
_CAMEL = {
    "error_query": "errorQuery",
    "total_query": "totalQuery",
    "error_ratio_query": "errorRatioQuery",
    "page_alert": "pageAlert",
    "ticket_alert": "ticketAlert",
}
_ROUTING = "an alert goes to the channels that notify names"


def _claims(piece: Piece) -> bool:
    return piece.said("version") == _VERSION or (
        piece.said("kind") in _KINDS and (piece.said("apiVersion") or "").startswith("sloth.")
    )


def _read(pieces: Sequence[Piece], ledger: Ledger) -> Definitions:
    """The SLOs of all files, over the period and by the alert rows of a table beside them."""
    tables = dict(_tables([one for one in pieces if one.said("kind") == "AlertWindows"], ledger))
    window = next(iter(tables)) if len(tables) == 1 else _PERIOD
    policy = tables.get(window)
    slos: list[Carried] = []
    services: dict[str, Owner] = {}
    for piece in pieces:
        if piece.said("kind") != "AlertWindows":
            read = _Spec(piece, ledger)
            found = list(read.slos(window, policy))
            slos += found
            services.update({read.service: read.owner()} if found else {})
    named = tuple((f"alert-windows-{one.kind}", rows) for one, rows in tables.items())
    return Definitions(
        slos=tuple(slos), services=tuple(services.values()), policies=() if slos else named
    )


class _Spec:
    """One file: a service and its SLOs; the resource writes the same keys in camel case."""

    def __init__(self, piece: Piece, ledger: Ledger) -> None:
        self._ledger = ledger
        self._top = Fields(piece, ledger)
        self._top.skip("version", "apiVersion", "kind")
        if piece.said("kind"):
            self._top.note("metadata", "the resource's own name and labels are Kubernetes'")
            self._spec = self._top.below("spec")
            self._top.rest()
        else:
            self._spec = self._top
        self.service = self._spec.name("service") or ""
        self._labels = self._spec.pairs("labels")
        self._spec.leave("slo_plugins", "what plugins do is code of Sloth's")
        self._spec.leave("sloPlugins", "what plugins do is code of Sloth's")

    def owner(self) -> Owner:
        """The service, with the labels of the file."""
        return Owner(name=self.service, labels=self._labels)

    def slos(self, window: RollingWindow, policy: Policy | None) -> Iterator[Carried]:
        """Every SLO of the file that can be carried over."""
        each = self._spec.each("slos")
        if not each:
            self._ledger.refuse(self._spec.piece, "slos is missing; the file holds no SLO")
        for piece in each:
            mark = len(self._ledger.findings)
            found = self._slo(Fields(piece, self._ledger), window, policy)
            if found is not None and self.service and self._ledger.is_sound_since(mark):
                slo, description, labels = found
                about = tuple(self._ledger.findings[mark:])
                yield Carried(
                    slo=slo, description=description, labels=labels, findings=about, piece=piece
                )
        self._spec.rest()

    def _slo(
        self, fields: Fields, window: RollingWindow, policy: Policy | None
    ) -> tuple[Slo, str, tuple[tuple[str, str], ...]] | None:
        name, objective = fields.name("name"), fields.percent("objective")
        description, labels = fields.words("description"), fields.pairs("labels")
        meaning = self._sli(fields.below("sli"), name or "slo")
        severities = set(self._alerting(fields.below("alerting")))
        fields.leave("plugins", "what plugins do is code of Sloth's")
        fields.rest()
        if name is None or objective is None or meaning is None:
            return None
        if not severities:
            self._ledger.leave(
                fields.piece, "alerts cannot be switched off; they are the default's"
            )
        rows = default_policy(objective, window.length_s) if policy is None else policy
        kept = tuple(row for row in rows if row.severity in severities)
        if policy is None:
            self._defaults(fields.piece, objective, window)
        slo = Slo(
            name=f"{self.service}-{name}",
            service=self.service,
            objective=objective,
            window=window,
            source="",
            indicator=meaning.indicator,
            policy=(kept or None) if policy is not None or kept != rows else None,
            group_by=meaning.group_by,
        )
        return slo, description, labels

    def _defaults(self, piece: Piece, objective: Objective, window: RollingWindow) -> None:
        """Say where burnline's rows are not those that Sloth would have made."""
        most = max(row.share * window.length_s / row.long_s for row in _workbook())
        if most * objective.error_budget * 2 > 1:
            said = (
                f"Sloth's fastest page needs {float(most * objective.error_budget * 100):g} % of all"
                " events bad; the default rows here need half of them at most"
            )
            self._ledger.note(piece, said)

    def _sli(self, fields: Fields, name: str) -> Meaning | None:
        if "events" in fields:
            below = fields.below("events")
            bad, total = (self._query(below, key) for key in ("error_query", "total_query"))
            below.rest()
            fields.rest()
            return None if bad is None or total is None else self._events(below, bad, total, name)
        if "raw" in fields:
            below = fields.below("raw")
            ratio = self._query(below, "error_ratio_query")
            below.rest()
            fields.rest()
            return None if ratio is None else self._raw(below, ratio)
        what = "plugin" if "plugin" in fields else "sli"
        said = {
            "plugin": "the queries of an SLI plugin are in its code; write them out as events",
            "sli": "events or raw is missing: it measures nothing",
        }
        self._ledger.refuse(fields.piece_of("plugin"), said[what])
        return None

    def _query(self, below: Fields, key: str) -> str | None:
        """The query under a key; Sloth refuses one that does not ask for its window."""
        spelt = _key(below, key)
        text = below.text(spelt)
        if text is not None and _WINDOW.search(text) is None:
            self._ledger.refuse(below.piece_of(spelt), "must contain {{.window}}")
            return None
        return text

    def _events(self, below: Fields, bad: str, total: str, name: str) -> Meaning | None:
        try:
            meaning = _born_late(meant_by(bad, total, is_bad=True))
        except ValueError as error:
            called = f"{name.replace('-', '_')}:error_ratio"
            rule = recording(bad, total, called, is_bad=True)
            self._ledger.refuse(below.piece, f"{error}; {rule}")
            return None
        self._note_unlike(below.piece, bad, total)
        return meaning

    def _raw(self, below: Fields, ratio: str) -> Meaning | None:
        try:
            meaning = _born_late(meant_by_ratio(ratio, is_failure=True))
        except ValueError as error:
            said = f"{error}; record the query as a gauge and read that by failure_ratio"
            self._ledger.refuse(below.piece, said)
            return None
        self._note_unlike(below.piece, ratio)
        return meaning

    def _note_unlike(self, piece: Piece, *queries: str) -> None:
        """Say where Sloth would divide what is no share of events."""
        if said := unlike(*queries):
            self._ledger.note(piece, said)

    def _alerting(self, fields: Fields) -> Iterator[Severity]:
        """The severities that alert; how Sloth names and routes alerts is Alertmanager's."""
        fields.note("name", "alerts are named by their SLO")
        fields.note("labels", _ROUTING)
        for name, text in fields.pairs("annotations"):
            self._ledger.note(fields.piece_of("annotations"), f"{name} was {text!r}")
        for key, severity in (("page_alert", Severity.PAGE), ("ticket_alert", Severity.TICKET)):
            below = fields.below(_key(fields, key))
            if not below.flag("disable"):
                yield severity
            below.note("labels", _ROUTING)
            below.note("annotations", "the wording of alerts is burnline's")
            below.rest()
        fields.rest()


def _key(fields: Fields, key: str) -> str:
    """The key as this file spells it."""
    return _CAMEL[key] if _CAMEL[key] in fields else key


def _born_late(meaning: Meaning) -> Meaning:
    """Bad events that are a part of one counter: while none has occurred they are none.

    Sloth itself has no SLO at all until the first error.
    """
    match meaning.indicator:
        case Ratio(total, None, str(bad), Absent.NO_DATA) if _metric(bad) == _metric(total):
            return Meaning(Ratio(total, None, bad, Absent.ZERO), meaning.group_by)
        case _:
            return meaning


def _metric(selector: str) -> str:
    return Selector.parse(selector).name


def _workbook() -> Policy:
    return default_policy(Objective.from_percent("99.9"), _PERIOD.length_s)


def _tables(pieces: Sequence[Piece], ledger: Ledger) -> Iterator[tuple[RollingWindow, Policy]]:
    """The rows of each table of alert windows, by the period for which they are."""
    for piece in pieces:
        fields = Fields(piece, ledger)
        fields.skip("apiVersion", "kind")
        below = fields.below("spec")
        window = below.window("sloPeriod")
        rows = [
            _row(below.below(kind).below(speed), severity, ledger)
            for kind, severity in (("page", Severity.PAGE), ("ticket", Severity.TICKET))
            for speed in ("quick", "slow")
        ]
        below.rest()
        fields.rest()
        if window is not None and all(rows):
            kind = length_label(window.length_s)
            ledger.note(piece, f"its rows hold for SLOs over {kind} that are read together with it")
            yield window, tuple(row for row in rows if row is not None)


def _row(fields: Fields, severity: Severity, ledger: Ledger) -> BurnRow | None:
    percent = fields.number("errorBudgetPercent")
    long_s, short_s = fields.length_s("longWindow"), fields.length_s("shortWindow")
    fields.rest()
    if percent is None or long_s is None or short_s is None:
        return None
    try:
        return BurnRow(severity, Fraction(percent) / 100, long_s, short_s)
    except ValueError as error:
        ledger.refuse(fields.piece, str(error))
        return None


FORMAT = Format(title="Sloth", claims=_claims, read=_read)
