"""What `burnline check` answers: the document for machines and the lines for people."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.views.counted.families import members_of
from dashboard.views.floats import as_count, as_float
from dashboard.views.headline import headline
from dashboard.views.slos.naming import alarm_part
from dashboard.views.slos.overview import generated_words
from dashboard.views.slos.reasons import MADE_UP
from dashboard.views.slos.row_words import left_words, sli_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import NOTHING
from slo.burn import Firing
from slo.judgement import Check, check_of, worst
from slo.spans import length_label, rfc3339

SCHEMA = "burnline.check/1"
_ASKING = frozenset({Check.CRITICAL, Check.WARNING})


def verdict(views: Sequence[SloView]) -> Check:
    """The worst verdict of all, by CRITICAL > WARNING > UNKNOWN > OK; UNKNOWN without any SLO."""
    return worst(map(_check, views)) if views else Check.UNKNOWN


def _check(view: SloView) -> Check:
    """The verdict on an SLO: its own, or the graver one that a member of its group asks for.

    A member that is not measured says so in its row: the sum is.
    """
    members = (check_of(one.judgement) for one in members_of(view))
    return worst([check_of(view.judgement), *(one for one in members if one in _ASKING)])


def document(views: Sequence[SloView], as_of: int) -> dict[str, object]:
    """The answer as `burnline.check/1`: ratios are fractions, unknown is None."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(as_of),
        "status": verdict(views).name,
        "slos": [entry(view) for view in views],
    }


def failure(as_of: int, reasons: Sequence[str]) -> dict[str, object]:
    """The answer where nothing could be evaluated, and why."""
    return {**document((), as_of), "reasons": list(reasons)}


def entry(view: SloView) -> dict[str, object]:
    """One SLO of the document."""
    tally = view.tally
    return {
        "name": view.name,
        "service": view.service,
        "now": view.judgement.now.value,
        "status": _check(view).name,
        "state": view.judgement.state.value,
        "objective": float(view.slo.objective.target),
        "window": {
            "kind": view.window_kind,
            "since": rfc3339(view.whole.since),
            "until": rfc3339(view.whole.until),
        },
        "data_until": None if view.data_until is None else rfc3339(view.data_until),
        "good": None if tally is None else as_count(tally.good),
        "total": None if tally is None else as_count(tally.total),
        "bad": None if tally is None else as_count(tally.bad),
        "sli": as_float(view.sli),
        "budget_remaining": as_float(view.budget_remaining),
        "burn_rates": {label: as_float(rate) for label, rate in view.burn_rates},
        "firing": [_firing(firing) for firing in view.firing],
        **({} if view.fires_for is None else {"fires_for": view.fires_for.name}),
        "exhausts_at": None if view.exhausts_at is None else rfc3339(view.exhausts_at),
        "coverage": as_float(view.coverage),
        "reasons": list(view.reasons),
        **_as_measured(view),
        **({"members": [entry(one) for one in view.parts]} if view.parts else {}),
    }


def _as_measured(view: SloView) -> dict[str, object]:
    """The figures without corrections beside those with them; nothing where these cover nothing."""
    raw = view.measured.raw
    if raw is None or not view.is_corrected:
        return {}
    figures = {
        "good": as_count(raw.good),
        "total": as_count(raw.total),
        "bad": as_count(raw.bad),
        "sli": as_float(raw.sli),
        "budget_remaining": as_float(view.raw_remaining),
        "corrected_s": view.corrected_s,
    }
    return {"as_measured": figures}


def lines(views: Sequence[SloView]) -> tuple[str, ...]:
    """The verdict, then one line for each SLO that is not OK, the worst first."""
    made_up = generated_words(views)
    first = f"{verdict(views).name}: {headline(views)}{f' ({made_up})' if made_up else ''}"
    bad = [view for view in views if check_of(view.judgement) is not Check.OK]
    bad += [one for view in views for one in members_of(view) if _check(one) in _ASKING]
    are_all = all(view.is_generated for view in views)
    return (first, *(line(view, is_marked=view.is_generated and not are_all) for view in bad))


def line(view: SloView, *, is_marked: bool = False) -> str:
    """One SLO in one line: verdict, name, both facts and why; one made up among measured is marked."""
    left = left_words(view)
    part = alarm_part(view)
    now = f"{view.judgement.now.value}{f' for {part}' if part else ''}"
    facts = [now, "budget unknown" if left == NOTHING else f"{left} left"]
    if view.sli is not None:
        facts.append(f"SLI {sli_words(view)} of {view.objective_percent} %")
    facts += ["generated"] if is_marked else []
    reasons = [reason for reason in view.reasons if reason != MADE_UP]
    why = f" ({'; '.join(reasons)})" if reasons else ""
    return f"{check_of(view.judgement).name} {view.name}: {', '.join(facts)}{why}"


def _firing(firing: Firing) -> dict[str, object]:
    return {
        "severity": firing.severity.value,
        "long": length_label(firing.row.long_s),
        "short": length_label(firing.row.short_s),
        "factor": float(firing.factor),
        "burn_long": float(firing.long_burn),
        "burn_short": float(firing.short_burn),
    }
