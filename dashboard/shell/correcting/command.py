"""What `burnline correct` does, and what it answers: each figure before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from collectors.store.corrections import StoredCorrection
from collectors.store.store import Store
from dashboard.config import Config
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.file import corrections_in
from dashboard.shell.correcting.following import follow_planned
from dashboard.shell.correcting.said import CorrectionTable, problems_of
from dashboard.shell.telling import harmless
from dashboard.views.corrections.bearing import also_touched
from dashboard.views.corrections.words import left_line, list_lines, said_words
from dashboard.views.counted.figures import evaluate
from slo.corrections import Correction
from slo.errors import InputError
from slo.spans import rfc3339
from slo.splits import is_of

__all__ = ["list_lines", "listed", "run"]
SCHEMA = "burnline.corrections/1"
_RENAMED = {"everything": "all", "length": "for"}
_MEND = (
    "write for example: burnline correct checkout --kind maintenance --since 2026-11-22T02:00Z"
    ' --for 2h --reason "failover drill" --by Ada'
)


def run(config: Config, store: Store, written: Mapping[str, Any], *, now: int) -> Sequence[str]:
    """Do what the options say, and tell what came of it.

    Raises:
        ConfigError: a file of corrections cannot be used.
        InputError: the options mean no correction, or its key was revoked.
    """
    given = {name: value for name, value in written.items() if value}
    if key := given.pop("revoke", None):
        words = {str(name): str(given.pop(name)) for name in ("by", "reason") if name in given}
        _refuse_more(given, "--revoke, with --by and --reason,")
        return [*_revoked(config, store, key, words, now=now)]
    if given.pop("planned", None):
        _refuse_more(given, "--planned")
        made = follow_planned(config, store, now=now)
        return [
            f"{made.noted} planned incidents newly correct their service, {made.revoked} no longer"
        ]
    aims = Aims(config, store.reader)
    if path := given.pop("file", None):
        _refuse_more(given, "--file")
        read = corrections_in(Path(path), aims, store.reader.corrections())
        return _all_noted(config, store, aims, read, now=now)
    found = _of_options(given)
    aims.refuse_unknown(found)
    return _all_noted(config, store, aims, [found], now=now)


def listed(stored: Sequence[StoredCorrection]) -> dict[str, object]:
    """Every correction for machines."""
    return {"schema": SCHEMA, "corrections": [_entry(one) for one in stored]}


def _entry(one: StoredCorrection) -> dict[str, object]:
    said_so = one.correction.document
    times = {name: rfc3339(said_so[name]) for name in ("since", "until") if name in said_so}
    return {
        **(said_so | times),
        "created_at": rfc3339(one.created_at),
        "revoked_at": None if one.revoked_at is None else rfc3339(one.revoked_at),
    }


def _of_options(given: Mapping[str, Any]) -> Correction:
    values = {
        _RENAMED.get(name, name): list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
    }
    try:
        return CorrectionTable.model_validate(values).correction
    except ValidationError as error:
        found = problems_of(error, values)
        lines = [f"{_option(name)}: {what}" if name else what for name, what in found]
        raise InputError("\n".join(lines), where="burnline correct", mend=_MEND) from error


def _option(name: str) -> str:
    """How a key is written on the command line, of several the one that is meant.

    >>> _option("reason"), _option("slo.1"), _option("service.0")
    ('--reason', 'SLO 2', '--service 1')
    """
    key, _, place = name.partition(".")
    option = "SLO" if key == "slo" else f"--{key}"
    return f"{option} {int(place) + 1}" if place.isdigit() else option


def _refuse_more(given: Mapping[str, Any], option: str) -> None:
    if given:
        more = sorted("SLO" if name == "slo" else f"--{_RENAMED.get(name, name)}" for name in given)
        raise InputError(
            f"{option} says all there is to say, but {', '.join(more)} was given, too",
            where="burnline correct",
            mend="leave the rest out",
        )


def _revoked(
    config: Config, store: Store, key: str, words: Mapping[str, str], *, now: int
) -> Iterator[str]:
    missing = [name for name in ("by", "reason") if name not in words]
    if missing:
        raise InputError(
            f"--revoke needs --{' and --'.join(missing)}",
            where=key,
            mend='write for example: --revoke KEY --reason "it was a real outage" --by Ada',
        )
    said = {"author": words["by"], "reason": words["reason"]}
    noted = store.corrections.revoke(key, **said, actor=UNVERIFIED, now=now)
    yield harmless(f"revoked {key}")
    yield from _figures(config, store, {one.id for one in noted.series}, now=now)


def _all_noted(
    config: Config, store: Store, aims: Aims, found: Sequence[Correction], *, now: int
) -> list[str]:
    """What became of each correction, then the figures of all that they met, made once."""
    if not found:
        return ["The file holds no [[correction]]: nothing was changed."]
    aimed = [(one, aims.targets(one.scope)) for one in found]
    made = store.corrections.put_all(aimed, actor=UNVERIFIED, now=now)
    touched = also_touched(store.reader, config.slos, found)
    said, met = [], set[int]()
    for one, noted in zip(found, made, strict=True):
        word = "noted" if noted.is_new else "changed" if noted.is_changed else "known already"
        said.append(harmless(f"{word}: {one.key}: {said_words(one)}"))
        also = touched[one.key]
        if also:
            said.append(harmless(f"  also read by {', '.join(also)}: corrected there, too"))
        said += [harmless(f"  {words}") for words in _apart(config, one, also)]
        met |= {each.id for each in noted.series}
    named = {name for one in found for name in one.scope.slos}
    return [*said, *_figures(config, store, met, named, now=now)]


def _apart(config: Config, said: Correction, also: Collection[str]) -> Iterator[str]:
    """That a group which is counted by itself goes on to count what is corrected of its members."""
    for slo in config.slos:
        names = [one for one in said.scope.slos if one != slo.name and is_of(one, slo.name)]
        is_whole = said.scope.holds(slo.name, slo.service)
        if slo.group_by and names and not is_whole and slo.name not in also:
            yield f"{slo.name} as a whole is counted by itself, and stays as it was measured"


def _figures(
    config: Config, store: Store, met: set[int], named: Collection[str] = (), *, now: int
) -> Iterator[str]:
    """The budget of each SLO, or named member of a group, that reads one of those series, in both ways."""
    sources = {source.name: source for source in config.sources}
    views = evaluate(config.slos, store.reader, as_of=now, sources=sources)
    groups = (view for view in views if not view.slo.composed)
    members = (part for view in groups for part in view.parts if part.name in named)
    touched = [one for one in (*views, *members) if met.intersection(one.series_ids)]
    for view in touched:
        yield harmless(f"  {left_line(view)}")
    if not touched:
        yield "  nothing of it was measured yet"
