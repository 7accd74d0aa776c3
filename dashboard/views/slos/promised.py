"""Which promise was in force when: a past month is judged by the target it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from collectors.store.versions import Definition, definition_at
from slo.definition import document, promised
from slo.errors import StoreError
from slo.objective import Slo
from slo.spans import Span
from slo.splits import group_name


class Versions(Protocol):
    """The part of the store's reader that knows what was promised."""

    def changed_definitions(self) -> Mapping[str, tuple[Definition, ...]]:
        """Every version of each SLO that has more than one, by its name."""


@dataclass(frozen=True, slots=True)
class Held:
    """A promise and from when to when it was in force; None is the beginning, or until now.

    `version` is None of one that stands in the configuration and was not recorded yet.
    """

    slo: Slo
    version: int | None
    since: int | None
    until: int | None

    def within(self, span: Span) -> Span:
        """The part of a span in which it was in force; an empty one where in none of it."""
        since = span.since if self.since is None else self.since
        until = span.until if self.until is None else self.until
        return Span(since, max(since, until)).clipped_to(span)


def held(slo: Slo, versions: Sequence[Definition], as_of: int) -> tuple[Held, ...]:
    """What was promised one after the other, the last as the configuration has it.

    A promise that was not recorded yet holds from the moment it names, else from `as_of`: it is
    read now.

    Raises:
        StoreError: a version was written by a later burnline and cannot be read.
    """
    if not versions:
        return (Held(slo, None, None, None),)
    recorded = tuple(_recorded(slo, tuple(versions)))
    if not is_unrecorded(slo, versions):
        return recorded
    since = as_of if slo.effective is None else slo.effective
    before = (one for one in recorded if one.since is None or one.since < since)
    kept = [Held(one.slo, one.version, one.since, _earlier(one.until, since)) for one in before]
    return (*kept, Held(slo, None, since, None))


def promised_at(slo: Slo, versions: Sequence[Definition], at: int) -> Slo:
    """The promise in force in the last second before `at`, under the name of the SLO.

    Raises:
        StoreError: that version was written by a later burnline and cannot be read.
    """
    is_later = slo.effective is not None and slo.effective >= at
    if not versions or (is_unrecorded(slo, versions) and not is_later):
        return slo
    current = definition_at(tuple(versions), at - 1)
    return slo if current is None else _read(slo, current)


def in_force_at(reader: Versions, slos: Sequence[Slo], at: int) -> tuple[Slo, ...]:
    """Each SLO as it was promised in the last second before `at`, read by one statement."""
    changed = reader.changed_definitions()
    return tuple(promised_at(slo, changed.get(group_name(slo), ()), at) for slo in slos)


def is_unrecorded(slo: Slo, versions: Sequence[Definition]) -> bool:
    """Whether the configuration promises something else than the last version recorded."""
    return not versions or document(slo) != versions[-1].document


def _recorded(slo: Slo, versions: tuple[Definition, ...]) -> Iterator[Held]:
    """The versions in the order in which they were in force, without those that never were."""
    begins = sorted({one.effective for one in versions if one.effective is not None})
    moments = (begins[0] - 1 if begins else 0, *begins)
    found: list[tuple[Definition, int | None]] = []
    for at, since in zip(moments, (None, *begins), strict=True):
        current = definition_at(versions, at)
        if current is not None and (not found or found[-1][0] is not current):
            found.append((current, since))
    ends = (*(since for _, since in found[1:]), None)
    for (current, since), until in zip(found, ends, strict=True):
        yield Held(_read(slo, current), current.version, since, until)


def _earlier(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _read(slo: Slo, version: Definition) -> Slo:
    if document(slo) == version.document:
        return slo
    try:
        return promised(slo, version.document)
    except ValueError as error:
        raise StoreError(
            f"what was promised cannot be read: {error}",
            where=f'version {version.version} of slo "{slo.name}"',
            mend="use the burnline that wrote it, or a later one",
        ) from error
