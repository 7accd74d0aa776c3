"""The session's own rules: peers, pauses, proxies, secrets."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from components.hostile import Hostile, matrix, reply
from components.namespace import in_a_namespace
from prometheus_source import SINCE, ask

from collectors.fetch.failures import FetchError, shown
from collectors.fetch.peers import why_special
from collectors.fetch.retry import Retry, asked_pause_s
from collectors.fetch.session import default_retry
from collectors.fetch.terms import Terms

GOOD = reply(json.dumps(matrix(({"__name__": "up"}, [[SINCE, "1"]]))))
TESTS = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "224.0.0.251",
        "ff02::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::ffff:169.254.169.254",
        "255.255.255.255",
    ],
)
def test_an_address_that_no_source_has_is_special(address: str) -> None:
    assert why_special(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "192.168.0.9",
        "172.16.0.1",
        "fd00::7",
        "100.64.0.1",
        "1.1.1.1",
    ],
)
def test_private_and_ordinary_addresses_are_allowed(address: str) -> None:
    assert why_special(address) is None


SAID = """
from components.hostile import Hostile, reply
from prometheus_source import ask, asked, collector
SAID = {"status": "success", "data": {"resultType": "matrix", "result": []}}
"""
AN_ADDRESS = """
with Hostile(reply(SAID), host="169.254.169.254") as server:
    try:
        ask(server.url, token="canary-secret")
    except Exception as error:
        print(error)
    print(len(server.requests), "requests")
"""
A_NAME = """
hosts.write_text("127.0.0.1 shop.example")
subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
with Hostile(reply(SAID), host="0.0.0.0") as server:
    source = collector(f"http://shop.example:{server.port}", token="canary-secret")
    asked(source)
    print(len(server.requests), "requests of an ordinary address")
    hosts.write_text("169.254.169.254 shop.example")
    for one in (source, collector(f"http://shop.example:{server.port}", token="canary-secret")):
        try:
            asked(one)
        except Exception as error:
            print(error)
    print(len(server.requests), "requests in all")
"""


def test_a_metadata_service_that_takes_the_connection_gets_no_byte() -> None:
    printed = in_a_namespace(SAID + AN_ADDRESS)

    assert "not asked: 169.254.169.254 is link-local" in printed
    assert "\n0 requests" in printed


def test_a_name_that_comes_to_mean_a_special_address_gets_no_byte_more(tmp_path: Path) -> None:
    printed = in_a_namespace(f"{SAID}hosts = Path({str(tmp_path / 'hosts')!r}){A_NAME}")

    assert printed.startswith("1 requests of an ordinary address\n")
    assert printed.count("not asked: 169.254.169.254 is link-local") == 2
    assert printed.endswith("\n1 requests in all\n")


def test_pauses_are_random_up_to_twice_the_last_and_two_at_most() -> None:
    retry = Retry(lambda _: None, lambda _, high: high)

    assert [retry.pause_s(tried, None) for tried in (1, 2, 3)] == [0.5, 1.0, None]


def test_real_pauses_stay_within_their_bounds() -> None:
    retry = default_retry()
    pauses = [retry.pause_s(2, None) for _ in range(100)]

    assert all(pause is not None and 0 <= pause <= 1 for pause in pauses)
    assert len(set(pauses)) > 1


def test_a_date_to_retry_after_is_held_against_the_servers_own_clock() -> None:
    later, now = "Sun, 22 Nov 2026 10:02:00 GMT", "Sun, 22 Nov 2026 10:00:00 GMT"

    assert asked_pause_s(later, now) == 120
    assert asked_pause_s(now, later) == 0
    assert asked_pause_s(later, None) is None
    assert asked_pause_s("soon", now) is None


def test_foreign_text_is_one_printable_line_of_bounded_length() -> None:
    noise = random.Random(1)
    text = "".join(chr(noise.randrange(0x3000)) for _ in range(2_000))

    assert shown(text).isprintable()
    assert len(shown(text)) <= 201


def test_the_secrets_of_a_source_are_in_no_representation_of_it() -> None:
    terms = Terms(
        "x",
        "x",
        headers={"X-Key": "canary-1"},
        token="canary-2",
        basic=("me", "canary-3"),
        proxy="http://me:canary-4@proxy:3128",
    )

    assert "canary" not in repr(terms)
    assert terms.redacted("canary-1 canary-2 canary-3 canary-4") == "*** *** *** ***"


def test_a_proxy_is_used_when_it_is_configured() -> None:
    with Hostile(GOOD) as proxy:
        ask("http://prometheus.invalid:9090", proxy=proxy.url)

    assert proxy.requests[0].startswith(b"GET http://prometheus.invalid:9090/api/v1/query?")


def test_basic_credentials_are_sent_and_a_refusal_does_not_show_them() -> None:
    with Hostile(reply("", "403 Forbidden")) as server, pytest.raises(FetchError) as caught:
        ask(server.url, basic=("me", "canary-secret"))

    assert b"Authorization: Basic bWU6Y2FuYXJ5LXNlY3JldA==" in server.requests[0]
    assert "canary" not in str(caught.value)
