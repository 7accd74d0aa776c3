"""The server's own answers, asked over HTTP: health, readiness, names, headers, addresses."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from components.process import answers, free_port, until
from page_server import command, served
from small_shop import SHOP
from verdict_builders import Ran, burnline

from dashboard.screens.registry import paths


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config and no store."""
    made = tmp_path_factory.mktemp("served")
    (made / "config.toml").write_text(SHOP)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server whose store is made under its eyes."""
    with served(folder / "config.toml") as url:
        yield url


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=120, allow_redirects=False)


def test_readiness_says_what_is_wrong_with_a_broken_config(folder: Path, address: str) -> None:
    (folder / "config.toml").write_text(SHOP.replace("objective", "objectve"))

    broken = get(f"{address}/readyz")
    (folder / "config.toml").write_text(SHOP)

    assert broken.status_code == 503
    assert "objectve" in broken.json()["what"]


@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/readyz", "/metrics", "/api/v1/annotations", "/_stcore/health", "/none"],
)
def test_every_answer_forbids_frames_guesses_and_foreign_parts(address: str, path: str) -> None:
    answer = get(address + path)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/_stcore/health", "/_stcore/metrics"]
)
@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_name_that_points_here_gets_nothing(address: str, path: str, name: str) -> None:
    assert get(address + path, Host=name).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machines_own_names_are_answered(address: str, host: str) -> None:
    port = address.rpartition(":")[2]

    assert get(f"{address}/healthz", Host=f"{host}:{port}").status_code == 200


def test_a_foreign_origin_may_not_open_the_pages_socket(address: str) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }

    for foreign in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
        assert get(f"{address}/_stcore/stream", **upgrade, **foreign).status_code == 403


@pytest.mark.parametrize("path", sorted(paths()))
def test_every_page_has_an_address_that_can_be_sent(address: str, path: str) -> None:
    answer = get(f"{address}{path}?show=healthy", Accept="text/html")

    assert answer.status_code == 200
    assert '<div id="root">' in answer.text


@pytest.mark.parametrize("end", ["health", "host-config"])
def test_a_page_that_looks_for_its_server_below_itself_is_sent_on(address: str, end: str) -> None:
    below = [get(f"{address}{path}/_stcore/{end}") for path in sorted(paths() - {"/"})]

    assert {answer.status_code for answer in below} == {300}
    assert get(f"{address}/nowhere/_stcore/{end}").status_code == 404
    assert get(f"{address}/_stcore/{end}").status_code == 200


def test_an_address_without_a_page_is_said_to_be_none(address: str) -> None:
    answer = get(f"{address}/<script>alert(1)</script>", Accept="text/html")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert answer.text.count("alert(1)") == 1
    assert 'href="/objectives"' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("path", ["/metric", "/api/v1/slos", "/objectives/x", "/index.html"])
def test_what_does_not_exist_is_not_found_by_machines_either(address: str, path: str) -> None:
    answer = get(f"{address}{path}", Accept="application/json")

    assert (answer.status_code, answer.text) == (404, f"there is nothing at {path}\n")


def test_the_page_finds_all_that_it_loads(address: str) -> None:
    parts = re.findall(r'(?:src|href)="\.(/[^"]+\.(?:js|css|png|woff2))"', get(address).text)

    assert len(parts) > 5
    assert {get(f"{address}{part}").status_code for part in parts} == {200}


def test_readiness_shows_no_letter_that_turns_the_line_around(folder: Path, address: str) -> None:
    sound = (folder / "config.toml").read_text()
    (folder / "config.toml").write_text(sound.replace("objective", '"obj\\u202Eective"'))
    answer = get(f"{address}/readyz")
    (folder / "config.toml").write_text(sound)

    assert answer.status_code == 503
    assert "\u202e" not in answer.json()["what"] + answer.json()["mend"]


def test_only_the_loopback_listens(address: str) -> None:
    port = int(address.rpartition(":")[2])
    own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}

    for other in own - {"127.0.0.1"}:
        with socket.socket() as probe:
            assert probe.connect_ex((str(other), port)) != 0


def serve(folder: Path, *words: str) -> Ran:
    return burnline("serve", *words, folder=folder)


@pytest.mark.parametrize("other", ["0.0.0.0", "::", "192.0.2.1", "example.org", "", "127.1"])
def test_an_address_that_others_can_reach_is_refused_with_another_way(
    folder: Path, other: str
) -> None:
    ran = serve(folder, "--address", other)

    assert ran.code == 2
    assert ran.out == ""
    assert "ask nobody for a password" in ran.err
    assert "proxy" in ran.err


def test_a_port_that_is_taken_is_named_with_another(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        ran = serve(folder, "--port", str(port))

    assert ran.code == 2
    assert f"port {port} of 127.0.0.1 is taken" in ran.err
    assert "fix: burnline serve --port " in ran.err


def test_a_config_that_cannot_be_used_from_the_first_is_refused(tmp_path: Path) -> None:
    none = serve(tmp_path)
    (tmp_path / "config.toml").write_text(SHOP.replace("objective", "objectve"))
    broken = serve(tmp_path)

    assert (none.code, broken.code) == (2, 2)
    assert "no such file" in none.err
    assert "objectve: unknown key" in broken.err


def test_a_moment_without_a_zone_is_refused(folder: Path) -> None:
    ran = serve(folder, "--as-of", "2026-01-01T12:00")

    assert ran.code == 2
    assert "time zone" in ran.err


def test_the_address_is_told_on_standard_error_and_a_signal_ends_it_soon(folder: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        command(folder / "config.toml", "serve", "--port", str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the start of the server")

    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=120)

    assert f"http://127.0.0.1:{port}" in err.decode()
    assert out == b""
    assert b"Traceback" not in err
