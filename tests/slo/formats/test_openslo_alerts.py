"""Alert policies of OpenSLO become rows of burns, or are left out and named."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import yaml
from openslo_documents import document, named, read

from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger
from slo.indicator import Ratio
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.spans import CalendarWindow, Period, RollingWindow


def inline(threshold: int, lookback: str, annotations: str = "{}") -> str:
    """A list of one alert policy that is written in place."""
    condition = f"{{threshold: {threshold}, lookbackWindow: {lookback}}}"
    spec = f"{{severity: page, condition: {condition}}}"
    one = f"{{metadata: {{annotations: {annotations}}}, spec: {spec}}}"
    return f"[{{kind: AlertPolicy, spec: {{conditions: [{one}], notificationTargets: [x]}}}}]"


CONDITION = "{severity: %s, condition: {kind: burnrate, op: %s, threshold: 2, lookbackWindow: 12h, alertAfter: %s}}"


def test_alert_policies_are_rows_however_they_are_referred_to() -> None:
    inline = f"{{kind: AlertCondition, metadata: {{name: i}}, spec: {CONDITION % ('page', 'gte', '0m')}}}"
    text = (
        document(alertPolicies="[{alertPolicyRef: p}, {kind: AlertPolicy, metadata: {name: q},"
                 f" spec: {{alertWhenBreaching: true, conditions: [{inline}]}}}}]")
        + named("AlertPolicy", "p", "{alertWhenBreaching: true, conditions: [{conditionRef: c}]}")
        + named("AlertCondition", "c", CONDITION % ("warning", "gt", "5m"))
    )  # fmt: skip

    held, told = read(text)

    # A burn of 2 over 12 h is 24 of the 672 hours of four weeks.
    share = Fraction(24, 672)
    assert held.slos[0].slo.window == RollingWindow(28 * 86_400)
    assert held.slos[0].slo.policy == (
        BurnRow(Severity.TICKET, share, 43_200, 3_600),
        BurnRow(Severity.PAGE, share, 43_200, 3_600),
    )
    assert any('"warning" is neither page nor ticket; it becomes a ticket' in line for line in told)
    assert any("it waits for 5m first" in line for line in told)


@pytest.mark.parametrize(
    ("policies", "more", "said"),
    [
        ("[{alertPolicyRef: p}]", "", 'no AlertPolicy is called "p" in these files'),
        ("[{alertPolicyRef: p}]",
         named("AlertPolicy", "p", "{alertWhenBreaching: true, conditions: [{conditionRef: c}]}"),
         'no AlertCondition is called "c" in these files'),
        ("[{alertPolicyRef: p}]",
         named("AlertPolicy", "p", "{alertWhenBreaching: false, conditions: [{conditionRef: c}]}"),
         "an alert that is not told while it burns is none here"),
        ("[{alertPolicyRef: p}]",
         named("AlertPolicy", "p", "{conditions: [{conditionRef: c}]}")
         + named("AlertCondition", "c", CONDITION % ("page", "lte", "0m")),
         "lte alerts while little burns, which is no alert here"),
        (inline(99, "4w"), "", "no budget lasts for a burn of 99 over 28d"),
        (inline(1, "30d"), "", "no budget lasts for a burn of 1 over 30d"),
        (inline(1, "30d", "{burnline/share: '0.5'}"), "", "further back than the window of 28d"),
        (inline(1, "1m"), "", "has no shorter window of whole minutes"),
    ],
)  # fmt: skip
def test_an_alert_that_cannot_be_taken_over_is_left_out_and_named(
    policies: str, more: str, said: str
) -> None:
    held, told = read(document(alertPolicies=policies) + more)

    assert held.slos[0].slo.policy is None
    assert any(": left out: " in line and said in line for line in told), told


# The budget of a period times its share, spent in 90 minutes: p W / L, of a quarter 0.55 % of 2,208 h
# in 1.5 h.
PERIODS = {
    Period.WEEK: (7, "0.616"),
    Period.MONTH: (31, "2.728"),
    Period.QUARTER: (92, "8.096"),
    Period.YEAR: (366, "32.208"),
}


@pytest.mark.parametrize("period", PERIODS)
def test_a_row_of_a_calendar_is_written_by_the_longest_period_there_is(period: Period) -> None:
    days, threshold = PERIODS[period]
    row = BurnRow(Severity.PAGE, Fraction(55, 10_000), 5_400, 420)
    window = CalendarWindow(period, ZoneInfo("Pacific/Apia"))
    objective = Objective.from_percent(90)
    slo = Slo("a", "", objective, window, "p", Ratio("r", bad="e"), policy=(row,))
    held = Definitions(slos=(Carried(slo=slo),))
    openslo, rules = (registry.load(name).write for name in ("openslo", "prometheus"))
    assert openslo is not None
    assert rules is not None

    documents = yaml.load_all(openslo(held, Ledger()), Loader=yaml.BaseLoader)

    (alert,) = next(one for one in documents if one["kind"] == "SLO")["spec"]["alertPolicies"]
    written = alert["spec"]["conditions"][0]["spec"]["condition"]["threshold"]
    assert (
        Decimal(written) == Decimal(threshold) == Decimal(55) / 10_000 * days * 24 / Decimal("1.5")
    )
    # Of 90 % one event in ten may be bad: the rules of a Prometheus hold a tenth of it.
    assert f"> {Decimal(threshold) / 10}\n" in rules(held, Ledger())


def test_a_row_that_others_wrote_for_a_calendar_has_the_share_of_the_longest_period() -> None:
    calendar = "{startTime: 2024-01-01 00:00:00, timeZone: UTC}"
    window = f"[{{duration: 1Q, isRolling: false, calendar: {calendar}}}]"

    held, _ = read(document(timeWindow=window, alertPolicies=inline(2, "12h")))

    # A burn of 2 over 12 h is 24 of the 2,208 hours of 92 days.
    assert held.slos[0].slo.policy == (BurnRow(Severity.PAGE, Fraction(24, 2_208), 43_200, 3_600),)
