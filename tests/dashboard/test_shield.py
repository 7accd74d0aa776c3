"""Names and origins that are not this server's: refused on every path, sockets and proxies included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from page_server import served

from dashboard.config import load
from slo.errors import ConfigError

CONFIG = (
    'hosts = ["slo.example.org"]\n[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9"\n'
)
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
SOCKET = "/_stcore/stream"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that a proxy calls slo.example.org."""
    folder = tmp_path_factory.mktemp("shielded")
    (folder / "config.toml").write_text(CONFIG)
    with served(folder / "config.toml") as url:
        yield url


def status(address: str, path: str, **headers: str | None) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
    with requests.get(
        address + path, headers=named, timeout=120, allow_redirects=False, stream=True
    ) as answer:
        return answer.status_code


def opened(address: str, **headers: str | None) -> int:
    """What opening the pages' socket is answered with; 101 when it opens."""
    return status(address, SOCKET, **UPGRADE, **headers)


@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/readyz", "/metrics", "/api/v1/annotations", "/_stcore/health", "/none"],
)
@pytest.mark.parametrize(
    "name", ["evil.example", "slo.example.org.evil.example", "evil.example:8501", ""]
)
def test_a_name_that_is_not_this_servers_gets_nothing_on_any_path(
    address: str, path: str, name: str
) -> None:
    assert status(address, path, Host=name) == 403


@pytest.mark.parametrize("name", ["slo.example.org", "slo.example.org:443", "SLO.example.org"])
def test_the_name_that_a_proxy_uses_is_answered_when_it_is_configured(
    address: str, name: str
) -> None:
    assert status(address, "/healthz", Host=name) == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost:3000",
        "http://127.0.0.1:1",
        "http://slo.example.org.evil.example",
        "https://evil.example/slo.example.org",
        "null",
        "",
        "file://",
    ],
)
def test_a_foreign_page_may_not_open_the_pages_socket(address: str, origin: str) -> None:
    assert opened(address, Origin=origin) == 403


@pytest.mark.parametrize("name", ["evil.example", ""])
def test_a_foreign_name_may_not_open_the_pages_socket(address: str, name: str) -> None:
    assert opened(address, Host=name) == 403
    assert opened(address, Host=name, Origin=f"http://{name}") == 403


def test_the_servers_own_page_opens_the_socket(address: str) -> None:
    assert opened(address, Origin=address) == 101


def test_a_page_that_came_through_a_proxy_which_passes_the_name_on_opens_the_socket(
    address: str,
) -> None:
    assert opened(address, Origin="https://slo.example.org", Host="slo.example.org") == 101
    assert opened(address, Origin="https://slo.example.org") == 403


def test_a_program_that_is_no_page_may_open_the_socket(address: str) -> None:
    assert opened(address) == 101
    assert opened(address, Sec_Fetch_Site="cross-site") == 403


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore//metrics"])
def test_what_visitors_do_is_told_to_nobody(address: str, path: str) -> None:
    answer = requests.get(address + path, timeout=120)

    assert "active_sessions" not in answer.text
    assert answer.headers["Content-Type"].startswith(("text/plain", "text/html"))


@pytest.mark.parametrize("name", ["*", "SLO.example.org", "slo.example.org:443", "http://x", ""])
def test_a_configured_host_is_a_plain_name(tmp_path: Path, name: str) -> None:

    (tmp_path / "config.toml").write_text(f'hosts = ["{name}"]\n')

    with pytest.raises(ConfigError, match="must be a host name in small letters"):
        load(tmp_path / "config.toml", {})
