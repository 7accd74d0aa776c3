"""Views for the tests of pages: figures as given, judged by the product's own judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from dashboard.views.slos.slo_view import Burn, SloView
from dashboard.views.slos.window_view import WindowView
from slo.budget import Budget
from slo.burn import default_policy, policy_windows
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.judgement import Measured, judge
from slo.objective import Objective, Slo
from slo.promise import promise
from slo.spans import RollingWindow, Span
from slo.tally import Tally

AS_OF = 1_795_362_120  # 22 Nov 2026 15:42 UTC
DAYS_30 = 30 * 86_400
_TOTAL = 10_000_000
_LABELS = {
    300: "5m",
    1_800: "30m",
    3_600: "1h",
    7_200: "2h",
    21_600: "6h",
    86_400: "1d",
    259_200: "3d",
}


def _tally(objective: Objective, burn: Fraction, observed_s: int, total: int = _TOTAL) -> Tally:
    """Counts that burn exactly so fast."""
    return Tally(float(total - burn * objective.error_budget * total), total, observed_s)


def ratio(name: str = "requests_total") -> Indicator:
    return Ratio(total=name, good=name)


def under(threshold_s: float) -> Indicator:
    return Latency(threshold_s, histogram="seconds_bucket")


def up() -> Indicator:
    return Uptime(probe="probe", valid_s=60)


def a_view(  # noqa: PLR0913 - a builder: every argument has a default
    name: str = "checkout availability",
    percent: str = "99.95",
    *,
    left: str | None = "0.5",
    burns: Mapping[str, str] | None = None,
    indicator: Indicator | None = None,
    service: str = "",
    stale: bool = False,
    data_until: int | None = AS_OF - 120,
    window_s: int = DAYS_30,
    coverage: str = "1",
    trend: tuple[float | None, ...] | None = None,
    lesser: Mapping[str, int] | None = None,
) -> SloView:
    """One SLO with so much budget left and such burn rates; None left is not measured."""
    objective = Objective.from_percent(percent)
    slo = Slo(name, service, objective, RollingWindow(window_s), "s", indicator or ratio())
    observed_s = int(Fraction(coverage) * window_s)
    tally = None if left is None else _tally(objective, 1 - Fraction(left), observed_s)
    if tally is not None and lesser:
        tally = replace(tally, **lesser)
    policy = default_policy(objective, window_s)
    measured = _measured(objective, policy_windows(policy), burns or {}, is_known=left is not None)
    first = _first(slo, tally, Fraction(coverage), window_s)
    burning = tuple(_burn(objective, _LABELS[s], s, one) for s, one in measured.items())
    return SloView(
        slo=slo,
        promise=promise(slo),
        objective_percent=objective.percent,
        as_of=AS_OF,
        first=first,
        data_until=data_until,
        stale=stale,
        judgement=judge(objective, policy, Measured(tally, measured, is_stale=stale), window_s),
        between=None,
        burns=burning,
        exhausts=_exhausts(burning, first.budget_remaining, window_s),
        reasons=(),
        query="up",
        together=(1,),
        bin_s=60,
        policy=policy,
        sparkline=trend if trend is not None else _trend(first.budget_remaining),
    )


def _measured(
    objective: Objective, lengths: Iterable[int], burns: Mapping[str, str], *, is_known: bool
) -> dict[int, Tally | None]:
    """Counts of each length that burn as given, else as the hour does, else half as fast as allowed."""
    given = {label: Fraction(burn) for label, burn in burns.items()}
    usual = given.get("1h", Fraction(1, 2))
    return {
        length: _tally(objective, given.get(_LABELS[length], usual), length) if is_known else None
        for length in lengths
    }


def _first(slo: Slo, tally: Tally | None, coverage: Fraction, window_s: int) -> WindowView:
    span = Span(AS_OF - window_s, AS_OF)
    remaining = None if tally is None else Budget(slo.objective, tally).remaining
    return WindowView(
        window=slo.window,
        span=span,
        whole=span,
        tally=tally,
        raw=tally,
        sli=None if tally is None else tally.sli,
        budget_remaining=remaining,
        projected_remaining=None,
        raw_remaining=remaining,
        coverage=None if tally is None else coverage,
        budget_left_s=_left_s(slo, remaining, window_s),
    )


def _exhausts(
    burning: tuple[Burn, ...], remaining: Fraction | None, window_s: int
) -> tuple[tuple[str, int], ...]:
    """When what is left is spent, by the rates of an hour and of six that spend too fast."""
    if remaining is None or remaining <= 0:
        return ()
    return tuple(
        (burn.label, int(remaining * window_s / burn.rate))
        for burn in burning
        if burn.label in {"1h", "6h"} and burn.rate and burn.rate > 1
    )


def _left_s(slo: Slo, remaining: Fraction | None, window_s: int) -> Fraction | None:
    if remaining is None or not slo.is_time_like:
        return None
    return remaining * slo.objective.error_budget * window_s


def _burn(objective: Objective, label: str, length_s: int, tally: Tally | None) -> Burn:
    rate = None if tally is None else Budget(objective, tally).burn_rate
    return Burn(label, Span(AS_OF - length_s, AS_OF), tally, rate)


def _trend(remaining: Fraction | None) -> tuple[float | None, ...]:
    if remaining is None:
        return (0.9,) * 20 + (None,) * 8
    end = float(remaining)
    return tuple(end + (0.9 - end) * (27 - i) / 27 * 0.4 for i in range(28))


def the_mock_up() -> tuple[SloView, ...]:
    """The fourteen rows of the drawn page, and each state that a row can be in."""
    hot = {"5m": "25", "1h": "23", "30m": "4.2", "6h": "4.2"}
    slow = {"1h": "2.9", "2h": "3.4", "6h": "3.4", "1d": "3.2"}
    silent = AS_OF - 97 * 60
    return (
        a_view(left="0.38", burns=hot, service="checkout"),
        a_view("payments success", left="0.12", burns=slow, service="payments"),
        a_view("login latency", "99", left="-0.22", burns={"1h": "0.9"}, indicator=under(0.3)),
        a_view("mobile-bff availability", "99.9", left="0.21", burns={"1h": "0.7"}),
        a_view(
            "mobile app start", "90", left=None, indicator=under(2.0), data_until=AS_OF - 400_000
        ),
        a_view("notifications delivery", "99", left="0.61", stale=True, data_until=silent),
        a_view("checkout latency", "95", left="0.32", burns={"1h": "1.1"}, indicator=under(0.5)),
        a_view("payments latency", "95", left="0.54", burns={"1h": "0.5"}, indicator=under(0.7)),
        a_view("api-gateway availability", left="0.63", burns={"1h": "0.4"}),
        a_view("search latency", "95", left="0.71", burns={"1h": "0.3"}, indicator=under(0.8)),
        a_view("ledger uptime", "99.9", left="0.77", burns={"1h": "0"}, indicator=up()),
        a_view(
            "api-gateway latency", "99", left="0.83", burns={"1h": "0.1"}, indicator=under(0.25)
        ),
        a_view("statement export", "99", left="0.90", coverage="0.62", burns={"1h": "0.02"}),
        a_view("ledger posting", "99", left="0.48", lesser={"partial_s": 600}),
    )
