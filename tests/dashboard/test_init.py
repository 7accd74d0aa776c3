"""`burnline init` in a real process: what it writes, what it never touches, whom it tells what."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from components.hostile import Answer, Hostile, reply, silent, success
from verdict_builders import Ran, burnline

from dashboard.config import load

TOKEN = "canary-secret-7f3a"


def init(*words: str, folder: Path, **environ: str) -> Ran:
    return burnline("init", *words, folder=folder, **environ)


@contextmanager
def refusing() -> Iterator[str]:
    """The address of a port on which nothing listens for the length of the block."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def test_without_a_server_a_short_commented_configuration_is_printed(tmp_path: Path) -> None:
    ran = init(folder=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "config.toml").write_text(ran.out)
    assert load(tmp_path / "config.toml", {}).sources[0].kind == "prometheus"


def test_what_is_written_is_what_is_printed(tmp_path: Path) -> None:
    wrote = init("--write", folder=tmp_path)

    assert (wrote.code, wrote.out) == (0, "wrote config.toml: a beginning\n")
    assert (tmp_path / "config.toml").read_text() == init(folder=tmp_path).out


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_nothing_that_exists_is_ever_overwritten(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "config.toml"
    if kind == "file":
        path.write_text("# mine\n")
    elif kind == "link":
        path.symlink_to(tmp_path / "elsewhere.toml")
    else:
        path.mkdir()

    ran = init("--write", folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert "config.toml exists, and is never overwritten" in ran.err
    assert "write elsewhere with --out other.toml" in ran.err
    assert not (tmp_path / "elsewhere.toml").exists()
    assert kind != "file" or path.read_text() == "# mine\n"
    assert init("--write", "--out", "other.toml", folder=tmp_path).code == 0
    assert load(tmp_path / "other.toml", {}).slos == ()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    ran = init("--write", "--out", "no/such/config.toml", folder=tmp_path)

    assert ran.code == 2
    assert "cannot write: No such file or directory" in ran.err
    assert "at:  no/such/config.toml" in ran.err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply("<html>log in</html>", kind="text/html"), "got text/html (a login page?)"),
        (reply("no", "401 Unauthorized"), "authentication refused (401)"),
        (reply("no", "403 Forbidden"), "authentication refused (403)"),
        (reply("404 page not found", "404 Not Found", "text/plain"), "answered 404 Not Found"),
        (reply({"hits": 3}), "malformed answer: no status"),
        (reply({"status": "success", "data": {"result": []}}), "malformed answer: no list of"),
        (reply({"status": "success", "data": [1, 2]}), "malformed answer: no list of texts"),
        (reply([]), "malformed answer"),
        (reply(b""), "malformed answer"),
        (
            reply({"status": "error", "errorType": "bad_data", "error": "no\x1b[2J"}),
            "Prometheus says bad_data: no\\x1b[2J",
        ),
        (
            reply("", "302 Found", "text/plain", "Location: http://elsewhere.example/"),
            "redirect to",
        ),
    ],
)
def test_who_does_not_answer_as_a_prometheus_is_told_in_words_and_nothing_is_written(
    answer: Answer, said: str, tmp_path: Path
) -> None:
    with Hostile(answer) as server:
        ran = init("--from-prometheus", server.url, "--write", folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "fix: " in ran.err
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_closed_port_is_refused_in_words(tmp_path: Path) -> None:
    with refusing() as url:
        ran = init("--from-prometheus", url, folder=tmp_path)

    assert ran.code == 2
    assert f"connection refused by {url.removeprefix('http://')}" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from-prometheus", f"http://me:{TOKEN}@127.0.0.1:9"), "must not hold a password"),
        (("--from-prometheus", "ftp://127.0.0.1"), "must begin with http:// or https://"),
        (("--from-prometheus", "http://127.0.0.1:9/?x=1"), "must end before any ? or #"),
        (("--from-prometheus", "http://127.0.0.1:9", "--token", TOKEN), "env:NAME or file:PATH"),
        (("--from-prometheus", "http://127.0.0.1:9", "--token", "env:NONE"), "NONE is not set"),
        (("--from-prometheus", "http://127.0.0.1:9", "--ca-file", "none.pem"), "no file"),
        (("--token", "env:HOME"), "belong to a Prometheus"),
    ],
)
def test_a_wrong_option_is_told_and_no_secret_with_it(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    ran = init(*words, folder=tmp_path)

    assert ran.code == 2
    assert said in ran.err
    assert TOKEN not in ran.out + ran.err


def test_an_address_without_a_scheme_is_suggested_with_one_and_its_own_port(tmp_path: Path) -> None:
    ran = init("--from-prometheus", "127.0.0.1:19090", folder=tmp_path)
    with_password = init("--from-prometheus", f"me:{TOKEN}@127.0.0.1:19090", folder=tmp_path)

    assert (ran.code, with_password.code) == (2, 2)
    assert "fix: --from-prometheus http://127.0.0.1:19090\n" in ran.err
    assert TOKEN not in with_password.err


def test_the_token_is_sent_and_never_written(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(TOKEN)
    (tmp_path / "secret").chmod(0o600)
    with Hostile(reply({"status": "success", "data": []})) as server:
        ran = init("--from-prometheus", server.url, "--token", "file:secret", folder=tmp_path)
        again = init(
            "--from-prometheus", server.url, "--token", "env:TOK", folder=tmp_path, TOK=TOKEN
        )

    assert all(f"Authorization: Bearer {TOKEN}".encode() in each for each in server.requests)
    assert len(server.requests) == 2
    assert TOKEN not in ran.out + ran.err + again.out + again.err
    assert 'token = { file = "secret" }' in ran.out
    assert 'token = { env = "TOK" }' in again.out


def test_a_certificate_is_checked_and_the_authority_taken_over(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Hostile(reply({"status": "success", "data": []}), tls=context) as server:
        refused = init("--from-prometheus", server.url, folder=tmp_path)
        taken = init("--from-prometheus", server.url, "--ca-file", "ca.pem", folder=tmp_path)

    assert refused.code == 2
    assert "certificate of 127.0.0.1" in refused.err
    assert 'ca_file = "ca.pem"' in taken.out


def test_a_server_without_a_known_metric_gives_a_configuration_and_says_so(tmp_path: Path) -> None:
    with Hostile(reply({"status": "success", "data": []})) as server:
        ran = init("--from-prometheus", server.url, "--write", folder=tmp_path)

    assert ran.code == 1
    assert "holds no metric that is recognised" in ran.err
    assert ran.out == "wrote config.toml: SLOs proposed: 0, waiting for an answer: 0\n"
    assert load(tmp_path / "config.toml", {}).sources[0].name == "prometheus"


def test_a_metric_whose_series_have_gone_is_done_in_part(tmp_path: Path) -> None:
    def chosen(request: bytes) -> Answer:
        if b"/values" in request.split(b"\r\n")[0]:
            return reply({"status": "success", "data": ["http_requests_total", "probe_success"]})
        if b"probe" in request.split(b"\r\n")[0]:
            return reply("no", "500 Internal Server Error")
        return reply(success("vector", []))

    with Hostile(silent, by_request=chosen) as server:
        ran = init("--from-prometheus", server.url, "--write", folder=tmp_path)

    assert ran.code == 1
    assert "init: probe_success: not looked at: answered 500 Internal Server Error" in ran.err
    assert load(tmp_path / "config.toml", {}).slos == ()
