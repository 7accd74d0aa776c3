"""Certificates: accepted when signed by who is named, refused with the reason otherwise."""

from __future__ import annotations

import json
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from components.authority import Authority
from components.hostile import Hostile, matrix, reply, silent
from prometheus_source import SINCE, ask

from collectors.fetch.failures import FetchError

GOOD = reply(json.dumps(matrix(({"__name__": "up"}, [[SINCE, "1"]]))))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def refused(tls: ssl.SSLContext, **terms: object) -> str:
    with Hostile(GOOD, tls=tls) as server, pytest.raises(FetchError) as caught:
        ask(server.url, **terms)
    assert server.requests == []
    return caught.value.what


def test_a_certificate_of_the_named_authority_is_accepted(authority: Authority) -> None:
    with Hostile(GOOD, tls=authority.server()) as server:
        assert ask(server.url, ca_file=authority.file)[0].facts


def test_a_certificate_of_nobody_known_is_refused_before_a_byte_is_asked(
    authority: Authority,
) -> None:
    assert "not accepted" in refused(authority.server(), token="canary-secret")


def test_an_expired_certificate_is_refused_as_expired(authority: Authority) -> None:
    said = refused(authority.server(until=LONG_AGO), ca_file=authority.file)

    assert "certificate has expired" in said


def test_a_certificate_for_another_host_is_refused_by_its_name(authority: Authority) -> None:
    said = refused(authority.server("elsewhere.example"), ca_file=authority.file)

    assert "not valid for" in said or "mismatch" in said


def test_unverified_tls_works_and_every_run_says_so(authority: Authority) -> None:
    with Hostile(GOOD, tls=authority.server()) as server:
        batches = ask(server.url, verify=False)

    assert batches[0].facts
    assert batches[0].warnings[0].startswith("verify = false")


def test_plain_http_on_a_tls_url_is_told_as_such() -> None:
    with Hostile(GOOD, unasked=True) as server, pytest.raises(FetchError) as caught:
        ask(server.url.replace("http://", "https://"))

    assert caught.value.what.startswith("no TLS with 127.0.0.1")


def test_a_handshake_that_never_ends_is_ended_at_the_deadline() -> None:
    with Hostile(silent) as server, pytest.raises(FetchError) as caught:
        ask(server.url.replace("http://", "https://"), timeout_s=0.5, connect_s=5)

    assert caught.value.what == "no complete answer within 0.5 s"


def test_a_client_certificate_is_shown_to_a_server_that_wants_one(
    authority: Authority, tmp_path: Path
) -> None:
    context = authority.server()
    context.verify_mode = ssl.CERT_REQUIRED
    authority.ca.configure_trust(context)
    ours = authority.ca.issue_cert("burnline.example")
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    ours.cert_chain_pems[0].write_to_path(cert)
    ours.private_key_pem.write_to_path(key)

    with Hostile(GOOD, tls=context) as server:
        assert ask(server.url, ca_file=authority.file, certificate=(cert, key))[0].facts


def test_a_file_of_authorities_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    before = Authority(tmp_path)
    with Hostile(GOOD, tls=before.server()) as server:
        assert ask(server.url, ca_file=before.file)[0].facts
    after = Authority(tmp_path)

    with Hostile(GOOD, tls=after.server()) as server:
        assert ask(server.url, ca_file=after.file)[0].facts
    assert "not accepted" in refused(before.server(), ca_file=after.file)
