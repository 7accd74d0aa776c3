"""The product's own web process, started as people start it: `burnline serve`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.burnline import RUN
from components.process import Server, answers, free_port

ROOT = Path(__file__).resolve().parent.parent


def command(config: Path, *words: str) -> list[str]:
    """`burnline --config … WORDS` as a child of this Python."""
    return [*_child(RUN), "--config", str(config), *words]


@contextmanager
def served(config: Path, *words: str) -> Iterator[str]:
    """The address of a server that answers while the block runs."""
    port = free_port()
    started = command(config, "serve", "--port", str(port), *words)
    with _answering(started, port, config.parent) as url:
        yield url


@contextmanager
def running(code: str, folder: Path) -> Iterator[str]:
    """The same for a server that the code starts on `{port}`."""
    port = free_port()
    with _answering(_child(code.replace("{port}", str(port))), port, folder) as url:
        yield url


@contextmanager
def _answering(started: list[str], port: int, folder: Path) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    server = Server(started, log=folder / "server.log")
    server.start(lambda: answers(f"{url}/healthz"))
    try:
        yield url
    finally:
        server.stop()


def _child(code: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"]
