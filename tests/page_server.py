"""The product's own web process, started as people start it: `burnline serve`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.process import Server, answers, free_port

ROOT = Path(__file__).resolve().parent.parent
_RUN = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dashboard.cli import main; main()"


def command(config: Path, *words: str) -> list[str]:
    """`burnline --config … WORDS` as a child of this Python."""
    return [sys.executable, "-c", _RUN, "--config", str(config), *words]


@contextmanager
def served(config: Path, *words: str) -> Iterator[str]:
    """The address of a server that answers while the block runs."""
    port = free_port()
    log = config.parent / f"serve-{port}.log"
    server = Server(command(config, "serve", "--port", str(port), *words), log=log)
    server.start(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
