"""`burnline up` whole: both processes for real, through reloads, annotations, deaths and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import psutil
import pytest
import requests
from components.burnline import RUN
from components.process import START_S, free_port, until
from prometheus_client.parser import text_string_to_metric_families
from small_shop import a_promise, a_source
from verdict_builders import burnline

from collectors.store.store import Reader
from dashboard import wiring
from slo.errors import StoreError
from slo.facts import EventKind
from slo.spans import moment

ROOT = Path(__file__).resolve().parents[2]
CONFIG = a_source(every='"1h"') + a_promise()


class Up:
    """`burnline up` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with (folder / "err").open("wb") as err:
            self.process = self._started(err)
        self.children: list[psutil.Process] = []

    def _started(self, err: BinaryIO) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-c",
                RUN,
                "up",
                "--port",
                str(self.port),
            ],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )

    def ready(self) -> None:
        """Return once it has printed its address and collects."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"{self.url}\n"
        until(lambda: self.get("/readyz").ok, "readiness")
        self.see()

    def see(self) -> None:
        """Remember the children there are."""
        self.children += psutil.Process(self.process.pid).children()

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, timeout=START_S)

    def pids(self, word: str) -> list[int]:
        """The children that run this command at present."""
        self.see()
        found = []
        for child in self.children:
            with suppress(psutil.NoSuchProcess):
                found += [child.pid] if word in child.cmdline() else []
        return found

    def metric(self, name: str) -> list[tuple[dict[str, str], float]]:
        return [
            (sample.labels, sample.value)
            for family in text_string_to_metric_families(self.get("/metrics").text)
            for sample in family.samples
            if sample.name == name
        ]

    def alive(self) -> list[psutil.Process]:
        found = []
        for child in self.children:
            with suppress(psutil.NoSuchProcess):
                if child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child)
        return found

    def err(self) -> str:
        return (self.folder / "err").read_text()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(START_S)

    def clear(self) -> None:
        """Leave nothing behind, whatever the test found."""
        with suppress(psutil.NoSuchProcess):
            self.see()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(START_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        for child in self.alive():
            child.kill()


def with_facts(folder: Path) -> Path:
    """The folder with a config and ten hours of facts."""
    now = wiring.now() // 60 * 60
    rows = (f"{moment(now - 60 * ago).isoformat()},99,100\n" for ago in range(600, 0, -1))
    (folder / "config.toml").write_text(CONFIG)
    (folder / "requests.csv").write_text("".join(["at,good,total\n", *rows]))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a config and facts."""
    return with_facts(tmp_path)


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    """It, ready, to be ended by a test."""
    yield from begun(folder)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One that outlives each test that is given it."""
    yield from begun(with_facts(tmp_path_factory.mktemp("lasting")))


def begun(folder: Path) -> Iterator[Up]:
    """It, ready; ended with what asked for it."""
    started = Up(folder)
    try:
        started.ready()
        yield started
    finally:
        started.clear()


def collector_pid(folder: Path) -> int:
    """The process that last said that it collects."""
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        seen = reader.collector()
    assert seen is not None
    return seen.pid


def annotated(folder: Path) -> list[object]:
    with suppress(StoreError), Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return [event.fields["text"] for event in reader.events(EventKind.ANNOTATION)]
    return []


def test_both_processes_work_and_end_together_within_the_grace_with_code_0(up: Up) -> None:
    assert {child.cmdline()[-1] for child in up.children} >= {"collect"}
    until(lambda: bool(up.metric("burnline_slo_total_events")), "the first figures")
    assert up.metric("burnline_slo_sli_ratio")[0][1] == 0.99

    assert up.end() == 0
    assert up.alive() == []
    assert "Traceback" not in up.err()


def test_what_is_annotated_over_http_is_drained_by_the_collector(lasting: Up) -> None:
    up, folder = lasting, lasting.folder
    answer = requests.post(
        f"{up.url}/api/v1/annotations", json={"text": "failover drill"}, timeout=START_S
    )

    assert answer.status_code == 202
    until(lambda: annotated(folder) == ["failover drill"], "the annotation")
    assert burnline("annotate", "by hand", folder=folder).code == 0
    assert sorted(map(str, annotated(folder))) == ["by hand", "failover drill"]


def digests(up: Up) -> set[Any]:
    """The configurations that the two processes work by."""
    names = ("burnline_config_info", "burnline_collector_config_info")
    return {labels["digest"] for name in names for labels, _ in up.metric(name)}


def test_a_changed_config_is_in_force_in_both_and_a_broken_one_in_neither(lasting: Up) -> None:
    up, folder = lasting, lasting.folder
    (before,) = digests(up)
    (folder / "config.toml").write_text(CONFIG.replace("99.9", "99"))
    up.process.send_signal(signal.SIGHUP)
    until(lambda: len(digests(up)) == 1 and before not in digests(up), "the reload in both")
    (after,) = digests(up)

    (folder / "config.toml").write_text(CONFIG.replace("objective", "objectve"))
    up.process.send_signal(signal.SIGHUP)
    until(lambda: "objectve: unknown key" in up.err(), "the collector's complaint")

    assert digests(up) == {after}
    assert "objectve" in up.get("/readyz").json()["what"]
    assert up.metric("burnline_slo_objective_ratio")[0][1] == 0.99
    assert up.process.poll() is None
    (folder / "config.toml").write_text(CONFIG)
    up.process.send_signal(signal.SIGHUP)
    until(lambda: digests(up) == {before}, "the first configuration in both")


@pytest.mark.parametrize("word", ["collect", "serve"])
def test_a_process_that_is_killed_is_at_work_again_soon(up: Up, word: str) -> None:
    (killed,) = set(up.pids(word))
    os.kill(killed, signal.SIGKILL)

    until(lambda: "started again in 1 s" in up.err(), "the word on it")
    until(lambda: set(up.pids(word)) - {killed} != set(), "another process")

    def is_well() -> bool:
        with suppress(requests.RequestException):
            is_taken_over = collector_pid(up.folder) != killed
            return is_taken_over and up.get("/readyz").ok and up.get("/metrics").ok
        return False

    until(is_well, "readiness")
    assert up.end() == 0
    assert up.alive() == []


def test_killed_itself_it_leaves_neither_process_behind(up: Up) -> None:
    up.process.kill()
    up.process.wait(START_S)

    until(lambda: up.alive() == [], "the end of both")


def test_a_second_one_on_the_same_store_ends_with_the_name_of_the_first(lasting: Up) -> None:
    up, other = lasting, free_port()
    second = burnline("up", "--port", str(other), folder=up.folder)

    assert second.code == 2
    assert "another collector (pid" in second.err
    assert "holds the lock" in second.err
    assert "Traceback" not in second.err
    assert up.get("/readyz").ok


def test_a_port_that_is_taken_is_refused_before_anything_runs(lasting: Up) -> None:
    up = lasting
    second = burnline("up", "--port", str(up.port), folder=up.folder)

    assert (second.code, second.out) == (2, "")
    assert f"port {up.port} of 127.0.0.1 is taken" in second.err
    assert "fix: burnline up --port " in second.err


def test_a_config_that_cannot_be_used_is_told_once_and_nothing_runs(folder: Path) -> None:
    (folder / "config.toml").write_text(CONFIG.replace("objective", "objectve"))

    ran = burnline("up", "--port", str(free_port()), folder=folder)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("objectve: unknown key") == 1
    assert not (folder / "burnline.db").exists()


def test_a_folder_that_holds_modules_of_the_same_names_changes_nothing(folder: Path) -> None:
    for name in ("dashboard.py", "slo.py", "click.py"):
        (folder / name).write_text("raise SystemExit('not this one')\n")
    started = Up(folder)
    try:
        started.ready()
        assert started.end() == 0
    finally:
        started.clear()
