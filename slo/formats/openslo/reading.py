"""OpenSLO documents as definitions: SLOs with what they refer to, services and data sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from slo.formats.contract import Carried, Definitions, Ledger, Origin, Owner
from slo.formats.documents import Piece
from slo.formats.openslo.alerts import Objects
from slo.formats.openslo.alpha import modern
from slo.formats.openslo.indicators import Reader, is_read
from slo.formats.openslo.promised import Promised, is_composite
from slo.formats.openslo.words import ALPHA, VERSION, Own, foreign, own, unlisted
from slo.formats.reading import Fields
from slo.objective import Slo

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
    return Definitions(
        slos=tuple(_promises(slos, objects, kinds, ledger)),
        services=_firsts(known, "Service", ledger),
        sources=tuple(_sources(known, ledger)),
    )


def _promises(
    pieces: Sequence[Piece], objects: Objects, kinds: dict[str, str], ledger: Ledger
) -> Iterator[Carried]:
    """The SLOs of the documents; composites last, as one may name an SLO of another document."""
    held: dict[str, Slo] = {}
    for piece in sorted(pieces, key=is_composite):
        found = tuple(Promised(piece, objects, kinds, ledger).each(held))
        held = {**{one.slo.name: one.slo for one in found}, **held}
        yield from found


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
        owner = _service(Fields(piece, ledger), ledger)
        if owner.name in found:
            said = f'"{owner.name}" is already defined at {found[owner.name][1].where}'
            ledger.refuse(piece, said)
        found.setdefault(owner.name, (owner, piece))
    return tuple(owner for owner, _ in found.values())


def _service(fields: Fields, ledger: Ledger) -> Owner:
    fields.skip("apiVersion", "kind")
    metadata, spec = fields.below("metadata"), fields.below("spec")
    annotations = metadata.pairs("annotations")
    said = own(annotations)
    owner = Owner(
        name=said.get(Own.NAME) or metadata.name("name") or "",
        title=metadata.words("displayName"),
        description=spec.words("description"),
        team=said.get(Own.TEAM, ""),
        owner=said.get(Own.OWNER, ""),
        notify=_told(said, metadata, ledger),
        labels=metadata.pairs("labels"),
        runbook=said.get(Own.RUNBOOK, ""),
        dashboard=said.get(Own.DASHBOARD, ""),
        logs=said.get(Own.LOGS, ""),
    )
    if foreign(annotations):
        metadata.note("annotations", "what others read stays with them")
    for each in (metadata, spec, fields):
        each.rest()
    return owner


def _told(said: Mapping[Own, str], metadata: Fields, ledger: Ledger) -> tuple[str, ...]:
    """The channels that are told of the service's alerts."""
    try:
        return unlisted(said.get(Own.NOTIFY, "[]"))
    except ValueError as error:
        ledger.refuse(metadata.piece_of("annotations"), f"of burnline's own: {error}")
        return ()


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
