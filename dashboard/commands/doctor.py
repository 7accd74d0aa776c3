"""Try every source once, look at store and collector, and say what needs a hand."""

from __future__ import annotations

import click

from collectors.findings import Grade
from dashboard import wiring
from dashboard.shell.examining import examined
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import say, say_json
from dashboard.shell.telling import harmless
from dashboard.views.upkeep.doctor import document, lines

LEAVES_AT_ONCE = True
WELL, NEEDS_A_HAND = 0, 1


@click.command(short_help="Try every source once, and say what needs a hand.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def _doctor(invocation: Invocation, /, *, as_json: bool) -> int:
    """Try every source once, look at the store and the collector, and say what needs a hand.

    Nothing is stored or changed. Exit codes: 0 all is well, 1 something needs a hand, 2 the
    configuration cannot be used, so that nothing could be looked at.
    """
    now = wiring.now()
    found = examined(invocation.config_path, now)
    if as_json:
        say_json(document(found, now))
    else:
        say([harmless(line) for line in lines(found)])
    wrong = any(each.finding.grade is Grade.WRONG for each in found)
    return NEEDS_A_HAND if wrong else WELL


COMMAND = _doctor
