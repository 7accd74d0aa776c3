"""What `burnline backtest` and `burnline advise` say to machines; ratios are fractions of one."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.views.backtest.making import Member, Side, Tried
from dashboard.views.explained.step import Step
from dashboard.views.floats import as_float
from slo.advise import LADDER, Advice, Month
from slo.backtest import Backtest, Met, Recorded
from slo.episodes import Episode
from slo.objective import Objective, Slo
from slo.onset import Since
from slo.policy import BurnRow, Severity
from slo.spans import Span, length_label, rfc3339

SCHEMA, ADVICE_SCHEMA = "burnline.backtest/1", "burnline.advise/1"


def document(made: Tried, steps: Sequence[Step] = ()) -> dict[str, object]:
    """Every page, ticket and recorded incident, by policy; times are RFC 3339, lengths seconds.

    `steps` are its arithmetic, where that was asked for; so of the advice.
    """
    fine = made.minutes_from
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(made.as_of),
        "slo": made.slo.name,
        "service": made.slo.service or None,
        "objective": float(made.slo.objective.target),
        "span": _span(made.span),
        "step_seconds": made.bin_s,
        "minutes_from": None if fine is None else rfc3339(fine),
        "generated": made.is_generated,
        "corrected_seconds": made.corrected_s,
        "recorded": {"count": len(made.records.found), "says": made.records.says},
        "members_left_out": made.left_out,
        "policies": [_side(one) for one in made.sides],
        **_explained(steps),
    }


def advice_document(
    slo: Slo, made: Advice, as_of: int, steps: Sequence[Step] = ()
) -> dict[str, object]:
    """The months with the targets that each met, and the highest target that all of them did."""
    lowest = made.lowest
    return {
        "schema": ADVICE_SCHEMA,
        "as_of": rfc3339(as_of),
        "slo": slo.name,
        "objective": float(slo.objective.target),
        "supported": None if made.supported is None else float(made.supported.target),
        "months_judged": len(made.judged),
        "months_kept": made.kept(slo.objective),
        "lowest_window": None
        if lowest is None
        else {
            "seconds": lowest.window_s,
            "until": rfc3339(lowest.until),
            "sli": float(lowest.sli),
        },
        "months": [_month(slo.objective, one) for one in made.months],
        **_explained(steps),
    }


def _explained(steps: Sequence[Step]) -> dict[str, object]:
    return {"steps": [{"name": name, "text": text} for name, text in steps]} if steps else {}


def _side(one: Side) -> dict[str, object]:
    found = one.found
    return {
        "policy": one.candidate.name,
        "says": one.candidate.says,
        "rows": [_row(row) for row in found.policy],
        "measured_seconds": found.measured_s,
        "paging_seconds": found.firing_s[Severity.PAGE],
        "ticket_seconds": found.firing_s[Severity.TICKET],
        "recall": as_float(found.recall),
        "precision": as_float(found.precision),
        "delay_seconds": found.delay_s,
        "reset_seconds": found.reset_s,
        "pages": _pages(found, one.onsets),
        "pages_as_measured": None
        if one.as_measured is None
        else [_alert(page, None) for page in one.as_measured.pages],
        "tickets": [_alert(ticket, None) for ticket in found.tickets],
        "met": [_met(each) for each in found.met],
        "unmeasured": [_recorded(each) for each in found.unmeasured],
        "members": [_member(each) for each in one.members],
    }


def _member(one: Member) -> dict[str, object]:
    """The alerts of a member that would have begun beside those of the sum."""
    return {
        "name": one.slo.name,
        "labels": dict(one.slo.member),
        "pages": _pages(one.found, one.onsets),
        "tickets": [_alert(ticket, None) for ticket in one.found.tickets],
    }


def _pages(found: Backtest, onsets: Sequence[Since | None]) -> list[dict[str, object]]:
    """Each page; right or wrong by what was recorded, None where nothing was."""
    is_judged = found.precision is not None
    return [
        _alert(page, onset) | {"right": right if is_judged else None}
        for page, onset, right in zip(found.pages, onsets, found.right, strict=True)
    ]


def _row(row: BurnRow) -> dict[str, object]:
    return {
        "severity": row.severity.value,
        "budget": float(row.share),
        "long": length_label(row.long_s),
        "short": length_label(row.short_s),
    }


def _alert(one: Episode, onset: Since | None) -> dict[str, object]:
    return {
        **_span(one.span, is_open=one.is_open),
        "firing_seconds": one.firing_s,
        "row": f"{length_label(one.row.long_s)}/{length_label(one.row.short_s)}",
        "burning_since": None if onset is None else rfc3339(onset.at),
    }


def _met(one: Met) -> dict[str, object]:
    return {
        **_recorded(one.recorded),
        "page": None if one.page is None else rfc3339(one.page.span.since),
        "ticket": None if one.ticket is None else rfc3339(one.ticket.span.since),
        "delay_seconds": one.delay_s,
        "reset_seconds": one.reset_s,
    }


def _recorded(one: Recorded) -> dict[str, object]:
    return {"key": one.key, "title": one.title, **_span(one.span, is_open=one.is_open)}


def _month(own: Objective, one: Month) -> dict[str, object]:
    targets = sorted({own, *LADDER}, key=lambda target: target.target)
    return {
        "month": one.period.label,
        **_span(one.period.span),
        "sli": as_float(one.sli),
        "coverage": as_float(one.covered),
        "counts": one.counts,
        "met": {f"{target.percent.normalize():f}": one.met(target) for target in targets},
    }


def _span(span: Span, *, is_open: bool = False) -> dict[str, object]:
    return {"since": rfc3339(span.since), "until": None if is_open else rfc3339(span.until)}
