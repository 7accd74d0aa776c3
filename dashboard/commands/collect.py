"""Bring every source up to now, once or on schedule, and its history in, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from collectors.store.store import RunRecord, Store
from dashboard import wiring
from dashboard.config import Config
from dashboard.shell import collecting
from dashboard.shell.invocation import Invocation
from dashboard.shell.reach import Reach
from dashboard.shell.telling import complain
from dashboard.views.alerts.words import alert_words


@click.command()
@click.option("--once", is_flag=True, help="Ask every source once, then end.")
@click.option("--source", "names", multiple=True, metavar="NAME", help="Only this source.")
@click.option("--since", type=Reach(), help='How far back: "90d", or a moment.')
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON.")
@click.pass_obj
def _collect(
    invocation: Invocation,
    /,
    *,
    once: bool,
    names: tuple[str, ...],
    since: int | None,
    as_json: bool,
) -> int:
    """Bring every source up to now, and its history in, newest first.

    Without --once every source is asked at its own interval until SIGTERM or Ctrl-C. What fails
    is named on stderr and recorded; the other sources go on.
    """
    if not once:
        if names or since is not None or as_json:
            raise click.UsageError("--source, --since and --json go with --once")
        return _on_schedule(invocation)
    config = wiring.configured(
        invocation.config_path,
        with_sources=lambda name, _kind: not names or name in names,
        with_channels=True,
    )
    lanes = [wiring.lane(source) for source in collecting.chosen(config, names)]
    then = partial(_afterwards, config)
    outcome = collecting.collected(config, lanes, since=since, then=then)
    return collecting.tell(outcome, as_json=as_json)


def _afterwards(config: Config, store: Store, records: Sequence[RunRecord]) -> None:
    """What a collector does at its own intervals: let go of old minutes, judge alerts, send them."""
    from dashboard.shell.duty import beaten, judge, send_all  # noqa: PLC0415 - imports need none of it

    store.retain(now=wiring.now(), minutes_s=config.minutes_s)
    now = wiring.now()
    for alert in judge(config, store, [record.source for record in records], now):
        # That data are missing the lines say, and of an old history it is no news.
        if alert.kind.is_burn:
            complain(alert_words(alert, now))
    for why in send_all(config, store, wiring.now):
        complain(why)
    if said := beaten(config):
        complain(f"the heartbeat was not heard: {said}")


def _on_schedule(invocation: Invocation) -> int:
    from dashboard.configured import Configured  # noqa: PLC0415 - once needs none of it
    from dashboard.shell.logs import log_to_stderr  # noqa: PLC0415
    from dashboard.shell.scheduled import collect_until_told  # noqa: PLC0415

    path = invocation.config_path
    configured = Configured(lambda: wiring.configured(path, with_sources=True, with_channels=True))
    return collect_until_told(configured, log_to_stderr())


COMMAND = _collect
