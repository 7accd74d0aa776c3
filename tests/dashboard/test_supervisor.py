"""The supervisor over real processes: they end together, come back alone, and are never orphans."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from components.process import START_S, until
from supervising import (
    DEAF,
    HEARING,
    LISTENING,
    REFUSING,
    SHORT,
    SHORT_THEN_REFUSING,
    SLOW,
    STEADY,
    Supervised,
)

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., Supervised]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Start]:
    """Starts a supervisor with such children; ends what is left of it."""
    started: list[Supervised] = []

    def start(*, end_s: float = 60.0, echo_s: float = 1.0, **children: str) -> Supervised:
        started.append(Supervised(tmp_path, children, end_s=end_s, echo_s=echo_s))
        return started[-1]

    yield start
    for each in started:
        each.clear()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_both_processes_end_and_the_code_says_done(
    supervise: Start, how: signal.Signals
) -> None:
    at_work = supervise(one=STEADY, two=STEADY)
    at_work.wait_for("up", "one", "two")

    at_work.process.send_signal(how)
    code, out, err = at_work.ended()

    assert (code, out, err) == (0, "", "")
    assert at_work.alive() == []


def test_a_process_that_does_not_end_is_killed_and_named(supervise: Start) -> None:
    at_work = supervise(one=DEAF, two=STEADY, end_s=1)
    at_work.wait_for("up", "one", "two")

    at_work.process.send_signal(signal.SIGTERM)
    code, _, err = at_work.ended()

    assert code == 1
    assert err == "the one did not end within 1 s and was killed\n"
    assert at_work.alive() == []


def test_a_process_that_was_stopped_is_ended_all_the_same(supervise: Start) -> None:
    at_work = supervise(one=STEADY, end_s=1)
    at_work.wait_for("up", "one")
    stopped = psutil.Process(at_work.notes("one")[0][1])
    stopped.suspend()
    until(lambda: stopped.status() == psutil.STATUS_STOPPED, "the stop")

    at_work.process.send_signal(signal.SIGTERM)

    assert at_work.ended()[0] == 1
    assert at_work.alive() == []


def test_told_to_end_twice_nothing_is_waited_for_and_that_is_what_is_said(
    supervise: Start,
) -> None:
    at_work = supervise(one=HEARING, end_s=600, echo_s=0)
    at_work.wait_for("up", "one")

    at_work.process.send_signal(signal.SIGTERM)
    at_work.wait_for("told", "one")
    at_work.process.send_signal(signal.SIGTERM)
    code, _, err = at_work.ended()

    assert code == 1
    assert err == "the one had not ended when told a second time and was killed\n"
    assert at_work.alive() == []


def test_a_signal_that_comes_twice_at_once_is_one_order_to_end(supervise: Start) -> None:
    at_work = supervise(one=SLOW, echo_s=60)
    at_work.wait_for("up", "one")

    at_work.process.send_signal(signal.SIGTERM)
    at_work.wait_for("told", "one")
    at_work.process.send_signal(signal.SIGTERM)
    code, _, err = at_work.ended()

    assert (code, err) == (0, "")
    assert at_work.words("one") == ["up", "told"]


def test_what_is_told_to_end_on_its_way_out_still_hands_over_its_code(
    supervise: Start, tmp_path: Path
) -> None:
    (tmp_path / "linger").touch()
    at_work = supervise(one=STEADY)
    at_work.wait_for("up", "one")
    at_work.process.send_signal(signal.SIGTERM)
    assert at_work.process.stdout is not None
    assert at_work.process.stdout.readline() == "over\n"

    at_work.process.send_signal(signal.SIGTERM)
    at_work.process.send_signal(signal.SIGINT)
    (tmp_path / "linger").unlink()

    assert at_work.ended()[0] == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGABRT])
def test_a_supervisor_that_is_killed_leaves_no_orphan(
    supervise: Start, how: signal.Signals
) -> None:
    at_work = supervise(one=STEADY, two=DEAF)
    at_work.wait_for("up", "one", "two")

    at_work.process.send_signal(how)
    at_work.process.wait(START_S)

    until(lambda: at_work.alive() == [], "the end of the orphans")


def test_a_process_that_is_killed_is_started_again_and_the_other_is_left_alone(
    supervise: Start,
) -> None:
    at_work = supervise(one=STEADY, two=STEADY)
    at_work.wait_for("up", "one", "two")

    os.kill(at_work.notes("one")[0][1], signal.SIGKILL)
    at_work.wait_for("up", "one", times=2)
    at_work.process.send_signal(signal.SIGTERM)
    code, _, err = at_work.ended()

    assert code == 0
    assert err == "the one was ended by SIGKILL; started again in 1 s\n"
    assert at_work.words("two") == ["up"]
    assert at_work.alive() == []


def test_the_pauses_before_a_process_is_started_again_grow(supervise: Start) -> None:
    at_work = supervise(one=SHORT)
    at_work.wait_for("up", "one", times=3)

    at_work.process.send_signal(signal.SIGTERM)
    code, _, err = at_work.ended()

    assert code == 0
    said = err.splitlines()
    assert said[:2] == [
        "the one ended with code 1; started again in 1 s",
        "the one ended with code 1; started again in 2 s",
    ]


def test_a_process_that_refuses_to_start_ends_the_other_with_its_sentence(supervise: Start) -> None:
    at_work = supervise(one=STEADY, two=REFUSING)

    code, out, err = at_work.ended()
    at_work.notes("one")

    assert (code, out, err) == (2, "", "port 1 is taken\n")
    assert at_work.alive() == []


def test_a_process_that_ran_and_then_refuses_is_tried_again(
    supervise: Start, tmp_path: Path
) -> None:
    at_work = supervise(one=SHORT_THEN_REFUSING.format(folder=str(tmp_path)))
    at_work.wait_for("up", "one", times=3)

    at_work.process.send_signal(signal.SIGTERM)
    code, _, err = at_work.ended()

    assert code == 0
    assert "the one ended with code 2; started again in 2 s" in err


def test_reloading_is_passed_on_and_ends_nobody(supervise: Start) -> None:
    at_work = supervise(one=LISTENING, two=LISTENING)
    at_work.wait_for("up", "one", "two")

    at_work.process.send_signal(signal.SIGHUP)
    at_work.wait_for("reload", "one", "two")

    assert at_work.words("one") == at_work.words("two") == ["up", "reload"]


def test_a_process_that_cannot_listen_yet_survives_being_told_to_reload(supervise: Start) -> None:
    at_work = supervise(one=f'note("up")\ntime.sleep(0.5)\nnote("later")\n{STEADY}')
    at_work.wait_for("up", "one")

    at_work.process.send_signal(signal.SIGHUP)
    at_work.wait_for("later", "one")

    assert {pid for _, pid in at_work.notes("one")} == {at_work.notes("one")[0][1]}


def test_it_greets_once_when_there_is_an_answer(supervise: Start, tmp_path: Path) -> None:
    at_work = supervise(one=STEADY)
    at_work.wait_for("up", "one")
    (tmp_path / "ready").touch()
    assert at_work.process.stdout is not None
    greeting = at_work.process.stdout.readline()

    at_work.process.send_signal(signal.SIGTERM)

    assert greeting == "ready\n"
    assert at_work.ended()[:2] == (0, "")


def test_a_process_that_awaits_the_answer_is_started_after_it(
    supervise: Start, tmp_path: Path
) -> None:
    at_work = supervise(one=STEADY, awaiting=STEADY)
    at_work.wait_for("up", "one")
    os.kill(at_work.notes("one")[0][1], signal.SIGKILL)
    at_work.wait_for("up", "one", times=2)
    assert at_work.words("awaiting") == []

    (tmp_path / "ready").touch()
    at_work.wait_for("up", "awaiting")
    at_work.process.send_signal(signal.SIGTERM)

    assert at_work.ended()[0] == 0
    assert at_work.alive() == []


def test_what_cannot_be_started_again_now_is_tried_later(supervise: Start, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "up $$" >> {tmp_path}/one\nexec cat > /dev/null\n')
    program.chmod(0o700)
    at_work = supervise(one=str(program), two=STEADY)
    at_work.wait_for("up", "one", "two")

    program.rename(tmp_path / "away")
    os.kill(at_work.notes("one")[0][1], signal.SIGKILL)
    assert at_work.process.stderr is not None
    said = [at_work.process.stderr.readline() for _ in range(2)]
    (tmp_path / "away").rename(program)
    at_work.wait_for("up", "one", times=2)

    assert said == [
        "the one was ended by SIGKILL; started again in 1 s\n",
        "the one cannot be started: No such file or directory; tried again in 2 s\n",
    ]
    assert at_work.words("two") == ["up"]


def test_the_end_of_the_terminal_it_was_started_in_ends_it(tmp_path: Path) -> None:
    terminal, its_own = os.openpty()
    started = subprocess.Popen(
        [
            sys.executable,
            str(ROOT / "tests" / "supervised.py"),
            str(tmp_path),
            "60",
            "1",
            f"one={STEADY}",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=its_own,
        stdout=its_own,
        stderr=its_own,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads yet
    )
    os.close(its_own)
    at_work = Supervised.__new__(Supervised)
    at_work.folder, at_work.seen = tmp_path, set()
    at_work.wait_for("up", "one")

    os.close(terminal)

    assert started.wait(START_S) == 0
    assert at_work.alive() == []
