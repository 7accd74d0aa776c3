"""Which formats there are: every module of this folder that holds a FORMAT."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module

from slo import formats
from slo.errors import InputError
from slo.formats.contract import Carried, Definitions, Format, Ledger
from slo.formats.documents import Piece, pieces
from slo.formats.fitting import fitted
from slo.formats.naming import named
from slo.nearest import did_you_mean

_OWN = frozenset(
    {"contract", "documents", "fitting", "judged", "naming", "ranges", "registry", "reading"}
)


@cache
def names() -> tuple[str, ...]:
    """The names of all formats as people type them; nothing is imported.

    >>> names()
    ('openslo', 'prometheus', 'pyrra', 'slo-generator', 'sloth')
    """
    found = (module.name for module in pkgutil.iter_modules(formats.__path__))
    return tuple(sorted(_typed(name) for name in found if name not in _OWN))


def load(name: str) -> Format:
    """The format of that name, imported now.

    Raises:
        InputError: there is none.
    """
    if name not in names():
        raise InputError(
            f'there is no format "{name}"{did_you_mean(name, names())}',
            where="the command line",
            mend=f"name one of: {', '.join(names())}",
        )
    modules = (module.name for module in pkgutil.iter_modules(formats.__path__))
    module = next(each for each in modules if _typed(each) == name)
    found: Format = import_module(f"{formats.__name__}.{module}").FORMAT
    return found


def readers() -> Mapping[str, Format]:
    """The formats that can be read."""
    return {name: each for name in names() if (each := load(name)).read is not None}


def read(texts: Mapping[str, str], ledger: Ledger, *, name: str | None = None) -> Definitions:
    """What texts of any formats hold together, by file; of one format where a name is given.

    Raises:
        InputError: a text is no YAML, or a document is of no format that can be read.
    """
    found = [piece for file, text in texts.items() for piece in pieces(text, file)]
    if not found:
        files = ", ".join(texts)
        raise InputError("holds nothing", where=files, mend="name a file that holds SLOs")
    known = readers() if name is None else {name: load(name)}
    held = Definitions()
    for each in known.values():
        own = [piece for piece in found if name is not None or each.claims(piece)]
        found = [piece for piece in found if name is None and not each.claims(piece)]
        if own and each.read is None:
            raise InputError(
                f"{each.title} can be written, not read",
                where="the command line",
                mend=f"name one of: {', '.join(readers())}",
            )
        if own and each.read is not None:
            held += each.read(own, ledger)
    for piece in found:
        ledger.refuse(piece, _unknown(piece, tuple(known.values())))
    held = named(held, ledger)
    alone = _unique(held.slos, ledger)
    return replace(held, slos=tuple(fitted(carried, ledger) for carried in alone))


def _unique(slos: Sequence[Carried], ledger: Ledger) -> tuple[Carried, ...]:
    """The SLOs, of several under one name the first; each later one is refused."""
    first: dict[str, Carried] = {}
    for carried in slos:
        earlier = first.setdefault(carried.slo.name, carried)
        if earlier is not carried:
            said = f'"{carried.slo.name}" is the name of the SLO at {earlier.piece.where}'
            ledger.refuse(carried.piece, said)
    return tuple(first.values())


def _unknown(piece: Piece, known: Sequence[Format]) -> str:
    kinds = ", ".join(each.title for each in known)
    if piece.said("sli_measurement") or piece.at("error_budget_burn_rate") is not None:
        return "is a report that slo-generator gave, not a definition; name the file it came from"
    said = [
        f"{key} {text!r}" for key in ("apiVersion", "kind", "version") if (text := piece.said(key))
    ]
    return f"is of no format that is read here ({', '.join(said) or 'it names none'}); these are: {kinds}"


def _typed(module: str) -> str:
    return module.removesuffix("_rules").replace("_", "-")
