"""One SLO document of OpenSLO: each of its objectives is an SLO here, of a composite a member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from slo.formats.contract import Carried, Ledger
from slo.formats.documents import Piece
from slo.formats.openslo.alerts import Objects, policy_of
from slo.formats.openslo.composed import Part, composite_of, parts_named, weight_of
from slo.formats.openslo.indicators import Reader, sliced
from slo.formats.openslo.windows import DEFAULT, window_of, window_said
from slo.formats.openslo.words import Own, fit_name, foreign, own, unlisted
from slo.formats.reading import Fields
from slo.objective import Objective, Slo
from slo.spans import Window, longest_s
from slo.tally import Treatment

_MEASURING = ("indicator", "indicatorRef")


def is_composite(piece: Piece) -> bool:
    """Whether several objectives of an SLO measure something each; of a single one it is plain.

    Source: OpenSLO/go-sdk, pkg/openslo/v1/slo.go, HasCompositeObjectives.
    """
    each = _objectives(piece)
    return len(each) > 1 and any(map(_measures, each))


def _objectives(piece: Piece) -> tuple[Piece, ...]:
    found = piece.at("spec", "objectives")
    return found.content if found is not None and isinstance(found.content, tuple) else ()


def _measures(objective: Piece) -> bool:
    return any(objective.at(key) is not None for key in _MEASURING)


class Promised:
    """One SLO document; each of its objectives is an SLO here."""

    def __init__(
        self, piece: Piece, objects: Objects, kinds: Mapping[str, str], ledger: Ledger
    ) -> None:
        """Look at the parts of the document, and read nothing of them yet."""
        self._piece, self._objects, self._kinds, self._ledger = piece, objects, kinds, ledger
        self._mark = len(ledger.findings)
        self._top = Fields(piece, ledger)
        self._top.skip("apiVersion", "kind")
        self._metadata, self._spec = self._top.below("metadata"), self._top.below("spec")
        self._annotations = self._metadata.pairs("annotations")
        self._said = own(self._annotations)

    def each(self, held: Mapping[str, Slo]) -> Iterator[Carried]:
        """The SLOs of the document, a composite after its members; `held` are those of others.

        There are none where something that all of them share is refused.
        """
        title, labels = self._metadata.words("displayName"), self._metadata.pairs("labels")
        description = self._spec.words("description")
        if foreign(self._annotations):
            self._metadata.note("annotations", "what others read stays with them")
        members: tuple[Carried, ...] = ()
        if is_composite(self._piece):
            members, found = self._composite(held)
        else:
            found = tuple(self._slos())
        self._metadata.skip("name")
        self._spec.skip("budgetingMethod", "alertPolicies", "service", "timeWindow")
        for fields in (self._metadata, self._spec, self._top):
            fields.rest()
        about = tuple(self._ledger.findings[self._mark :])
        whole = (
            Carried(
                slo=slo,
                title=title,
                description=description,
                labels=labels,
                findings=about,
                piece=self._piece,
            )
            for slo in found
        )
        if self._ledger.is_sound_since(self._mark):
            yield from (*members, *whole)

    def _slos(self) -> Iterator[Slo]:
        """An SLO for each objective that can be read."""
        window = window_of(self._spec, self._ledger)
        objectives = self._spec.each("objectives")
        if not objectives:
            self._spec.text("objectives")
        has_own = any(map(_measures, objectives))
        shared = None if has_own else self._indicator(self._spec)
        if has_own:
            self._refuse_two_places()
        for number, piece in enumerate(objectives):
            objective = Fields(piece, self._ledger)
            suffix = _suffix(objective, number) if len(objectives) > 1 else ""
            indicator = self._indicator(objective) if has_own else shared
            objective.note("compositeWeight", "says nothing of an SLO with a single indicator")
            made = self._slo(objective, indicator, self._said)
            if made is not None and window is not None and self._name:
                yield self._extended(replace(self._placed(made, window), name=self._name + suffix))

    def _composite(self, held: Mapping[str, Slo]) -> tuple[tuple[Carried, ...], tuple[Slo, ...]]:
        """The members that no other document defines, and the composite where it is one here."""
        window = window_of(self._spec, self._ledger)
        self._refuse_two_places()
        method = self._spec.words("budgetingMethod")
        pieces = self._spec.each("objectives")
        found = [self._part(piece, number, method) for number, piece in enumerate(pieces)]
        parts = [part for part in found if part is not None]
        if window is None or not self._name or len(parts) < len(pieces):
            return (), ()
        placed = [replace(part, slo=self._placed(part.slo, window)) for part in parts]
        named = parts_named(placed, {**held, self._name: None}, self._ledger)
        made = composite_of(named, method, self._piece, self._ledger)
        members = tuple(
            Carried(slo=part.slo, title=part.title, piece=part.piece)
            for part in named
            if part.slo.name not in held
        )
        for one in members:
            said = f'it becomes the SLO "{one.slo.name}", which alerts by the default rows'
            self._ledger.note(one.piece, said)
        if made is None:
            self._spec.leave("alertPolicies", "they are those of the composite")
            return members, ()
        whole = replace(self._placed(made, window), name=self._name)
        return members, (self._extended(whole),)

    def _part(self, piece: Piece, number: int, method: str) -> Part | None:
        """What one objective of a composite measures, under the name that it has or is given."""
        objective = Fields(piece, self._ledger)
        title, suffix = objective.words("displayName"), _suffix(objective, number)
        said = self._said_of(objective)
        weight = weight_of(objective, said, method, self._ledger)
        slo = self._slo(objective, self._indicator(objective), said)
        if slo is None or weight is None:
            return None
        name = said.get(Own.SLO, f"{self._name}{suffix}")
        by = _words(said, Own.GROUP_BY) or slo.group_by
        slo = replace(slo, name=name, group_by=by)
        return Part(
            slo,
            slo.objective,
            weight,
            title if title != name else "",
            piece,
            is_named=Own.SLO in said,
        )

    @property
    def _name(self) -> str:
        return self._said.get(Own.NAME) or self._metadata.name("name") or ""

    def _placed(self, slo: Slo, window: Window) -> Slo:
        """The SLO of the service and over the window that all of the document share."""
        service = self._spec.words("service")
        service = "" if Own.NO_SERVICE in self._said else self._said.get(Own.SERVICE, service)
        return replace(slo, service=service, window=window)

    def _refuse_two_places(self) -> None:
        """An indicator of the whole does not go with those of objectives."""
        for key in _MEASURING:
            if key in self._spec:
                said = "stands at the SLO, or at each objective of a composite, not at both"
                self._ledger.refuse(self._spec.piece_of(key), said)

    def _document(self, at: Fields) -> Piece | None:
        """The indicator that is written there or referred to, with its metadata."""
        ref = at.words("indicatorRef")
        return self._objects.get(("SLI", ref)) if ref else at.piece_of("indicator")

    def _said_of(self, objective: Fields) -> dict[Own, str]:
        """What burnline's own annotations say of the indicator of an objective."""
        found = self._document(objective) if _measures(objective.piece) else None
        metadata = None if found is None else found.at("metadata")
        if metadata is None:
            return {}
        return own(Fields(metadata, self._ledger).pairs("annotations"))

    def _indicator(self, at: Fields) -> Piece | None:
        """The spec of the indicator of an SLO or of an objective."""
        if ("indicator" in at) == ("indicatorRef" in at):
            said = "write indicator or indicatorRef, one of them"
            self._ledger.refuse(at.piece, said)
            return None
        found = self._document(at)
        at.skip(*_MEASURING)
        if found is None:
            ref = at.words("indicatorRef")
            said = f'no SLI is called "{ref}" in these files; name the file that holds it too'
            self._ledger.refuse(at.piece_of("indicatorRef"), said)
            return None
        fields = Fields(found, self._ledger)
        fields.skip("apiVersion", "kind", "metadata")
        below = fields.piece_of("spec")
        fields.rest()
        return below

    def _slo(
        self, objective: Fields, indicator: Piece | None, said: Mapping[Own, str]
    ) -> Slo | None:
        """The SLO of one objective, still without what all of them share."""
        target = self._target(objective)
        objective.skip("displayName")
        if "budgetingMethod" not in self._spec:
            self._spec.text("budgetingMethod")
        reader = Reader(self._ledger, self._kinds, said)
        measured = (
            reader.measured(Fields(indicator, self._ledger), objective) if indicator else None
        )
        if measured is None or target is None or "budgetingMethod" not in self._spec:
            objective.skip(*objective.keys)
            return None
        method = self._spec.piece_of("budgetingMethod")
        counted = sliced(measured.base, method, objective, self._ledger)
        objective.rest()
        if counted is None:
            return None
        by = measured.group_by
        return Slo("-", "", target, DEFAULT, measured.source, counted, group_by=by)

    def _target(self, fields: Fields) -> Objective | None:
        """What an objective promises, by the one of its two keys that is there; both must agree."""
        fields.skip("target", "targetPercent")
        if "targetPercent" not in fields:
            return fields.ratio("target")
        percent = fields.percent("targetPercent")
        if "target" not in fields:
            return percent
        ratio = fields.ratio("target")
        if percent is not None and ratio is not None and percent != ratio:
            said = f"is not the target of {fields.words('target')} beside it; write one of them"
            written = fields.words("targetPercent")
            self._ledger.refuse(fields.piece_of("targetPercent"), f"{written} % {said}")
            return None
        return ratio

    def _extended(self, slo: Slo) -> Slo:
        """The SLO with its alert rows, and with what burnline's own annotations say."""
        policy = policy_of(self._spec, self._objects, longest_s(slo.window), self._ledger)
        said = self._said
        try:
            return replace(
                slo,
                policy=None if said.get(Own.ALERTS) == "default" else policy,
                group_by=_words(said, Own.GROUP_BY) or slo.group_by,
                further=tuple(window_said(one) for one in _words(said, Own.FURTHER_WINDOWS)),
                breakdown=_words(said, Own.BREAKDOWN),
                corrections=Treatment(said[Own.CORRECTIONS]) if Own.CORRECTIONS in said else None,
                min_bad_events=int(said.get(Own.MIN_BAD_EVENTS, "0")),
                notify=_words(said, Own.NOTIFY),
                budget_policy=said.get(Own.POLICY, ""),
                effective=int(said[Own.EFFECTIVE]) if Own.EFFECTIVE in said else None,
            )
        except (ValueError, KeyError) as error:
            self._ledger.refuse(
                self._metadata.piece_of("annotations"), f"of burnline's own: {error}"
            )
            return slo


def _words(said: Mapping[Own, str], key: Own) -> tuple[str, ...]:
    return unlisted(said[key]) if key in said else ()


def _suffix(objective: Fields, number: int) -> str:
    """What tells one of several objectives of an SLO apart: its title, else its number."""
    title = objective.words("displayName")
    return f"-{fit_name(title)}" if title else f"-{number + 1}"
