"""Which of two claims about one key is kept, so that the order of arrival never matters.

    complete beats partial, then the later observation beats the earlier;
    equal rank, equal value     the same fact again: nothing changes
    equal rank, other value     a conflict: the worse value is kept, both are shown

`worse` is the smaller value: every kind of fact puts its value into such an order.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says about a key; `value` compares so that the smaller is the worse."""

    value: tuple[Any, ...]
    observed_at: int
    complete: bool = True
    disputed: bool = False

    @property
    def rank(self) -> tuple[bool, int]:
        """What decides between two claims before their values do."""
        return self.complete, self.observed_at


@dataclass(frozen=True, slots=True)
class Change(Generic[Key]):
    """A stored value that gave way to a better claim."""

    key: Key
    before: Claim
    after: Claim


@dataclass(slots=True)
class Merged(Generic[Key]):
    """What a merge decided: rows to write anew, and what is to be told about it."""

    write: dict[Key, Claim] = field(default_factory=dict)
    replaced: set[Key] = field(default_factory=set)
    revised: list[Change[Key]] = field(default_factory=list)
    disputes: dict[Key, set[tuple[Any, ...]]] = field(default_factory=dict)
    settled: set[Key] = field(default_factory=set)
    new: int = 0
    unchanged: int = 0


def merge(stored: Mapping[Key, Claim], incoming: Iterable[tuple[Key, Claim]]) -> Merged[Key]:
    """Decide each incoming claim against what is stored and what came before it.

    >>> old = Claim((1.0,), observed_at=10)
    >>> merge({60: old}, [(60, Claim((2.0,), observed_at=20))]).revised[0].after.value
    (2.0,)
    >>> merge({60: old}, [(60, Claim((2.0,), observed_at=5))]).write
    {}
    >>> merge({60: old}, [(60, Claim((0.5,), observed_at=10))]).write[60].value
    (0.5,)
    """
    merged: Merged[Key] = Merged()
    for key, claim in incoming:
        held = merged.write.get(key, stored.get(key))
        if held is None:
            merged.write[key] = claim
            merged.new += 1
        else:
            _decide(merged, key, held, claim)
    merged.replaced = {key for key in merged.write if key in stored}
    return merged


def _decide(merged: Merged[Key], key: Key, held: Claim, claim: Claim) -> None:
    if claim.rank > held.rank:
        _supersede(merged, key, held, claim)
    elif claim.rank == held.rank and claim.value != held.value:
        _dispute(merged, key, held, claim)
    else:
        merged.unchanged += 1


def _supersede(merged: Merged[Key], key: Key, held: Claim, claim: Claim) -> None:
    merged.write[key] = claim
    merged.settled.add(key)
    merged.disputes.pop(key, None)
    if claim.value == held.value and claim.complete == held.complete:
        merged.unchanged += 1
    else:
        merged.revised.append(Change(key, held, claim))


def _dispute(merged: Merged[Key], key: Key, held: Claim, claim: Claim) -> None:
    merged.disputes.setdefault(key, set()).update({held.value, claim.value})
    worse = min(held.value, claim.value)
    if worse != held.value or not held.disputed:
        merged.write[key] = Claim(worse, held.observed_at, held.complete, disputed=True)
