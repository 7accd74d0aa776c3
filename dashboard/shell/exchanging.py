"""SLO files of other tools in and out: what `slo import`, `slo export` and `init --from` share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from dashboard.config import Config
from dashboard.documents import read_document
from dashboard.shell.telling import complain, harmless
from slo.errors import ConfigError, InputError
from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Finding, Ledger, Origin, Owner, Weight
from slo.formats.documents import MOST_BYTES, pieces
from slo.nearest import did_you_mean
from slo.objective import Slo

DONE, IN_PART, NOT_DONE = 0, 1, 2


def held_in(paths: Sequence[Path], ledger: Ledger, *, name: str | None = None) -> Definitions:
    """What the files hold together; of one format where a name is given.

    Raises:
        InputError: a file cannot be read, or is no text of a known format; all that is refused in
            the others is told with it.
    """
    texts: dict[str, str] = {}
    unread: list[InputError] = []
    for path in dict.fromkeys(paths):
        try:
            texts[str(path)] = _text(path)
        except InputError as error:
            unread.append(error)
    if unread:
        raise _every_problem(texts, unread, name)
    try:
        return registry.read(texts, ledger, name=name)
    except InputError:
        raise _every_problem(texts, [], name) from None


def _every_problem(
    texts: Mapping[str, str], unread: Sequence[InputError], name: str | None
) -> InputError:
    """What keeps files from being read, beside what is refused in those that can be."""
    failed, sound = list(unread), dict(texts)
    for file, text in texts.items():
        try:
            pieces(text, file)
        except InputError as error:
            failed.append(error)
            del sound[file]
    ledger = Ledger()
    try:
        if sound or not failed:
            registry.read(sound, ledger, name=name)
    except InputError as error:
        failed.append(error)
    refused = [one for one in sorted(ledger.findings) if one.weight is Weight.REFUSED]
    if len(failed) == 1 and not refused:
        return failed[0]
    told = [f"{one.where}: {one.what}; {one.mend}" for one in failed]
    return InputError(
        "\n".join(
            ["nothing is taken over while a file cannot be read:", *told, *map(str, refused)]
        ),
        where=", ".join(one.where for one in failed),
        mend="correct these lines; one that misses what such a file holds is mended with it",
    )


def _text(path: Path) -> str:
    raw = read_document(path, MOST_BYTES)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        mend = "name a file of SLOs: YAML or JSON in UTF-8"
        raise InputError("is no text in UTF-8", where=str(path), mend=mend) from None


def definitions_of(config: Config, names: Sequence[str]) -> Definitions:
    """What the configuration promises, or those SLOs of it; the services and sources with them.

    Raises:
        ConfigError: there is no SLO of such a name.
    """
    slos = _chosen(config, names)
    services = {slo.service for slo in slos}
    sources = {leaf.source for slo in slos for leaf in slo.leaves}
    return Definitions(
        slos=tuple(Carried(slo=slo) for slo in slos),
        services=tuple(
            Owner(
                name=one.name,
                team=one.team,
                owner=one.owner,
                notify=one.notify,
                labels=one.labels,
                runbook=one.runbook,
                dashboard=one.dashboard,
                logs=one.logs,
            )
            for one in config.services
            if one.name in services
        ),
        sources=tuple(
            Origin(name=one.name, kind=one.kind, address=one.address)
            for one in config.sources
            if one.name in sources
        ),
    )


def _chosen(config: Config, names: Sequence[str]) -> tuple[Slo, ...]:
    known = [slo.name for slo in config.slos]
    for name in names:
        if name not in known:
            raise ConfigError(
                f'no [[slo]] is called "{name}"{did_you_mean(name, known)}',
                where=str(config.path),
                mend=f"name one of: {', '.join(known)}" if known else "add a [[slo]]",
            )
    return tuple(slo for slo in config.slos if not names or slo.name in names)


def put(text: str, path: Path | None) -> None:
    """Print the text, or write it into a file that was not there.

    Raises:
        ConfigError: something stands there, or it cannot be written.
    """
    if path is None:
        click.echo(text.encode(), nl=False)
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        taken = isinstance(error, FileExistsError)
        raise ConfigError(
            "exists, and is never overwritten" if taken else f"cannot write: {error.strerror}",
            where=str(path),
            mend="name another file with --out",
        ) from None
    complain(f"wrote {path}")


def tell(findings: Iterable[Finding], *, is_anything: bool) -> int:
    """Say on stderr what was found, and the exit code that follows from it."""
    told = sorted(findings)
    for finding in told:
        complain(harmless(str(finding)))
    refused = any(one.weight is Weight.REFUSED for one in told)
    if refused and not is_anything:
        return NOT_DONE
    return IN_PART if any(one.weight is not Weight.NOTED for one in told) else DONE


def is_anything(definitions: Definitions) -> bool:
    """Whether there is anything at all to write."""
    held = definitions
    return bool(held.slos or held.services or held.sources or held.policies)
