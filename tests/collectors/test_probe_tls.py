"""What a probe says of certificates: the days that are left, and why one was refused."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from builders import NOON
from components.authority import Authority
from components.hostile import Hostile, in_turn, reply
from components.namespace import in_a_namespace
from file_builders import rows
from hypothesis import given
from hypothesis import strategies as st
from probe_builders import looked, named, said, state

from collectors.probe.certificates import end_of
from slo.errors import ConfigError
from slo.spans import epoch_s

PAGE = reply("all is well", kind="text/plain")
FAR = datetime(2036, 3, 4, 12, tzinfo=UTC)
VERY_FAR = datetime(2061, 3, 4, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def target(server: Hostile, authority: Authority | None) -> dict[str, Any]:
    signed = {} if authority is None else {"ca_file": authority.file}
    return {"url": server.url, "service": "shop", **signed}


def test_the_days_that_a_certificate_has_left_are_a_sample(authority: Authority) -> None:
    with Hostile(PAGE, tls=authority.server(until=FAR)) as server:
        batches = looked(target(server, authority))

    assert state(batches) == "up"
    (days,) = [row[2] for row in rows(batches) if row[0] == "probe_tls_expiry_days"]
    assert days == (epoch_s(FAR) - NOON) / 86_400
    assert batches[0].warnings == ()


def test_a_failing_status_over_tls_still_tells_the_days_and_no_latency(
    authority: Authority,
) -> None:
    with Hostile(reply("", "503 Unavailable"), tls=authority.server(until=FAR)) as server:
        assert named(looked(target(server, authority))) == ["probe", "probe_tls_expiry_days"]


def test_a_certificate_that_ends_within_two_weeks_is_told(authority: Authority) -> None:
    two_weeks_before = epoch_s(FAR) - 14 * 86_400
    with Hostile(PAGE, tls=authority.server(until=FAR)) as server:
        soon = looked(target(server, authority), now=two_weeks_before + 1)
        not_yet = looked(target(server, authority), now=two_weeks_before)

    assert said(soon) == "its certificate expires 2036-03-04"
    assert not_yet[0].warnings == ()


def test_an_expired_certificate_is_down_with_its_day(authority: Authority) -> None:
    with Hostile(PAGE, tls=authority.server(until=LONG_AGO)) as server:
        batches = looked(target(server, authority))

    assert (state(batches), said(batches)) == ("down", "down: certificate expired 2026-01-01")
    assert named(batches) == ["probe"]
    assert server.requests == [], "nothing is asked of who cannot be believed"


SPECIAL = """
import ssl
from components.hostile import Hostile, reply
from collectors.probe.certificates import refused_end
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain({chain!r})
with Hostile(reply("ok"), tls=context, host="169.254.169.254") as server:
    for allowed in (False, True):
        print(refused_end("169.254.169.254", server.port, 5.0, allow_special=allowed))
"""


def test_the_day_of_a_refused_certificate_is_not_asked_of_a_special_peer(
    authority: Authority, tmp_path: Path
) -> None:
    issued = authority.ca.issue_cert("169.254.169.254", not_after=LONG_AGO)
    issued.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "chain.pem"))

    printed = in_a_namespace(SPECIAL.format(chain=str(tmp_path / "chain.pem")))

    assert printed.splitlines() == ["None", str(epoch_s(LONG_AGO))]


def test_a_certificate_of_another_host_or_of_nobody_known_is_down(authority: Authority) -> None:
    with Hostile(PAGE, tls=authority.server("elsewhere.example")) as server:
        other = looked(target(server, authority))
    with Hostile(PAGE, tls=authority.server()) as server:
        unknown = looked(target(server, None))

    for batches in (other, unknown):
        assert state(batches) == "down"
        assert "not accepted" in said(batches)


def test_a_plain_server_behind_https_is_down() -> None:
    with Hostile(PAGE, unasked=True) as server:
        https = server.url.replace("http://", "https://")
        assert said(looked({"url": https})).startswith("down: no TLS with 127.0.0.1")


def test_a_redirect_into_tls_on_the_same_host_is_followed_and_verified(
    authority: Authority,
) -> None:
    with Hostile(PAGE, tls=authority.server(until=FAR)) as secure:
        onward = reply("", "301 Moved Permanently", "text/plain", f"Location: {secure.url}/")
        with Hostile(onward) as plain:
            trusted, doubted = looked(target(plain, authority)), looked(target(plain, None))

    assert named(trusted) == ["probe", "probe_latency_seconds", "probe_tls_expiry_days"]
    assert state(trusted) == "up"
    assert state(doubted) == "down"
    assert "not accepted" in said(doubted)


def test_a_redirect_that_leaves_tls_is_not_followed(authority: Authority) -> None:
    with Hostile(PAGE) as plain:
        away = reply("", "301 Moved Permanently", "text/plain", f"Location: {plain.url}/")
        with Hostile(in_turn(away), tls=authority.server(until=FAR)) as server:
            batches = looked(target(server, authority))

    assert said(batches) == f"down: redirect to {plain.url}/ not followed: it leaves TLS"
    assert plain.requests == []


def test_an_authority_that_is_no_certificate_is_refused_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")

    with pytest.raises(ConfigError) as caught:
        looked({"url": "https://127.0.0.1:1", "ca_file": str(tmp_path / "ca.pem")})

    said = f'no certificates can be read from "{tmp_path}/ca.pem": it holds no certificate'
    assert caught.value.what == said
    assert "-----BEGIN CERTIFICATE-----" in caught.value.mend


@pytest.mark.parametrize("end", [LONG_AGO, FAR, VERY_FAR])
def test_the_end_is_read_from_the_bytes_of_any_certificate(
    authority: Authority, end: datetime
) -> None:
    issued = authority.ca.issue_cert("127.0.0.1", not_after=end)
    der = _der(issued.cert_chain_pems[0].bytes())

    assert end_of(der) == epoch_s(end)


@given(st.binary(max_size=80))
def test_bytes_that_are_no_certificate_have_no_end(der: bytes) -> None:
    assert end_of(der) is None


def test_a_certificate_cut_off_anywhere_has_no_end(authority: Authority) -> None:
    der = _der(authority.ca.issue_cert("127.0.0.1").cert_chain_pems[0].bytes())

    assert {end_of(der[:length]) for length in range(len(der))} == {None}


def _der(pem: bytes) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.decode())
