"""A notice as JSON: how it lies in the outbox and how webhooks get it, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slo.notices import Happening, Notice

SCHEMA = "burnline.notice/1"
_PAIRS = ("links", "labels")


def as_json(notice: Notice) -> dict[str, Any]:
    """The notice in plain values.

    Moments are epoch seconds. Pairs stay lists of two, so that titles may repeat.
    """
    return {
        "schema": SCHEMA,
        "key": notice.key,
        "happening": notice.happening.value,
        "severity": notice.severity,
        "subject": notice.subject,
        "service": notice.service,
        "team": notice.team,
        "began_at": notice.began_at,
        "at": notice.at,
        "summary": notice.summary,
        "lines": list(notice.lines),
        "links": [list(pair) for pair in notice.links],
        "labels": [list(pair) for pair in notice.labels],
        "valid_s": notice.valid_s,
        "acknowledged_by": notice.acknowledged_by,
    }


def of_json(body: Mapping[str, Any]) -> Notice:
    """The notice that these values are of; keys of a later version are passed over.

    Raises:
        ValueError: they are of none.
    """
    try:
        known = {name: body[name] for name in Notice.__dataclass_fields__ if name in body}
        pairs = {name: tuple((str(a), str(b)) for a, b in body[name]) for name in _PAIRS}
        lines = tuple(map(str, body["lines"]))
        happening = Happening(body["happening"])
        return Notice(**{**known, **pairs, "lines": lines, "happening": happening})
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"is no notice: {type(error).__name__}") from None
