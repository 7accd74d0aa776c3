"""Which tallies a correction is about, as the configuration has it now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collectors.store.corrections import StoredCorrection, Target, Targets, target_of
from dashboard.config import Config
from slo.corrections import Correction, Scope
from slo.errors import InputError
from slo.nearest import did_you_mean
from slo.objective import Slo


def targets_of(config: Config, scope: Scope) -> Targets:
    """The tallies of the SLOs that are meant; of a composite those of its members."""
    if scope.is_all:
        return None
    meant = (slo for slo in config.slos if scope.holds(slo.name, slo.service))
    return tuple(sorted({target for slo in meant for target in _targets(slo)}))


def aims(config: Config, held: Iterable[StoredCorrection]) -> dict[str, Targets]:
    """What each correction that holds is about now, by its key.

    One whose SLOs are all gone from the configuration stays about what it was about.
    """
    found = {one.correction.key: targets_of(config, one.correction.scope) for one in held}
    return {key: targets for key, targets in found.items() if targets != ()}


def refuse_unknown(config: Config, said: Correction) -> None:
    """Refuse a scope that names what the configuration does not know.

    Raises:
        InputError: it names such an SLO or service.
    """
    slos = {slo.name for slo in config.slos}
    services = {slo.service for slo in config.slos} - {""}
    for kind, names, known in (
        ("slo", said.scope.slos, slos),
        ("service", said.scope.services, services),
    ):
        for name in names:
            if name not in known:
                raise InputError(
                    f'no {kind} is called "{name}"{did_you_mean(name, known)}',
                    where=kind,
                    mend=f"name one of: {', '.join(sorted(known))}" if known else "add a [[slo]]",
                )


def _targets(slo: Slo) -> Iterator[Target]:
    return (target_of(one.source, one.indicator) for one in slo.leaves)
