"""Connections that end when their time is over and that refuse special peers."""

from __future__ import annotations

import os
import socket
import ssl
from contextlib import suppress
from functools import lru_cache
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.retry import Retry
from urllib3.util.ssl_ import create_urllib3_context

from collectors.fetch.peers import why_special


class SpecialPeerError(Exception):
    """The connected peer is an address that no source has; nothing was sent to it."""


_LOADING = Lock()


def trusting(ca_file: str) -> ssl.SSLContext:
    """What verifies peers by that file of authorities, read once while it stays as it is.

    urllib3 reads the file anew for each connection: 20 ms of which the peer knows nothing, and
    which would count as its latency.
    """
    with _LOADING:
        return _read_authorities(ca_file, os.stat(ca_file).st_mtime_ns)  # noqa: PTH116 - its error is the connection's


@lru_cache(maxsize=32)
def _read_authorities(ca_file: str, _written_ns: int) -> ssl.SSLContext:
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_verify_locations(ca_file)
    return context


class Watchdog:
    """Ends whatever a request waits for, in connecting, headers or body, after `limit_s`.

    Time limits of sockets count from byte to byte, so a server that drips one byte a second
    never reaches them. The watchdog shuts the connection down from outside instead. It holds
    duplicates of the sockets: TLS takes the original away from whoever opened it. One thread
    serves many requests: it sleeps to the end it knows of and then looks for a later one.
    `expires` is the end of the certificate that was last accepted, as TLS writes it.
    """

    def __init__(self, limit_s: float) -> None:
        """Watch nothing yet; the time runs between enter and exit."""
        self.limit_s, self.expired = limit_s, False
        self.expires: str | None = None
        self._lock, self._watched = Lock(), list[socket.socket]()
        self._ends_at: float | None = None
        self._is_awake, self._dismissed = False, Event()

    def __enter__(self) -> Self:
        """Start the time."""
        with self._lock:
            self.expired, self._ends_at = False, monotonic() + self.limit_s
            self._dismissed.clear()
            if not self._is_awake:
                self._is_awake = True
                Thread(target=self._guard, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop the time and let go of the connections."""
        with self._lock:
            self._ends_at = None
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def dismiss(self) -> None:
        """Let the thread end now: no request is to come."""
        self._dismissed.set()

    def watch(self, connection: socket.socket) -> None:
        """Have the connection end with the time."""
        with self._lock:
            self._watched.append(socket.socket(fileno=os.dup(connection.fileno())))
            if self.expired:
                self._end_all()

    def _guard(self) -> None:
        while (left_s := self._left_s()) is not None:
            self._dismissed.wait(left_s)

    def _left_s(self) -> float | None:
        """Seconds to the end of the request; None when there is none, or when it has come."""
        with self._lock:
            left_s = None if self._ends_at is None else self._ends_at - monotonic()
            if left_s is not None and left_s > 0:
                return left_s
            if left_s is not None:
                self.expired, self._ends_at = True, None
                self._end_all()
            self._is_awake = False
            return None

    def _end_all(self) -> None:
        for watched in self._watched:
            with suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)


class BoundedAdapter(HTTPAdapter):
    """Opens connections under a watchdog, never tries twice by itself."""

    def __init__(self, watchdog: Watchdog, *, allow_special: bool) -> None:
        """Bind the connections of this adapter to one watchdog."""
        self._pools = _pools(watchdog, allow_special=allow_special)
        super().__init__(max_retries=Retry(total=0, redirect=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make direct connections bounded ones."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Make connections to the proxy bounded ones."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(watchdog: Watchdog, *, allow_special: bool) -> dict[str, Any]:
    """The pool classes of one adapter; urllib3 offers classes, not instances, as its joint."""

    class Watched:
        """Looks at the peer before a byte is sent, and puts the connection under watch."""

        def _new_conn(self) -> socket.socket:
            opened: socket.socket = super()._new_conn()  # type: ignore[misc]  # of urllib3's class beside it
            peer = str(opened.getpeername()[0])
            special = None if allow_special else why_special(peer)
            if special:
                opened.close()
                raise SpecialPeerError(f"{peer} is {special}")
            watchdog.watch(opened)
            return opened

        def request(self, *args: Any, **kwargs: Any) -> None:
            kept = getattr(self, "sock", None)
            if kept is not None:
                watchdog.watch(kept)
            super().request(*args, **kwargs)  # type: ignore[misc]  # of urllib3's class beside it

    class Plain(Watched, HTTPConnection):
        """HTTP."""

    class Secure(Watched, HTTPSConnection):
        """HTTPS; what the peer's certificate says of its end is kept, if the peer was verified."""

        def connect(self) -> None:
            is_plain = self.ssl_context is None and self.cert_file is None
            if is_plain and self.ca_certs and self.cert_reqs == "CERT_REQUIRED":
                self.ssl_context, self.ca_certs = trusting(self.ca_certs), None
            super().connect()
            shown = self.sock.getpeercert() if isinstance(self.sock, ssl.SSLSocket) else None
            watchdog.expires = str(shown["notAfter"]) if shown else None

    class PlainPool(HTTPConnectionPool):
        """Keeps HTTP connections."""

        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        """Keeps HTTPS connections."""

        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
