"""How a collector holds its lease: takes it, beats, notices when it is lost, and lets go."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass, field

from collectors.store.leases import BEAT_S, LeaseLostError, Resting, Standing
from collectors.store.store import Store

__all__ = ["BEAT_S", "Lease", "LeaseLostError", "Resting", "Standing"]


@dataclass(frozen=True, slots=True)
class Lease:
    """One process's hold of one store, under a name of its own."""

    store: Store
    holder: str = field(default_factory=lambda: str(uuid.uuid4()))
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=socket.gethostname)

    def take(self, standing: Standing, now: int) -> None:
        """Become the one collector of the store.

        Raises:
            StoreError: another one is at work, and which.
        """
        self.store.take_lease(self.holder, self.pid, self.host, standing, now=now)

    def beat(self, standing: Standing, now: int) -> None:
        """Say that this process is at work, and how it stands.

        Raises:
            LeaseLostError: another collector has taken it.
            StoreError: the store cannot be written.
        """
        self.store.beat(self.holder, standing, now=now)

    def let_go(self, now: int) -> None:
        """Let the next collector begin at once.

        Raises:
            StoreError: the store cannot be written; the lease then ends with the process.
        """
        self.store.release_lease(self.holder, now=now)
