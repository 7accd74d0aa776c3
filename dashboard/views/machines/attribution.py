"""What `burnline attribution` answers to machines: `burnline.attribution/1`."""

from __future__ import annotations

from fractions import Fraction

from dashboard.views.attribution.making import Spender, Spending
from dashboard.views.slos.slo_view import SloView
from slo.spans import rfc3339

SCHEMA = "burnline.attribution/1"


def document(view: SloView, made: Spending | None) -> dict[str, object]:
    """The parts and the rest; unknown is None, shares are fractions of the window's budget."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(view.as_of),
        "slo": view.name,
        "window": {
            "kind": view.window_kind,
            "since": rfc3339(view.span.since),
            "until": rfc3339(view.span.until),
        },
        "unit": "seconds" if view.slo.is_time_like else "events",
        "bad": None if made is None else float(made.bad),
        "budget_spent": None if made is None else float(made.spent),
        "spent": [] if made is None else [_spender(one) for one in made.spenders],
        "unattributed": None if made is None else _part(made.unattributed_bad, made.unattributed),
    }


def _spender(one: Spender) -> dict[str, object]:
    kind = "incident" if one.suspect.is_incident else "deployment"
    return {
        "kind": kind,
        "name": one.name,
        "at": rfc3339(one.suspect.at),
        "until": rfc3339(one.suspect.span.until),
        "is_judged": one.is_judged,
        **_part(one.bad, one.share),
    }


def _part(bad: Fraction, share: Fraction) -> dict[str, object]:
    return {"bad": float(bad), "budget_share": float(share)}
