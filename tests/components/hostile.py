"""A real HTTP server on the loopback that answers each request as badly as the test wants."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Answer = Callable[[socket.socket], None]
JSON = "application/json"


class Hostile:
    """Answers every request with `answer`, and keeps what was asked."""

    def __init__(
        self,
        answer: Answer,
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        unasked: bool = False,
        by_request: Callable[[bytes], Answer] | None = None,
    ) -> None:
        """Listen on a free port; it runs between enter and exit.

        `unasked` answers at once, without waiting for a request. `by_request` chooses the answer
        by what was asked.
        """
        self._answer, self._tls, self._unasked = answer, tls, unasked
        self._by_request = by_request
        self.requests: list[bytes] = []
        self._listener = socket.create_server((host, 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                if not self._unasked:
                    self.requests.append(_request(connection))
                if self._by_request:
                    self._by_request(self.requests[-1])(connection)
                else:
                    self._answer(connection)


def _request(connection: socket.socket) -> bytes:
    """The request whole, with the body that its length announces."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        part = connection.recv(65_536)
        if not part:
            raise OSError("gone")
        seen += part
    head, _, body = seen.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def reply(
    body: bytes | str | object,
    status: str = "200 OK",
    kind: str = JSON,
    *headers: str,
    length: bool = True,
) -> Answer:
    """One answer with that body; values that are no text are sent as JSON."""
    if isinstance(body, str):
        body = body.encode()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers]
    if length:
        lines.append(f"Content-Length: {len(content)}")
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + content
    return raw(whole)


def raw(whole: bytes) -> Answer:
    """Those bytes, then the end."""
    return lambda connection: connection.sendall(whole)


def in_turn(*answers: Answer) -> Answer:
    """The first request gets the first answer, the next the next."""
    waiting = list(answers)
    return lambda connection: waiting.pop(0)(connection)  # noqa: PLW0108 - taken when asked for


def matrix(*series: tuple[dict[str, str], list[list[object]]], **more: object) -> dict[str, object]:
    """A successful answer of these series."""
    result = [{"metric": labels, "values": values} for labels, values in series]
    return success("matrix", result) | more


def success(kind: str, result: object) -> dict[str, object]:
    """A successful answer of any kind."""
    return {"status": "success", "data": {"resultType": kind, "result": result}}


def silent(connection: socket.socket) -> None:
    """Nothing at all, until the other side goes away."""
    while connection.recv(65_536):
        pass


def dripping(begin: bytes) -> Answer:
    """The beginning, then a byte now and then, for ever."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    return drip


def late(answer: Answer, after_s: float) -> Answer:
    """The answer, once so much time has passed."""

    def wait(connection: socket.socket) -> None:
        time.sleep(after_s)
        answer(connection)

    return wait


def endless(begin: bytes, more: bytes) -> Answer:
    """The beginning, then the same again and again as fast as it is taken."""

    def flood(connection: socket.socket) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(more)

    return flood


def reset(begin: bytes) -> Answer:
    """The beginning, then the connection torn down."""

    def tear(connection: socket.socket) -> None:
        connection.sendall(begin)
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return tear


def bomb(expanded_mib: int) -> bytes:
    """A small gzip that becomes so many MiB."""
    return gzip.compress(b" " * (expanded_mib << 20), 9)
