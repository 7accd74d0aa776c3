"""Whose fault a failure is, and what no limit of a connection reaches."""

from __future__ import annotations

import errno
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

import psutil
import pytest
from components.hostile import Hostile, reply, silent
from components.namespace import in_a_namespace
from components.process import until
from probe_builders import looked

from collectors.probe.faults import our_fault
from slo.errors import SourceError

TESTS = Path(__file__).resolve().parent.parent
OUT_OF_SOCKETS = """
import resource, socket
from components.hostile import Hostile, reply
from probe_builders import looked, probing
from collectors.plan import present
with Hostile(reply("ok")) as server:
    target = {"url": server.url, "service": "shop"}
    looked(target)  # loads what is loaded late
    collector = probing(target)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    held = []
    try:
        while True:
            held.append(socket.socket())
    except OSError:
        pass
    run = collector.collect(collector.streams[0], present(0), 0)
    print(next(run).facts[0].state)
    print(next(run).facts)
    try:
        next(run)
    except Exception as error:
        print(type(error).__name__, error)
"""
LOOKS = """
from probe_builders import probing
collector = probing(
    {{"url": "{silent}", "service": "silent", "timeout": "5s"}},
    {{"url": "{late}", "service": "late", "timeout": "5s"}},
)
from concurrent.futures import ThreadPoolExecutor
for seen in ThreadPoolExecutor().map(lambda probe: probe.look.once(), collector.probes):
    print(seen.state.value, seen.latency_s, seen.reason, sep="|")
"""
WITHOUT_NAMES = """
import os, socket
from components.hostile import Hostile, reply
from probe_builders import looked
listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listening.bind(("127.0.0.1", 53))  # hears every question and answers none
conf = Path({conf!r})
conf.write_text("nameserver 127.0.0.1\\noptions timeout:10 attempts:1\\n")
subprocess.run(["mount", "--bind", conf, "/etc/resolv.conf"], check=True)
with Hostile(reply("ok")) as server:
    batches = looked(
        {{"url": "http://shop.example/", "service": "shop", "timeout": "2s"}},
        {{"url": server.url, "service": "here", "timeout": "2s"}},
    )
print(*batches[0].warnings, sep="\\n", flush=True)
print([state.value for fact in batches[0].facts for state in getattr(fact, "state", [])], flush=True)
os._exit(0)  # the look-up is still waiting for its answer
"""


def test_a_machine_out_of_sockets_says_unknown_and_fails_the_run_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_SOCKETS],
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}"},
        capture_output=True,
        text=True,
        check=True,
    )

    state, nothing, error = done.stdout.splitlines()[:3]
    assert "unknown" in state
    assert nothing == "()"
    assert error.startswith("SourceError no target could be asked")
    assert "this machine has too many open files" in error


def test_of_a_look_during_which_this_machine_stood_still_no_time_is_known() -> None:
    """No answer is nobody's fault then, and one that waited to be read was not slow."""

    def once_it_stands_still(connection: socket.socket) -> None:
        until(lambda: none.requests != [], "the other request")
        asking.send_signal(signal.SIGSTOP)
        reply("well")(connection)

    with Hostile(silent) as none, Hostile(once_it_stands_still) as late:
        asking = subprocess.Popen(
            [sys.executable, "-c", LOOKS.format(silent=none.url, late=late.url)],
            env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        until(lambda: psutil.Process(asking.pid).status() == psutil.STATUS_STOPPED, "the stop")
        stopped_at = monotonic()
        until(lambda: monotonic() > stopped_at + 11, "the timeout, and the 5 s that may be late")
        asking.send_signal(signal.SIGCONT)
        told, _ = asking.communicate(timeout=120)

    unanswered, answered = told.splitlines()
    still = r".*this machine stood still: \d+ s of at most 5 s\)?"
    assert re.fullmatch(rf"unknown\|None\|{still}", unanswered)
    assert re.fullmatch(rf"up\|None\||unknown\|None\|{still}", answered)


def test_a_name_service_that_hangs_delays_nobody_and_is_unknown(tmp_path: Path) -> None:
    printed = in_a_namespace(WITHOUT_NAMES.format(conf=str(tmp_path / "resolv.conf")))

    told, states = printed.splitlines()
    assert told == "shop: unknown: its name was not looked up in time"
    assert states == "['unknown', 'up']"


def test_a_look_leaves_no_thread_behind() -> None:
    with Hostile(reply("ok")) as server:
        before = threading.active_count()
        for _ in range(3):
            looked(
                *(
                    {"url": server.url, "name": str(count), "timeout": "120s"}
                    for count in range(20)
                ),
                every="5m",
            )
        soon_s = 100  # well before the 120 s that an answer might have taken
        until(lambda: threading.active_count() <= before, "the threads' end", deadline_s=soon_s)


@pytest.mark.parametrize(
    "ours",
    [
        OSError(errno.ENFILE, "x"),
        OSError(errno.EADDRNOTAVAIL, "x"),
        OSError(errno.ENETDOWN, "x"),
        OSError(errno.EPERM, "x"),
        socket.gaierror(socket.EAI_AGAIN, "x"),
        UnicodeEncodeError("latin-1", "€", 0, 1, "x"),
    ],
)
def test_what_this_machine_lacks_is_its_own_fault(ours: Exception) -> None:
    assert our_fault(ours)


@pytest.mark.parametrize(
    "theirs",
    [
        OSError(errno.EHOSTUNREACH, "x"),
        ConnectionRefusedError(errno.ECONNREFUSED, "x"),
        ConnectionResetError(errno.ECONNRESET, "x"),
        TimeoutError(errno.ETIMEDOUT, "x"),
        socket.gaierror(socket.EAI_NONAME, "x"),
        ssl.SSLError(errno.EPERM, "the numbers of TLS are its own"),
    ],
)
def test_what_every_user_meets_is_the_targets(theirs: Exception) -> None:
    assert our_fault(theirs) == ""


@pytest.mark.parametrize("header", ["line\nbreak", "€"])
def test_a_header_that_cannot_be_sent_is_unknown_and_nothing_is_sent(header: str) -> None:
    with Hostile(reply("ok")) as server:
        with pytest.raises(SourceError, match="its headers cannot be sent") as caught:
            looked({"url": server.url, "headers": {"X-Team": header}})
        assert server.requests == []

    assert header not in str(caught.value)
