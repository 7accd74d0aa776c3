"""Where on these pages something is shown."""

from __future__ import annotations

from urllib.parse import quote

NOW_ADDRESS = "/now"
"""The page of what fires: where who is woken looks first."""
HEALTH_ADDRESS = "/health"
"""The page of the sources: when each was asked, and what it said."""


def backtest_address(name: str) -> str:
    """The address of the backtest of one SLO, or of a member of a group.

    >>> backtest_address("checkout/eu")
    '/backtest?slo=checkout%2Feu'
    """
    return f"/backtest?slo={quote(name, safe='')}"


def objective_address(name: str) -> str:
    """The address of one SLO's page, whatever its name holds.

    >>> objective_address("a b&id=c")
    '/objective?id=a%20b%26id%3Dc'
    """
    return f"/objective?id={quote(name, safe='')}"
