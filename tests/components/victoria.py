"""A real VictoriaMetrics, for the benches only."""

from __future__ import annotations

from pathlib import Path

from components.presence import VICTORIA
from components.process import Server, answers, free_port


class Victoria:
    """One single-node server on 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        """Prepare the folder; nothing runs before `start`."""
        program = VICTORIA.program("victoria-metrics")
        if program is None:
            raise FileNotFoundError(f"victoria-metrics is missing. {VICTORIA.how_to_get}")
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        flags = [f"-httpListenAddr=127.0.0.1:{port}", f"-storageDataPath={folder / 'vm'}"]
        limits = ["-retentionPeriod=100y", "-search.maxUniqueTimeseries=1000000"]
        self._server = Server([program, *flags, *limits], log=folder / "victoria.log")

    def start(self) -> Victoria:
        """Run it; returns when it answers."""
        self._server.start(lambda: answers(f"{self.url}/health"))
        return self

    def stop(self) -> None:
        """End it."""
        self._server.stop()
