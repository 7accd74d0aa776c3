"""OpenSLO documents as definitions: SLOs with what they refer to, services and data sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from slo.formats.contract import Carried, Definitions, Ledger, Origin, Owner
from slo.formats.documents import Piece
from slo.formats.openslo.alerts import Objects, policy_of
from slo.formats.openslo.alpha import modern
from slo.formats.openslo.indicators import Measured, Reader, is_read, sliced
from slo.formats.openslo.windows import DEFAULT, nominal_s, window_of, window_said
from slo.formats.openslo.words import ALPHA, VERSION, fit_name, foreign, own, unlisted
from slo.formats.reading import Fields
from slo.objective import Objective, Slo
from slo.tally import Treatment

_REFERRED = ("SLI", "AlertPolicy", "AlertCondition", "AlertNotificationTarget")
_KINDS = ("SLO", "Service", "DataSource", *_REFERRED)


def read(pieces: Sequence[Piece], ledger: Ledger) -> Definitions:
    """What the documents promise; those that only others refer to are judged there."""
    known = [modern(one) for one in pieces if _is_known(one, ledger)]
    objects = {(one.said("kind") or "", one.said("metadata", "name") or ""): one for one in known}
    kinds = {
        name: one.said("spec", "type") or ""
        for (kind, name), one in objects.items()
        if kind == "DataSource"
    }
    slos = [one for one in known if one.said("kind") == "SLO"]
    if not slos:
        _unused(known, kinds, ledger)
    carried = (each for one in slos for each in _Promised(one, objects, kinds, ledger).each())
    return Definitions(
        slos=tuple(carried),
        services=_firsts(known, "Service", ledger),
        sources=tuple(_sources(known, ledger)),
    )


def _is_known(piece: Piece, ledger: Ledger) -> bool:
    if piece.said("apiVersion") not in {VERSION, ALPHA}:
        ledger.refuse(piece, f"{VERSION} and {ALPHA} are read, not {piece.said('apiVersion')}")
    elif piece.said("kind") not in _KINDS:
        ledger.refuse(piece, f"kind must be one of {', '.join(_KINDS)}")
    elif not piece.said("metadata", "name"):
        ledger.refuse(piece, "metadata.name is missing")
    else:
        return True
    return False


def _unused(known: Sequence[Piece], kinds: dict[str, str], ledger: Ledger) -> None:
    """Judge what no SLO of these files uses, so that a file of indicators alone is read too."""
    for piece in known:
        kind = piece.said("kind")
        if kind == "SLI":
            Reader(ledger, kinds, {}).judge(Fields(piece.at("spec") or piece, ledger))
        if kind in _REFERRED:
            ledger.note(piece, "no SLO in these files refers to it; name the file that does too")


def _firsts(known: Sequence[Piece], kind: str, ledger: Ledger) -> tuple[Owner, ...]:
    """The services; a name that stands twice is refused the second time."""
    found: dict[str, tuple[Owner, Piece]] = {}
    for piece in known:
        if piece.said("kind") != kind:
            continue
        owner = _service(Fields(piece, ledger))
        if owner.name in found:
            said = f'"{owner.name}" is already defined at {found[owner.name][1].where}'
            ledger.refuse(piece, said)
        found.setdefault(owner.name, (owner, piece))
    return tuple(owner for owner, _ in found.values())


def _service(fields: Fields) -> Owner:
    fields.skip("apiVersion", "kind")
    metadata, spec = fields.below("metadata"), fields.below("spec")
    annotations = metadata.pairs("annotations")
    said = own(annotations)
    owner = Owner(
        name=said.get("name") or metadata.name("name") or "",
        title=metadata.words("displayName"),
        description=spec.words("description"),
        team=said.get("team", ""),
        labels=metadata.pairs("labels"),
        runbook=said.get("runbook", ""),
        dashboard=said.get("dashboard", ""),
        logs=said.get("logs", ""),
    )
    if foreign(annotations):
        metadata.note("annotations", "what others read stays with them")
    for each in (metadata, spec, fields):
        each.rest()
    return owner


def _sources(known: Sequence[Piece], ledger: Ledger) -> Iterator[Origin]:
    for piece in known:
        if piece.said("kind") != "DataSource":
            continue
        fields = Fields(piece, ledger)
        metadata, spec = fields.below("metadata"), fields.below("spec")
        name, kind = metadata.name("name") or "", spec.words("type")
        if is_read(kind) and kind.lower() != "prometheus":
            ledger.leave(piece, f"a source of kind {kind} is written by hand, with its files")
            continue
        if not is_read(kind):
            said = f'type "{kind}" is not a kind of source that is read here; Prometheus is'
            ledger.refuse(spec.piece_of("type"), said)
            continue
        details = [Fields(each, ledger) for each in spec.each("connectionDetails")]
        addresses = [each.words("url") for each in details if "url" in each]
        for each in details:
            for key in set(each.keys) - {"url"}:
                each.leave(key, "write it by hand: secrets are not copied from file to file")
        title, description = metadata.words("displayName"), spec.words("description")
        address = addresses[0] if addresses else ""
        yield Origin(
            name=name, kind="prometheus", address=address, title=title, description=description
        )


class _Promised:
    """One SLO document; each of its objectives is an SLO here."""

    def __init__(
        self, piece: Piece, objects: Objects, kinds: dict[str, str], ledger: Ledger
    ) -> None:
        self._piece, self._objects, self._ledger = piece, objects, ledger
        self._mark = len(ledger.findings)
        self._top = Fields(piece, ledger)
        self._top.skip("apiVersion", "kind")
        self._metadata, self._spec = self._top.below("metadata"), self._top.below("spec")
        self._annotations = self._metadata.pairs("annotations")
        self._said = own(self._annotations)
        self._reader = Reader(ledger, kinds, self._said)

    def each(self) -> Iterator[Carried]:
        """The SLOs of the document; none where something that all of them share is refused."""
        title, labels = self._metadata.words("displayName"), self._metadata.pairs("labels")
        description = self._spec.words("description")
        if foreign(self._annotations):
            self._metadata.note("annotations", "what others read stays with them")
        found = tuple(self._slos())
        self._metadata.skip("name")
        self._spec.skip("budgetingMethod", "alertPolicies")
        for fields in (self._metadata, self._spec, self._top):
            fields.rest()
        about = tuple(self._ledger.findings[self._mark :])
        for slo in found if self._ledger.is_sound_since(self._mark) else ():
            yield Carried(
                slo=slo,
                title=title,
                description=description,
                labels=labels,
                findings=about,
                piece=self._piece,
            )

    def _slos(self) -> Iterator[Slo]:
        """An SLO for each objective that can be read."""
        name = self._said.get("name") or self._metadata.name("name")
        service = self._spec.words("service")
        service = "" if "no-service" in self._said else self._said.get("service", service)
        window = window_of(self._spec, self._ledger)
        indicator = self._indicator()
        objectives = self._spec.each("objectives")
        if not objectives:
            self._spec.text("objectives")
        for number, piece in enumerate(objectives):
            objective = Fields(piece, self._ledger)
            suffix = _suffix(objective, number) if len(objectives) > 1 else ""
            made = self._slo(objective, indicator)
            objective.skip("displayName")
            objective.rest()
            if made is not None and window is not None and name:
                slo = replace(made, name=name + suffix, service=service, window=window)
                yield self._extended(slo)

    def _indicator(self) -> Piece | None:
        """The spec of the indicator, written here or referred to."""
        if ("indicator" in self._spec) == ("indicatorRef" in self._spec):
            said = "write indicator or indicatorRef, one of them"
            self._ledger.refuse(self._spec.piece, said)
            return None
        ref = self._spec.words("indicatorRef")
        found = self._objects.get(("SLI", ref)) if ref else self._spec.piece_of("indicator")
        self._spec.skip("indicator", "indicatorRef")
        if found is None:
            said = f'no SLI is called "{ref}" in these files; name the file that holds it too'
            self._ledger.refuse(self._spec.piece_of("indicatorRef"), said)
            return None
        fields = Fields(found, self._ledger)
        fields.skip("apiVersion", "kind", "metadata")
        below = fields.piece_of("spec")
        fields.rest()
        return below

    def _slo(self, objective: Fields, indicator: Piece | None) -> Slo | None:
        """The SLO of one objective, still without what all of them share."""
        target = (
            objective.percent("targetPercent")
            if "targetPercent" in objective
            else objective.ratio("target")
        )
        objective.skip("target", "targetPercent")
        method = self._spec.piece_of("budgetingMethod")
        if "budgetingMethod" not in self._spec:
            self._spec.text("budgetingMethod")
        if indicator is None:
            objective.skip(*objective.keys)
            return None
        measured = self._reader.measured(Fields(indicator, self._ledger), objective)
        if measured is None or target is None or "budgetingMethod" not in self._spec:
            objective.skip(*objective.keys)
            return None
        return self._made(measured, target, method, objective)

    def _made(
        self, measured: Measured, target: Objective, method: Piece, objective: Fields
    ) -> Slo | None:
        counted = sliced(measured.base, method, objective, self._ledger)
        if counted is None:
            return None
        by = measured.group_by
        return Slo("-", "", target, DEFAULT, measured.source, counted, group_by=by)

    def _extended(self, slo: Slo) -> Slo:
        """The SLO with its alert rows, and with what burnline's own annotations say."""
        policy = policy_of(self._spec, self._objects, nominal_s(slo.window), self._ledger)
        said = self._said
        try:
            return replace(
                slo,
                policy=None if said.get("alerts") == "default" else policy,
                group_by=_words(said, "group-by") or slo.group_by,
                further=tuple(window_said(one) for one in _words(said, "further-windows")),
                breakdown=_words(said, "breakdown"),
                corrections=Treatment(said["corrections"]) if "corrections" in said else None,
                min_bad_events=int(said.get("min-bad-events", "0")),
                notify=_words(said, "notify"),
                budget_policy=said.get("policy", ""),
                effective=int(said["effective"]) if "effective" in said else None,
            )
        except (ValueError, KeyError) as error:
            self._ledger.refuse(
                self._metadata.piece_of("annotations"), f"of burnline's own: {error}"
            )
            return slo


def _words(said: dict[str, str], key: str) -> tuple[str, ...]:
    return unlisted(said[key]) if key in said else ()


def _suffix(objective: Fields, number: int) -> str:
    """What tells one of several objectives of an SLO apart: its title, else its number."""
    title = objective.words("displayName")
    return f"-{fit_name(title)}" if title else f"-{number + 1}"
