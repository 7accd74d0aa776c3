"""Silence what is new of an alert for a while, or show and end such silences."""

from __future__ import annotations

import uuid
from typing import Any

import click

from dashboard import wiring
from dashboard.shell import quieting
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import columns, say, say_json
from dashboard.shell.telling import harmless
from dashboard.views.alerts.blocks import silences_block
from dashboard.views.alerts.words import silence_words
from dashboard.views.machines.alerts import silence_documents
from dashboard.views.machines.blocks import lines

LEAVES_AT_ONCE = True


@click.command()
@click.argument("slo", required=False)
@click.option("--service", metavar="NAME", help="All SLOs of this service.")
@click.option("--source", metavar="NAME", help="This source, which may be late without a word.")
@click.option("--all", "everything", is_flag=True, help="Everything.")
@click.option("--for", "length", metavar="LENGTH", help='For how long: "2h".')
@click.option("--until", metavar="MOMENT", help="When it ends, in the place of --for.")
@click.option("--since", metavar="MOMENT", help="When it begins; now when not given.")
@click.option("--by", metavar="NAME", help="Who wants it.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--list", "is_list", is_flag=True, help="Show the silences in force and to come.")
@click.option("--end", "key", metavar="KEY", help="End the silence of this key now.")
@click.option("--json", "as_json", is_flag=True, help="With --list: print JSON for machines.")
@click.pass_obj
def _silence(
    invocation: Invocation, /, *, is_list: bool, key: str | None, as_json: bool, **written: Any
) -> None:
    """Tell nobody anything new of the alerts of SLO, a service, a source, or of all.

    What an alert is goes on regardless: pages, `check` and `burnline alerts` still show it. Who
    was told of it before is still told when it is over.
    """
    if as_json and not is_list:
        raise click.UsageError("--json goes with --list")
    if is_list and (key is not None or any(written.values())):
        raise click.UsageError("--list shows every silence: name nothing beside it")
    if is_list:
        _list(invocation, as_json=as_json)
    elif key is not None:
        _refuse_missing(written, by="who ends it")
        if any(value for name, value in written.items() if name != "by"):
            raise click.UsageError("--end says which silence: name nothing beside it but --by")
        _end(invocation, key, written["by"])
    else:
        _refuse_missing(written, by="who wants it", reason="why")
        _begin(invocation, written)


def _refuse_missing(written: dict[str, Any], **names: str) -> None:
    """Refuse to go without what must be said, by the options to say it with."""
    missing = {f"--{name}": why for name, why in names.items() if written[name] is None}
    if missing:
        options, whys = " and ".join(missing), " and ".join(missing.values())
        raise click.UsageError(f"Missing option {options}: say {whys}.")


def _begin(invocation: Invocation, written: dict[str, Any]) -> None:
    body = {"all": written.pop("everything"), "for": written.pop("length"), **written}
    body = {name: value for name, value in body.items() if value}
    now = wiring.now()
    made = quieting.silenced(body, key=uuid.uuid4().hex[:8], actor=UNVERIFIED, received_at=now)
    config = wiring.configured(invocation.config_path)
    quieting.refuse_unknown(config, made.silence)
    with wiring.writer(config) as store:
        store.apply(made, now=now)
    click.echo(harmless(f"silenced: {silence_words(made.silence, now)}").encode())


def _end(invocation: Invocation, key: str, by: str) -> None:
    deed = quieting.ended({"key": key, "by": by}, actor=UNVERIFIED)
    with wiring.writer(wiring.configured(invocation.config_path)) as store:
        store.apply(deed, now=wiring.now())
    click.echo(harmless(f"ended: {key}").encode())


def _list(invocation: Invocation, *, as_json: bool) -> None:
    now = wiring.now()
    with wiring.reader(wiring.configured(invocation.config_path)) as reader:
        found = reader.alerts.silences(now)
    if as_json:
        say_json({"schema": "burnline.silences/1", "silences": silence_documents(found)})
    else:
        made = silences_block(found, now)
        say(lines([made], columns()) if made is not None else ["Nothing is silenced."])


COMMAND = _silence
