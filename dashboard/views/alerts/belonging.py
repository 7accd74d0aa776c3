"""To which service an alert belongs, for whoever silences, shows or tells it."""

from __future__ import annotations

from collections.abc import Mapping

from slo.alerting import Alert
from slo.splits import is_of


def service_of(alert: Alert, services: Mapping[str, str]) -> str:
    """The service that all SLOs belong to that it is about; empty where they have several or none.

    `services` are those of the SLOs by name, as they are promised now: one that is promised no
    more has no say. A member belongs to the service of its group.
    """
    found = {services[name] for one in alert.about if (name := _promised(one, services))}
    return found.pop() if len(found) == 1 else ""


def _promised(subject: str, services: Mapping[str, str]) -> str:
    """The SLO that a subject is, or is a member of; empty where none is promised."""
    return max((name for name in services if is_of(subject, name)), key=len, default="")
