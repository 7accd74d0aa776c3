"""A small HTTP service that counts its requests, for Prometheus and, apart from it, for itself.

GET /work?code=500&seconds=0.3   counts one request of that outcome and duration
GET /metrics                     what Prometheus scrapes
GET /counts                      its own books: {"total": …, "bad": …, "fast": …}
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import requests
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from components.process import Server, answers, free_port

THRESHOLD_S = 0.25


class Books:
    """The two sets of books of one life of the service."""

    def __init__(self) -> None:
        """Begin at zero, without any labelled child: those are born with their first request."""
        self.registry = CollectorRegistry()
        self.requests = Counter("http_requests", "by code", ["code"], registry=self.registry)
        self.seconds = Histogram(
            "http_request_duration_seconds",
            "by code",
            ["code"],
            buckets=(0.1, THRESHOLD_S, 0.5, 1),
            registry=self.registry,
        )
        self.lock, self.own = Lock(), {"total": 0, "bad": 0, "fast": 0}

    def count(self, code: str, seconds: float) -> None:
        """Enter one request into both."""
        with self.lock:
            self.own["total"] += 1
            self.own["bad"] += code.startswith("5")
            self.own["fast"] += seconds <= THRESHOLD_S
            self.requests.labels(code).inc()
            self.seconds.labels(code).observe(seconds)

    def metrics(self) -> bytes:
        """What a scrape sees: one moment, not several."""
        with self.lock:
            return generate_latest(self.registry)


class Handler(BaseHTTPRequestHandler):
    """The three addresses."""

    protocol_version = "HTTP/1.1"
    books = Books()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path == "/work":
            self.books.count(query["code"], float(query["seconds"]))
        bodies = {"/metrics": self.books.metrics, "/counts": self._counts}
        self._answer(bodies.get(parts.path, bytes)())

    def _counts(self) -> bytes:
        return json.dumps(self.books.own).encode()

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing."""


class Service:
    """The service as a process of its own, which can be restarted on the same port."""

    def __init__(self, folder: Path) -> None:
        """Choose a port; nothing runs yet."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        tests = Path(__file__).resolve().parent.parent
        program = f"import sys; sys.path.insert(0, {str(tests)!r})\n"
        program += "from components.instrumented import serve; serve(int(sys.argv[1]))"
        command = [sys.executable, "-c", program, str(self.port)]
        self._server = Server(command, log=folder / "service.log")
        self._session = requests.Session()

    def start(self) -> Service:
        """Run it, its counters at zero."""
        self._server.start(lambda: answers(f"{self.url}/counts"))
        return self

    def stop(self) -> None:
        """End it; its counters are gone."""
        self._session.close()
        self._server.stop()

    def work(self, code: str, seconds: float) -> None:
        """Send one request."""
        self._session.get(
            f"{self.url}/work", params={"code": code, "seconds": str(seconds)}, timeout=120
        ).raise_for_status()

    def counts(self) -> dict[str, int]:
        """Its own books."""
        found: dict[str, int] = requests.get(f"{self.url}/counts", timeout=120).json()
        return found


def serve(port: int) -> None:
    """Run the service until it is ended."""
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
