"""What only the store can explain: links, what returns, the policy, who spent, months, members."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from shlex import quote

from collectors.store.widths import QUARTER_S, floor
from dashboard.views.attribution.making import spending
from dashboard.views.compliance.making import Kept, records
from dashboard.views.compliance.words import period_words
from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.apart import apart_steps
from dashboard.views.explained.asked import link_steps
from dashboard.views.explained.corrected import corrected_steps
from dashboard.views.explained.spent import spent_steps
from dashboard.views.explained.step import Step
from dashboard.views.explained.traffic import traffic_steps
from dashboard.views.projection.making import Projection, Returning, projection
from dashboard.views.slos.queries import counts_query
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import NOTHING, length_words, moment_words
from slo.budget_policy import STANDARD
from slo.periods import ReportPeriod
from slo.spans import Span

_MONTHS = 6


def stored_steps(scene: Scene, view: SloView) -> tuple[Step, ...]:
    """Everything that is shown of the SLO beyond its own counts, each with its arithmetic."""
    made = projection(scene, view)
    found = spending(scene.reader, scene.config.delivery, view)
    return (
        *traffic_steps(scene.reader, view),
        *corrected_steps(scene, view),
        *_ahead(made),
        *_policy(scene, view),
        *(() if found is None else spent_steps(found)),
        *apart_steps(scene, view),
        *_periods(scene, view),
        *_history(view),
        *_links(scene, view),
    )


def _history(view: SloView) -> Iterator[Step]:
    """Where the figures of the whole history are explained: reading it all takes a while."""
    if view.data_until is not None and not view.slo.composed:
        name = quote(view.name)
        yield "history", f"burnline backtest {name} --explain; burnline advise {name} --explain"


def _links(scene: Scene, view: SloView) -> Iterator[Step]:
    """Where the query can be asked again, of a source that answers one."""
    for query in view.query.splitlines():
        yield from link_steps(scene, view.slo, query, view.span)


def _ahead(made: Projection | None) -> Iterator[Step]:
    """What returns to a rolling window, and when some of a spent budget is left again."""
    if made is None:
        return
    for one in made.returning:
        yield "returns", f"within {length_words(one.after_s)}: {_returns(made.view, one)}"
    if made.above_zero_at is not None:
        yield "above 0", _above(made.view, made.above_zero_at)


def _returns(view: SloView, one: Returning) -> str:
    assert view.tally is not None, "only a known budget returns"
    total, budget = Fraction(view.tally.total), view.slo.objective.error_budget
    gone = one.share * total * budget
    left = (
        f"1 − {digits_words((1 - one.left) * total * budget)} / {digits_words(total)} / "
        f"{digits_words(budget)}"
    )
    filled = filled_words(
        f"{digits_words(gone)} / {digits_words(total)} / {digits_words(budget)}", gone, total
    )
    return (
        f"bad that leaves / total / budget {filled} {equals_words(one.share)}; then left "
        f"{filled_words(left, (1 - one.left) * total * budget, total)} {equals_words(one.left)}; "
        f"{_leaving(view, view.span.since + one.after_s)}"
    )


def _leaving(view: SloView, until: int) -> str:
    """The query for what has left the window once it begins then: whole quarter hours."""
    since = view.span.since
    return counts_query(view, Span(since, max(since, floor(until, QUARTER_S))))


def _above(view: SloView, at: int) -> str:
    """How many bad events are too many, and what holds as many of them."""
    assert view.tally is not None, "only a known budget is spent"
    bad, total = Fraction(view.tally.bad), Fraction(view.tally.total)
    budget = view.slo.objective.error_budget
    filled = filled_words(
        f"{digits_words(bad)} − {digits_words(budget)} × {digits_words(total)}", bad, total
    )
    return (
        f"bad − budget × total {filled} {equals_words(bad - budget * total)} too many; more than "
        f"these have left at {moment_words(at)}: {_leaving(view, at - view.whole.length_s)}"
    )


def _policy(scene: Scene, view: SloView) -> Iterator[Step]:
    """The step of the error budget policy that is in force, and why."""
    known = {one.name: one for one in (STANDARD, *scene.config.policies)}
    policy, left = known[view.slo.budget_policy or STANDARD.name], view.budget_remaining
    if left is None:
        yield "policy", f"{policy.name}: {NOTHING}, the budget is unknown"
        return
    held = policy.step_at(left)
    if held is None:
        first = max(step.at for step in policy.steps)
        yield "policy", f"{policy.name}: none, {digits_words(left)} left > {digits_words(first)}"
        return
    gate = ", blocks releases" if held.blocks else ""
    yield (
        "policy",
        f"{policy.name}: {digits_words(left)} left ≤ {digits_words(held.at)}: {held.message}{gate}",
    )


def _periods(scene: Scene, view: SloView) -> Iterator[Step]:
    """The last months, each against the target or the targets that it had."""
    slo = next((one for one in scene.config.slos if one.name == view.name), None)
    if slo is None:
        return
    (record,) = records(scene.reader, [slo], ReportPeriod.MONTH, scene.config.timezone, view.as_of)
    for kept in record.periods[:_MONTHS]:
        yield "month", f"{period_words(kept.period)}: {_kept(kept)}"


def _kept(kept: Kept) -> str:
    made = kept.compliance
    if made.remaining is None:
        return f"{NOTHING}: {kept.state.words}"
    parts = [(one.slo.objective.error_budget, one.tally) for one in kept.parts]
    known = [(budget, Fraction(tally.total)) for budget, tally in parts if tally is not None]
    listed = " + ".join(f"{digits_words(budget)} × {digits_words(n)}" for budget, n in known)
    allowed = filled_words(listed, *chain.from_iterable(known))
    left = filled_words(
        f"1 − {digits_words(made.bad)} / {digits_words(made.allowed)}", made.bad, made.allowed
    )
    text = (
        f"allowed = budget × total {allowed} {equals_words(made.allowed)}; left = 1 − bad / allowed "
        f"{left} {equals_words(made.remaining)}"
    )
    if made.tally is None or made.sli is None:
        return text
    counts = (Fraction(made.tally.good), Fraction(made.tally.total))
    shares = filled_words(" / ".join(digits_words(one) for one in counts), *counts)
    return f"{text}; sli = good / total {shares} {equals_words(made.sli)}"
