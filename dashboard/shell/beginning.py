"""What `init` does: ask, propose, and write a file that was not there."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard import wiring
from dashboard.proposals.document import (
    Proposed,
    document,
    empty_document,
    left_out,
    proposed,
)
from dashboard.shell.telling import complain, harmless
from dashboard.toml import Value
from slo.errors import BurnlineError, ConfigError, InputError

if TYPE_CHECKING:
    from slo.formats.contract import Finding

DONE, IN_PART = 0, 1
_ORIGINS = ("env", "file")


class Secret(click.ParamType[dict[str, str]]):
    """`env:NAME` or `file:PATH` on the command line, as config.toml has it; never the secret."""

    name = "secret"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, str]:
        """The reference; a text that is none is not repeated, since it may be the secret."""
        if isinstance(value, dict):
            return value
        origin, colon, name = str(value).partition(":")
        if origin not in _ORIGINS or not colon or not name:
            self.fail("say where it stands: env:NAME or file:PATH", param, ctx)
        return {origin: name}


class OccupiedError(BurnlineError):
    """A file stands where one was to be written."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The configuration as text, what it proposes, and what was left out of it."""

    text: str
    proposals: tuple[Proposed, ...] = ()
    left_out: tuple[str, ...] = ()
    is_asked: bool = False
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """What other tools' files gave: how many SLOs, and what was found on the way."""

    slos: int
    findings: tuple[Finding, ...]


def source(
    url: str | None, token: Mapping[str, str] | None, ca_file: str | None, folder: Path
) -> dict[str, Value] | None:
    """The table `[[source]]` of a Prometheus as it will stand in the file; None without one.

    Raises:
        ConfigError: a secret or certificate is named, but no Prometheus.
    """
    if url is None:
        if token or ca_file:
            raise ConfigError(
                "--token and --ca-file belong to a Prometheus",
                where="the command line",
                mend="add --from-prometheus URL",
            )
        return None
    table: dict[str, Value] = {"kind": "prometheus", "url": url}
    if token:
        table["token"] = {k: _seen_from(folder, v) if k == "file" else v for k, v in token.items()}
    if ca_file:
        table["ca_file"] = _seen_from(folder, ca_file)
    return table


def begin(table: Mapping[str, Value] | None, folder: Path) -> Begun:
    """The configuration; of a Prometheus with what it holds.

    Raises:
        ConfigError: it cannot be asked as the command line says.
        SourceError: it does not answer, or is none.
    """
    if table is None:
        return Begun(empty_document())
    from collectors.prometheus.discovery.asking import discover  # noqa: PLC0415 - HTTP costs 0.2 s

    found = discover(wiring.prometheus(table, folder), wiring.now())
    proposals = proposed(found)
    text = document(table, found, proposals)
    return Begun(text, proposals, tuple(left_out(found)), is_asked=True)


def taken_over(files: Sequence[tuple[str, Path]], *, is_asked: bool) -> Begun:
    """The configuration that promises what SLO files of other tools do; all are read together.

    Raises:
        ConfigError: a Prometheus is to be asked as well.
        InputError: a file cannot be read, or none of them holds anything that can be carried over.
    """
    if is_asked:
        raise ConfigError(
            "--from and --from-prometheus are two ways to begin",
            where="the command line",
            mend="give one of them; the address can be written into the file",
        )
    from dashboard.proposals.carried_over import whole  # noqa: PLC0415 - only this way reads YAML
    from dashboard.shell import exchanging  # noqa: PLC0415
    from slo.formats.contract import Definitions, Ledger  # noqa: PLC0415

    ledger, held = Ledger(), Definitions()
    for name in dict.fromkeys(name for name, _ in files):
        own = [path for each, path in files if each == name]
        held += exchanging.held_in(own, ledger, name=name)
    if not exchanging.is_anything(held):
        raise InputError(
            "nothing in it can be carried over:\n" + "\n".join(map(str, ledger.findings)),
            where=", ".join(str(path) for _, path in files),
            mend="mend those lines, or name files that hold SLOs",
        )
    return Begun(whole(held), carried=Carried(len(held.slos), tuple(ledger.findings)))


def write(begun: Begun, path: Path) -> None:
    """Create the file; what stands there already is left alone.

    Raises:
        OccupiedError: something stands there already.
        ConfigError: the folder cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(begun.text)
    except FileExistsError:
        raise OccupiedError(
            f"{path} exists, and is never overwritten",
            where=str(path),
            mend="write elsewhere with --out other.toml, or move it away first",
        ) from None
    except OSError as error:
        said = error.strerror or errno.errorcode.get(error.errno or 0, "no reason given")
        raise ConfigError(
            f"cannot write: {said}", where=str(path), mend="name another file with --out"
        ) from None
    click.echo(f"wrote {path}: {_summary(begun)}")


def tell(begun: Begun) -> int:
    """Say on stderr what is proposed and what is not; the command's exit code."""
    if begun.carried is not None:
        from dashboard.shell import exchanging  # noqa: PLC0415 - only files of other tools need it

        return exchanging.tell(begun.carried.findings, is_anything=True)
    for words in begun.left_out:
        complain(f"init: {words}")
    if begun.is_asked and not begun.proposals:
        complain("init: the server answers, but holds no metric that is recognised; see README.md")
        return IN_PART
    for each in begun.proposals:
        if each.proposal.asks:
            complain(harmless(f"init: {each.proposal.name} waits for an answer: look for ASK"))
    return IN_PART if begun.left_out else DONE


def _summary(begun: Begun) -> str:
    if begun.carried is not None:
        return f"SLOs carried over: {begun.carried.slos}"
    if not begun.is_asked:
        return "a beginning"
    asking = sum(each.proposal.asks for each in begun.proposals)
    return f"SLOs proposed: {len(begun.proposals) - asking}, waiting for an answer: {asking}"


def _seen_from(folder: Path, name: str) -> str:
    """The path as the configuration in that folder has to call it."""
    here = folder.resolve() == Path.cwd()
    return name if here else str(Path(name).absolute())
