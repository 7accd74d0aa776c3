"""How a collector holds its lease: takes it, beats, notices when it is lost, and lets go."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass, field

from collectors.store.leases import BEAT_S, LeaseHeldError, LeaseLostError, Resting, Standing
from collectors.store.store import Store

__all__ = ["BEAT_S", "Lease", "LeaseHeldError", "LeaseLostError", "Resting", "Standing"]


@dataclass(slots=True)
class Lease:
    """One process's hold of one store, under a name of its own."""

    store: Store
    holder: str = field(default_factory=lambda: str(uuid.uuid4()))
    is_taken: bool = False

    def beat(self, standing: Standing, now: int) -> None:
        """Say that this process is at work, and how it stands; the first beat takes the lease.

        Raises:
            LeaseHeldError: another collector is at work, and which.
            LeaseLostError: another collector has taken the lease since.
            StoreError: the store cannot be written.
        """
        if self.is_taken:
            self.store.beat(self.holder, standing, now=now)
            return
        pid, host = os.getpid(), socket.gethostname()
        self.store.take_lease(self.holder, pid, host, standing, now=now)
        self.is_taken = True

    def let_go(self, now: int) -> None:
        """Let the next collector begin at once.

        Raises:
            StoreError: the store cannot be written; the lease then ends with the process.
        """
        self.store.release_lease(self.holder, now=now)
