"""A real Alertmanager on the loopback, and what it knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import requests

from components.presence import ALERTMANAGER
from components.process import Server, answers, free_port

_CONFIGURATION = """
route:
  receiver: hook
  group_by: [alertname, subject]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 4h
receivers:
  - name: hook
    webhook_configs:
      - url: {hook}
        send_resolved: true
"""


class Alertmanager:
    """One server without a cluster, which hands what it is told on to a hook."""

    def __init__(self, folder: Path, hook: str) -> None:
        """Prepare its folder; nothing runs before enter."""
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        program = ALERTMANAGER.program("prometheus-alertmanager")
        assert program is not None, ALERTMANAGER.how_to_get
        (folder / "alertmanager.yml").write_text(_CONFIGURATION.format(hook=hook))
        self._server = Server(
            [
                program,
                f"--config.file={folder / 'alertmanager.yml'}",
                f"--storage.path={folder / 'state'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--cluster.listen-address=",
                "--log.level=warn",
            ],
            log=folder / "alertmanager.log",
        )

    def __enter__(self) -> Self:
        self._server.start(lambda: answers(f"{self.url}/-/ready"))
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def alerts(self) -> list[dict[str, Any]]:
        """What it takes as firing now."""
        found: list[dict[str, Any]] = requests.get(f"{self.url}/api/v2/alerts", timeout=120).json()
        return found
