"""Which deployments failed in production: each 0 or 1, by a link, an incident, a way back, a fix."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from slo.delivery.facts import DeliveryRules, Deployment, Incident

_SHORTEST_SHA = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A deployment that failed: by what, and when the service was well again.

    `caused_by` names the keys of the incidents, or of the deployment that took it back or mended
    it. `recovered_at` is None while it is not (`is_open`), and where nothing tells.
    """

    deployment: Deployment
    caused_by: tuple[str, ...]
    recovered_at: int | None
    is_open: bool = False
    is_rolled_back: bool = False


def failures(
    deployments: Sequence[Deployment],
    incidents: Iterable[Incident],
    rules: DeliveryRules,
    *,
    as_of: int,
) -> tuple[Failure, ...]:
    """The failed deployments, by time; each counts once, however many incidents it caused.

    An incident that says what caused it is that deployment's alone. Another is blamed on the last
    deployment of its own service, if that is younger than the rules allow and nothing was deployed
    to the service in between. Planned and unfelt incidents, and those after `as_of`, are nobody's.
    """
    lines = _Lines.of(one for one in deployments if one.at < as_of)
    blamed: dict[int, list[Incident]] = defaultdict(list)
    for incident in incidents:
        if incident.is_felt and not incident.is_planned and incident.at < as_of:
            for place in lines.blamed(incident, rules.fail_within_s):
                blamed[place].append(incident)
    found = (
        _failure(one, blamed.get(place, ()), lines.following(place), rules)
        for place, one in enumerate(lines.all)
    )
    return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The deployments by time, and each service's own line of them."""

    all: tuple[Deployment, ...]
    places: Mapping[str, list[int]]
    times: Mapping[str, list[int]]
    named: Mapping[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, deployments: Iterable[Deployment]) -> _Lines:
        ordered = tuple(sorted(deployments, key=lambda one: (one.at, one.service, one.key)))
        places, named = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        for place, one in enumerate(ordered):
            places[one.service].append(place)
            for name in {one.key, one.version, one.version[:_SHORTEST_SHA]}:
                named[name].append(place)
        times = {service: [ordered[each].at for each in mine] for service, mine in places.items()}
        return cls(ordered, places, times, named)

    def following(self, place: int) -> Deployment | None:
        """The next deployment to the same service."""
        one = self.all[place]
        mine = self.places[one.service]
        after = bisect_right(mine, place)
        return self.all[mine[after]] if after < len(mine) else None

    def blamed(self, incident: Incident, within_s: int) -> Sequence[int]:
        """Those that the incident names, else the last of its service that is young enough."""
        if incident.caused_by:
            return sorted(
                {each for name in incident.caused_by for each in self._linked(name, incident)}
            )
        times = self.times.get(incident.service, [])
        before = bisect_right(times, incident.at) - 1
        if before < 0 or incident.at - times[before] >= within_s:
            return ()
        place = self.places[incident.service][before]
        # Somebody judged this deployment to be good, which a time beside it does not undo.
        return () if self.all[place].has_failed is False else (place,)

    def _linked(self, name: str, incident: Incident) -> Sequence[int]:
        """The deployments of that key or version; a shortened hash is enough.

        Where several services took the same version, it is the incident's own service that failed.
        """
        found = self.named.get(name, [])
        if not found and len(name) > _SHORTEST_SHA:
            near = self.named.get(name[:_SHORTEST_SHA], [])
            found = [each for each in near if _is_same(self.all[each].version, name)]
        own = [each for each in found if self.all[each].service == incident.service]
        return own or found


def _is_same(version: str, name: str) -> bool:
    return version.startswith(name) or name.startswith(version)


def _failure(
    deployment: Deployment,
    incidents: Sequence[Incident],
    following: Deployment | None,
    rules: DeliveryRules,
) -> Failure | None:
    is_back = following is not None and following.is_rollback and deployment.has_failed is True
    if incidents:
        return _by_incidents(deployment, incidents, is_back=is_back)
    is_mended = following is not None and _mends(deployment, following, rules)
    is_fixed = is_mended and following is not None and following.is_planned is False
    if deployment.has_failed or (is_fixed and deployment.has_failed is None):
        mended_by = following if is_back or is_mended else None
        return Failure(
            deployment=deployment,
            caused_by=() if mended_by is None else (mended_by.key,),
            recovered_at=None if mended_by is None else mended_by.at,
            is_rolled_back=is_back,
        )
    return None


def _by_incidents(
    deployment: Deployment, incidents: Sequence[Incident], *, is_back: bool
) -> Failure:
    """It is over when the last of them is; one that ended before the deployment tells no time."""
    ends = [one.ended_at for one in incidents if one.ended_at is not None]
    is_open = len(ends) < len(incidents)
    ended_at = None if is_open else max(ends)
    is_timed = ended_at is not None and ended_at >= deployment.at
    return Failure(
        deployment=deployment,
        caused_by=tuple(one.key for one in incidents),
        recovered_at=ended_at if is_timed else None,
        is_open=is_open,
        is_rolled_back=is_back,
    )


def _mends(deployment: Deployment, following: Deployment, rules: DeliveryRules) -> bool:
    """Whether the next deployment came in time to be the fix of this one; later ones tell nothing."""
    is_young = following.at - deployment.at < rules.fail_within_s
    return is_young and not following.is_rollback
