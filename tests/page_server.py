"""The product's own web process, started as people start it: `burnline serve`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from components.burnline import RUN
from components.process import Server, answers, free_port

ROOT = Path(__file__).resolve().parent.parent
_UNHURRIED = """
from pathlib import Path
from dashboard import wiring
from dashboard.server import serve
from dashboard.serving import Serving
load = lambda: wiring.configured(Path("config.toml"))
serve.run(Serving(load=load, clock=wiring.now, refresh_s=86_400), port={port})
"""


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
def unhurried(folder: Path) -> Iterator[str]:
    """The same for the pages of a folder, which no clock draws anew: what shows has happened."""
    with running(_UNHURRIED, folder) as url:
        yield url


def codes_for_another_page(address: str, body: Any) -> tuple[int, int]:
    """What a page of another site is answered that hands in the body, and what whoever only asks."""
    foreign = {"Origin": "https://evil.example"}
    sent = requests.post(address, json=body, headers=foreign, timeout=120)
    asked = requests.get(address, timeout=120)
    return sent.status_code, asked.status_code


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
