"""Alertmanager: its routes, silences and escalation keep working for alerts of burnline too.

It forgets an alert of which it hears no more, so each is told after every evaluation with the
end until which it holds (`POST /api/v2/alerts`, as Prometheus itself tells it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

from collectors.addresses import Address
from collectors.fetch.terms import Terms
from dashboard.notify.contract import Channel, ChannelKind
from dashboard.notify.reached import ReachedAsOwn
from slo.notices import Happening, Notice
from slo.spans import rfc3339

_PATH, _NAME = "/api/v2/alerts", "ErrorBudgetBurn"
_ELSE = re.compile(r"[^A-Za-z0-9_]")


class Options(ReachedAsOwn):
    """What a `[[channel]]` of kind "alertmanager" may say."""

    url: Address = Field(examples=['"http://127.0.0.1:9093"'])
    """Where it answers, with its prefix if it has one; each member of a cluster is a channel."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Labels added to every alert, for its routes: { cluster = "eu" }."""
    username: str | None = None
    """For basic authentication, with `password`."""
    password: SecretStr | None = Field(default=None, validate_default=True)
    """For basic authentication, with `username`."""

    @field_validator("password")
    @classmethod
    def _pairs(cls, value: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if (value is None) != (others.data.get("username") is None):
            raise ValueError("username and password belong together: give both or neither")
        return value


def build(options: BaseModel) -> Channel:
    """The channel to one Alertmanager; nothing is asked yet."""
    assert isinstance(options, Options)
    return _Alertmanager(options)


class _Alertmanager:
    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, notice: Notice) -> None:
        """Tell of the alert as it stands."""
        # Posting imports `requests`, which takes 0.1 s, and most commands send nothing.
        from dashboard.notify.posting import Target, post  # noqa: PLC0415

        target = Target(f"{self._options.url}{_PATH}", _terms(self._options))
        post(target, [alert(notice, self._options.labels)])


def alert(notice: Notice, added: Mapping[str, str]) -> dict[str, Any]:
    """The alert as Alertmanager takes it; equal labels are one alert, so none of them changes.

    What recovers has not ended, so for Alertmanager it still fires.
    """
    is_over = notice.happening is Happening.RESOLVED
    own = {
        "subject": notice.subject,
        "service": notice.service,
        "team": notice.team,
        "severity": notice.severity,
    }
    links = {f"{title.lower()}_url": address for title, address in notice.links}
    said = {
        "summary": notice.summary,
        "description": "\n".join(notice.lines),
        "state": notice.happening.value,
        "acknowledged_by": notice.acknowledged_by,
    }
    return {
        "labels": _named({"alertname": _NAME, **added, **dict(notice.labels), **own}),
        "annotations": _named({**links, **said}),
        "startsAt": rfc3339(min(notice.began_at, notice.at)),
        "endsAt": rfc3339(notice.at if is_over else notice.at + notice.valid_s),
        **({"generatorURL": links["burnline_url"]} if "burnline_url" in links else {}),
    }


def _named(pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs under names that Alertmanager takes; an empty value is none.

    >>> _named({"cost center": "7", "1st": "x", "team": ""})
    {'cost_center': '7', '_1st': 'x'}
    """
    named = {_ELSE.sub("_", name): value for name, value in pairs.items() if value}
    return {f"_{name}" if name[:1].isdigit() else name: value for name, value in named.items()}


def _terms(options: Options) -> Terms:
    terms = options.terms("alertmanager", options.url)
    if not options.username or options.password is None:
        return terms
    return replace(terms, basic=(options.username, options.password.get_secret_value()))


CHANNEL = ChannelKind("alertmanager", Options, build, refreshes=True)
