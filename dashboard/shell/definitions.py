"""The promises of a configuration kept in the store, so that past months keep their target."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.store.store import Store
from slo.definition import document
from slo.objective import Slo

__all__ = ["document", "keep"]


def keep(store: Store, slos: Iterable[Slo], now: int) -> None:
    """A version of each promise that says something new, in force from when it says.

    Raises:
        StoreError: the store cannot be written.
    """
    for slo in slos:
        store.define(slo.name, document(slo), now=now, effective=slo.effective)
