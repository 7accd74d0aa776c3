"""Say whether a migration worked: before and after, judged measure by measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from dashboard import wiring
from dashboard.config import Config
from dashboard.config.migration_def import MigrationDef
from dashboard.documents import read_document
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import reading_options, say, say_json
from dashboard.shell.migrations import chosen
from dashboard.views.machines import migration_table
from dashboard.views.machines.migration_table import listed, state_words
from slo.errors import ConfigError
from slo.nearest import did_you_mean

LEAVES_AT_ONCE = True


@dataclass(frozen=True, slots=True)
class Look:
    """When and how a report is asked for; `explain` "" means every metric, None none."""

    moment: int
    explain: str | None
    is_fixed: bool
    as_json: bool


@click.command(short_help="Say whether a migration worked.")
@click.argument("name", required=False)
@click.option(
    "--explain",
    metavar="[METRIC]",
    is_flag=False,
    flag_value="",
    help="Print the arithmetic of one metric, by id, or of all.",
)
@reading_options
@click.pass_obj
def migration(
    invocation: Invocation,
    name: str | None,
    explain: str | None,
    as_of: int | None,
    *,
    as_json: bool,
) -> None:
    """Compare before and after of the migration NAME, or of the only one.

    Where there are several and none is named, they are listed with where they stand.
    """
    config = wiring.configured(invocation.config_path)
    moment = wiring.now() if as_of is None else as_of
    where = str(config.path)
    if not config.migrations:
        mend = "add one; see the README"
        raise ConfigError("no [[migration]] is configured", where=where, mend=mend)
    meant = chosen(config.migrations, name, where)
    if meant is None:
        _list(config.migrations, moment, as_json=as_json)
        return
    if explain:
        _refuse_unknown(meant, explain, where)
    _print(config, meant, Look(moment, explain, is_fixed=as_of is not None, as_json=as_json))


def _print(config: Config, meant: MigrationDef, look: Look) -> None:
    # What makes a report loads scipy; a list or a wrong name need not wait for it.
    from dashboard.views.claims.documented import documented  # noqa: PLC0415
    from dashboard.views.machines import claims as claim_lines  # noqa: PLC0415
    from dashboard.views.machines import migration as machines  # noqa: PLC0415
    from dashboard.views.migration.making import migration_report  # noqa: PLC0415
    from dashboard.views.migration.telling import told  # noqa: PLC0415
    from dashboard.views.upkeep.scene import Scene  # noqa: PLC0415

    with wiring.reader(config) as reader:
        scene = Scene(config, reader, look.moment, look.is_fixed)
        report = migration_report(scene, meant)
    if look.explain is not None and not look.as_json:
        say(migration_table.explained(told(report), look.explain))
        return
    claimed = documented(report, read_document)
    if look.as_json:
        say_json(machines.document(report, claimed, with_steps=look.explain is not None))
        return
    said = () if claimed is None else ("", "What is claimed", *claim_lines.lines(claimed))
    say((*migration_table.lines(told(report), report.as_of), *said))


def _list(known: Sequence[MigrationDef], moment: int, *, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "schema": "burnline.migrations/1",
                "migrations": [
                    {"name": one.name, "title": one.title, "state": state_words(one, moment)}
                    for one in known
                ],
            }
        )
    else:
        say(listed(known, moment))


def _refuse_unknown(meant: MigrationDef, metric: str, where: str) -> None:
    ids = [one.id for one in meant.metrics]
    if metric not in ids:
        raise ConfigError(
            f'no metric of {meant.name} has the id "{metric}"{did_you_mean(metric, ids)}',
            where=where,
            mend=f"name one of: {', '.join(ids)}",
        )


COMMAND = migration
