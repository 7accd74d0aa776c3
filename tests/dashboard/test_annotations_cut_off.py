"""Annotations whose sender is too slow, or goes away midway."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from page_server import served

CONFIG = """
[[source]]
kind = "files"
[[source.file]]
path = "requests.csv"
holds = "requests"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration."""
    made = tmp_path_factory.mktemp("cut-off")
    (made / "config.toml").write_text(CONFIG)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server of that folder."""
    with served(folder / "config.toml") as url:
        yield url


def test_a_body_that_never_ends_is_given_up(address: str) -> None:
    port = int(address.rpartition(":")[2])
    head = (
        f"POST /api/v1/annotations HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=120) as slow:
        slow.sendall(head.encode())
        answer = slow.recv(200)

    assert b" 408 " in answer.partition(b"\r\n")[0]


def test_who_hangs_up_leaves_nothing_in_the_log(address: str, folder: Path) -> None:
    port = int(address.rpartition(":")[2])
    head = (
        f"POST /api/v1/annotations HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n"
    )
    before = (folder / "server.log").read_text()
    with socket.create_connection(("127.0.0.1", port), timeout=120) as leaving:
        leaving.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert leaving.recv(200).startswith(b"HTTP/1.1 100"), "the server waits for the body"
        leaving.sendall(b"{")
    # What is answered later was taken in later: the server has met the end of the first by then.
    answer = requests.post(f"{address}/api/v1/annotations", json={"text": "x"}, timeout=120)

    assert answer.status_code == 503, "the folder holds no store"
    assert (folder / "server.log").read_text() == before
