"""Say whether every objective is in order, with the exit codes of monitoring plugins."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import (
    Question,
    asked,
    evaluated,
    reading_options,
    say,
    say_json,
)
from dashboard.shell.telling import complain
from dashboard.views.machines.check import document, failure, lines, verdict
from dashboard.views.slos.slo_view import SloView
from slo.errors import BurnlineError
from slo.judgement import Check

CANNOT_RUN = int(Check.UNKNOWN)
LEAVES_AT_ONCE = True


class _Check(click.Command):
    """The command, which answers on standard output even where its words mean nothing."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments left; a wrong one is answered before it is told."""
        as_json = "--json" in args
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _give_up(asked((), None), error.format_message(), as_json=as_json)
            raise


@click.command(cls=_Check, short_help="Say whether every objective is in order, by exit code.")
@click.argument("slos", nargs=-1, metavar="[SLO]...")
@click.option("--gate", is_flag=True, help="Say by the budgets alone whether a release may go.")
@reading_options
@click.pass_obj
def check(
    invocation: Invocation, slos: tuple[str, ...], as_of: int | None, *, gate: bool, as_json: bool
) -> int:
    """Say whether the SLOs named, or all, are in order.

    Exit codes: 2 CRITICAL, a page-level burn is firing; 1 WARNING, a ticket-level burn is firing,
    or a budget is spent or below 25 %; 3 UNKNOWN, not measured, sources disagree, stale, or
    nothing could be read; 0 OK. The gravest of all SLOs counts, UNKNOWN between WARNING and OK.

    With --gate the error budget policies decide, for a pipeline: 0 a release may go, 2 a step of a
    policy blocks it, 3 some budget is unknown. What fires now is not asked.
    """
    question = asked(slos, as_of)
    try:
        if gate:
            return _gate(invocation, question, as_json=as_json)
        views = _answered(invocation, question)
    except BurnlineError as error:
        _give_up(question, error.what, as_json=as_json)
        raise
    if as_json:
        say_json(document(views, question.as_of))
    else:
        say(lines(views))
    return int(verdict(views))


def _answered(invocation: Invocation, question: Question) -> tuple[SloView, ...]:
    """The views in question; channels that took nothing are told on standard error."""
    config = wiring.configured(invocation.config_path)
    with wiring.reader(config) as reader:
        views = evaluated(config, reader, question)
        if config.channels:
            # A file without channels pays for nothing of them.
            from dashboard.views.upkeep.untold import untold, untold_words  # noqa: PLC0415

            for said in untold_words(untold(reader.alerts, question.as_of), question.as_of):
                complain(said)
    return views


def _gate(invocation: Invocation, question: Question, *, as_json: bool) -> int:
    """The exit code of the gate, its answer printed."""
    # A monitoring system asks every minute, and never for this.
    from dashboard.views.machines import gate  # noqa: PLC0415

    config = wiring.configured(invocation.config_path)
    with wiring.reader(config) as reader:
        views = evaluated(config, reader, question)
    found = gate.passages(views, config.policies)
    if as_json:
        say_json(gate.document(found, question.as_of))
    else:
        say(gate.lines(found))
    return gate.code(found)


def _give_up(question: Question, what: str, *, as_json: bool) -> None:
    """Answer on standard output too: it is all that a monitoring system reads."""
    if as_json:
        say_json(failure(question.as_of, what.splitlines()))
    else:
        say([f"{Check.UNKNOWN.name}: {what.splitlines()[0]}"])


COMMAND = check
