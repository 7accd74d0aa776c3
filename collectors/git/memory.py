"""What one process last read of a repository: what has not changed is not read again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from collectors.contract import Batch


@dataclass(slots=True)
class Memory:
    """The last state that was read to its end and stored, and the last word on it."""

    _state: Hashable = None
    _last: Batch = field(default_factory=lambda: Batch(()))

    def told(self, state: Hashable) -> Batch | None:
        """The last word on that state; None when it must be read."""
        return self._last if self._state == state else None

    def keeping(self, state: Hashable, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The batches; once the last was taken, the state needs no reading again.

        The last has no facts: who asks for what comes after it has stored all before.
        """
        gave_facts = False
        for batch in batches:
            gave_facts = gave_facts or bool(batch.facts)
            yield batch
            last = batch
        if not last.counts.dropped_future:  # what lies in the future is read when it has come
            self._state, self._last = state, replace(last, stands=gave_facts)
