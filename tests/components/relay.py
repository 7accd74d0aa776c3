"""A way to a server that can be cut: whoever asks is refused, while the server goes on."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from components.process import free_port

_PIECE = 65_536


class Relay:
    """Hands bytes on between a port of its own and that of a server, while it is open."""

    def __init__(self, port: int) -> None:
        """Choose a port; nothing listens yet."""
        self._to, self.port = port, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []

    def start(self) -> None:
        """Listen from now on."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """End what is under way, and refuse whoever comes."""
        ended, self._open = [self._listener, *self._open], []
        for one in filter(None, ended):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_hand_on, args=pair, daemon=True).start()


def _hand_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
