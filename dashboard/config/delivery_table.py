"""The table `[delivery]` as it is written: the rules behind figures of delivery and incidents."""

from __future__ import annotations

from pydantic import Field

from collectors.described import Described
from collectors.keys import Length
from dashboard.config.names import Name
from slo.delivery.facts import DeliveryRules

_RULES = DeliveryRules()


class DeliveryTable(Described):
    """By which rules deployments, failures and incidents are counted; one table, all optional."""

    environments: list[Name] = Field(default=list(_RULES.environments), min_length=1)
    """Deployments to these count; one that names no environment counts too."""
    fail_within: Length = _RULES.fail_within_s
    """How long after a deployment an incident of its service may be blamed on it."""
    lead_from: Name = _RULES.lead_from
    """The field of a deployment that says when its change was ready: `merged_at`, `committed_at`."""
    train_within: Length = _RULES.train_within_s
    """Deployments of one version to several services this close together are one release train."""
    severities: list[Name] = Field(default_factory=list)
    """Incidents of these severities are those that customers feel; all where none is written."""
    count_rollbacks: bool = _RULES.count_rollbacks
    """Whether a rollback counts as a deployment."""

    @property
    def rules(self) -> DeliveryRules:
        """The rules as the figures are made by them; what stands twice stands once."""
        return DeliveryRules(
            environments=tuple(dict.fromkeys(self.environments)),
            fail_within_s=self.fail_within,
            lead_from=self.lead_from,
            train_within_s=self.train_within,
            severities=tuple(dict.fromkeys(self.severities)),
            count_rollbacks=self.count_rollbacks,
        )
