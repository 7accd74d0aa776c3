"""What each deployment cost of an error budget: of the objective that it cost the most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dashboard.views.attribution.making import Happened, deployment_key, spending
from dashboard.views.counted.figures import evaluate
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.shares import spent_words
from dashboard.views.slos.marks import Tone
from dashboard.views.upkeep.scene import Scene
from slo.delivery.facts import Deployment

_AMBER, _RED = Fraction(1, 50), Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Cost:
    """A share of the budget of that objective's window; `is_open` while it still answers."""

    share: Fraction
    slo: str
    is_open: bool

    @property
    def words(self) -> str:
        """The share, and that it may grow."""
        said = spent_words(self.share).replace("<", "under ") if self.share else "0 %"
        return f"{said} so far" if self.is_open and self.share else said

    @property
    def tone(self) -> Tone:
        """How much it asks for: a fiftieth of a budget a look, a tenth a deed."""
        if self.share >= _RED:
            return Tone.RED
        return Tone.AMBER if self.share >= _AMBER else Tone.PLAIN


Costs = Mapping[str, Cost]
"""By the key of a deployment; one that no window reaches any more, or none measures, is absent."""


def costs(scene: Scene, found: Gathered) -> Costs:
    """What the deployments cost that still lie within the window of an objective of their service."""
    services = {one.service for one in found.deployments.kept if one.service}
    slos = [slo for slo in scene.config.slos if slo.service in services]
    if not slos:
        return {}
    sources = {source.name: source for source in scene.config.sources}
    known = Happened(found.deployments.kept, found.incidents.kept)
    costly: dict[str, Cost] = {}
    for view in evaluate(slos, scene.reader, as_of=scene.as_of, sources=sources):
        made = spending(scene.reader, scene.config.delivery, view, known)
        for one in () if made is None else made.spenders:
            if one.suspect.is_incident or not one.is_judged:
                continue
            cost = Cost(one.share, view.name, one.suspect.span.until >= view.span.until)
            if one.suspect.key not in costly or cost.share > costly[one.suspect.key].share:
                costly[one.suspect.key] = cost
    return costly


def cost_of(costly: Costs, deployment: Deployment) -> Cost | None:
    """The cost of one deployment; None where it is not known."""
    return costly.get(deployment_key(deployment))
