"""What configurations take as a name: an SLO, a service or a source under another is refused."""

from __future__ import annotations

from dataclasses import replace

from slo.formats.contract import UNWRITTEN, Carried, Definitions, Ledger

_LONGEST = 120
_LONGEST_SHOWN = 60
SAID = f"must be 1 to {_LONGEST} printable characters without outer blanks"


def is_name(text: str) -> bool:
    """Whether a configuration takes the text as a name.

    >>> [is_name(text) for text in ("shop api", "", " shop", "s" * 121)]
    [True, False, False, False]
    """
    return 0 < len(text) <= _LONGEST and text.isprintable() and text == text.strip()


def named(held: Definitions, ledger: Ledger) -> Definitions:
    """The definitions without those that no configuration could name; each of them is told.

    An empty name of a service or a source was refused where it stands.
    """
    for kind, owners in (("service", held.services), ("source", held.sources)):
        for one in owners:
            if one.name and not is_name(one.name):
                ledger.refuse(UNWRITTEN, f"{kind} {_shown(one.name)}: a name {SAID}")
    return replace(
        held,
        slos=tuple(one for one in held.slos if _is_nameable(one, ledger)),
        services=tuple(one for one in held.services if is_name(one.name)),
        sources=tuple(one for one in held.sources if is_name(one.name)),
    )


def _is_nameable(carried: Carried, ledger: Ledger) -> bool:
    slo = carried.slo
    wrong = [
        f"{kind} {_shown(name)}: a name {SAID}"
        for kind, name in (("SLO", slo.name), ("service", slo.service), ("source", slo.source))
        if not is_name(name) and (name or kind == "SLO")
    ]
    for said in wrong:
        ledger.refuse(carried.piece, said)
    return not wrong


def _shown(name: str) -> str:
    return f'"{name[:_LONGEST_SHOWN]}{"…" if len(name) > _LONGEST_SHOWN else ""}"'
