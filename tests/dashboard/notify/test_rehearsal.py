"""A channel is tried before it is needed: shown first, sent where asked, refused in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from components.burnline import MAIN
from components.hostile import Hostile, reply

ROOT = Path(__file__).resolve().parents[3]
SECRET = "canary-4711"
CONFIG = """
[alerts]
address = "https://slo.example.org"
[[source]]
kind = "prometheus"
url = "http://127.0.0.1:9090"
[[channel]]
name = "on-call"
kind = "webhook"
url = { env = "HOOK" }
"""


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "config.toml").write_text(CONFIG)
    return subprocess.run(
        [*MAIN, "notify", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def said(ran: subprocess.CompletedProcess[str]) -> str:
    return ran.stdout + ran.stderr


def test_a_test_shows_what_would_go_and_needs_no_secret(tmp_path: Path) -> None:
    ran = run(tmp_path, "--test", "on-call")

    assert ran.returncode == 0
    assert "firing, page: This is a test of burnline: nothing fails." in said(ran)
    assert "burnline: https://slo.example.org/now" in said(ran)
    assert "nothing was sent" in said(ran)


def test_a_test_that_is_sent_is_followed_by_its_end(tmp_path: Path) -> None:
    with Hostile(reply("", "204 No Content")) as hook:
        ran = run(tmp_path, "--test", "on-call", "--send", HOOK=f"{hook.url}/{SECRET}")

    bodies = [json.loads(one.partition(b"\r\n\r\n")[2]) for one in hook.requests]
    assert ran.returncode == 0
    assert [one["happening"] for one in bodies] == ["firing", "resolved"]
    assert bodies[0]["key"] == bodies[1]["key"]
    assert SECRET not in said(ran)


@pytest.mark.parametrize("status", ["403 Forbidden", "500 Oops", "302 Found"])
def test_a_channel_that_does_not_take_it_is_told_with_its_line_and_no_secret(
    tmp_path: Path, status: str
) -> None:
    with Hostile(reply({"why": SECRET}, status)) as hook:
        ran = run(tmp_path, "--test", "on-call", "--send", HOOK=f"{hook.url}/{SECRET}")

    assert ran.returncode == 2
    assert 'config.toml:7, channel "on-call"' in said(ran)
    assert SECRET not in said(ran)


def test_a_channel_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    ran = run(tmp_path, "--test", "oncall")

    assert ran.returncode == 2
    assert 'did you mean "on-call"?' in said(ran)
