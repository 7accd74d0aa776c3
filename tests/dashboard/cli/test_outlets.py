"""An answer that nobody takes: the code is the verdict's, and what was lost is told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from components.burnline import MAIN
from shell_builders import digest, environment, opened, running_in

# An hour of nothing but failures burns a budget of 1 % a hundred times too fast: a page.
ROWS = "at,service,good,total\n" + "".join(
    f"2026-01-01T11:{minute:02}:00Z,checkout,0,100\n" for minute in range(60)
)
CRITICAL = 2
UNKNOWN = 3
CHECK = ("check", "checkout", "--as-of", "2026-01-01T12:00:00Z")
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that is full")


@pytest.fixture(scope="module")
def burning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in which the only SLO pages."""
    folder = opened(tmp_path_factory.mktemp("burning"))
    (folder / "requests.csv").write_text(ROWS)
    assert running_in(folder)("collect", "--once").returncode == 0
    return folder


@contextmanager
def unread() -> Iterator[int]:
    """The end to write to of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def run(
    folder: Path,
    *words: str,
    out: int | None = subprocess.PIPE,
    err: int = subprocess.PIPE,
    first: Callable[[], None] | None = None,
) -> tuple[int, str]:
    """The exit code of burnline in a process that does `first`, and what it complained."""
    done = subprocess.run(
        [*MAIN, *words],
        cwd=folder,
        env=environment(),
        stdout=out,
        stderr=err,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=first,
    )
    return done.returncode, done.stderr or ""


def test_a_verdict_stands_though_standard_output_was_closed(burning: Path) -> None:
    assert run(burning, *CHECK, first=partial(os.close, 1)) == (CRITICAL, "")


def test_a_verdict_stands_though_standard_error_was_closed(burning: Path) -> None:
    assert run(burning, *CHECK, first=partial(os.close, 2)) == (CRITICAL, "")
    assert run(burning, "check", "--nonsense", first=partial(os.close, 2)) == (UNKNOWN, "")


@pytest.mark.parametrize(
    ("words", "code"),
    [(CHECK, CRITICAL), ((*CHECK, "--json"), CRITICAL), (("status", *CHECK[1:]), 0)],
)
def test_a_reader_that_has_seen_enough_changes_no_code(
    burning: Path, words: tuple[str, ...], code: int
) -> None:
    with unread() as pipe:
        assert run(burning, *words, out=pipe) == (code, "")


def test_complaints_that_nobody_reads_change_no_code(burning: Path) -> None:
    with unread() as pipe:
        assert run(burning, "check", "cart", err=pipe)[0] == UNKNOWN


@needs_full
@pytest.mark.parametrize(
    ("words", "code"),
    [(CHECK, UNKNOWN), (("status", *CHECK[1:]), 2), (("config", "schema"), 2), (("--help",), 2)],
)
def test_an_answer_that_finds_no_room_is_told_and_is_no_verdict(
    burning: Path, words: tuple[str, ...], code: int
) -> None:
    with FULL.open("wb") as full:
        ended, said = run(burning, *words, out=full.fileno())

    assert ended == code
    assert said == (
        "burnline: what this command prints cannot be written: No space left on device\n"
        "  at:  standard output\n"
        "  fix: make room where it goes, or send it elsewhere; what the command stored stays stored\n"
    )


@needs_full
def test_what_is_wrong_is_told_though_the_answer_finds_no_room(burning: Path) -> None:
    with FULL.open("wb") as full:
        ended, said = run(burning, "check", "cart", out=full.fileno())

    assert ended == UNKNOWN
    assert 'no [[slo]] is called "cart"' in said


@needs_full
def test_a_verdict_stands_though_its_complaints_find_no_room(burning: Path) -> None:
    with FULL.open("wb") as full:
        assert run(burning, *CHECK, err=full.fileno())[0] == CRITICAL
        assert run(burning, "check", "cart", err=full.fileno())[0] == UNKNOWN


@needs_full
def test_what_was_stored_stays_though_it_could_not_be_told(tmp_path: Path, burning: Path) -> None:
    opened(tmp_path)
    (tmp_path / "requests.csv").write_text(ROWS)

    with FULL.open("wb") as full:
        ended, said = run(tmp_path, "collect", "--once", out=full.fileno())

    assert ended == 2
    assert "No space left on device" in said
    assert digest(tmp_path) == digest(burning)


def test_an_output_that_takes_no_words_is_told_without_asking_for_room(burning: Path) -> None:
    with Path(os.devnull).open("rb") as only_read:
        ended, said = run(burning, *CHECK, out=only_read.fileno())

    assert ended == UNKNOWN
    assert "cannot be written: Bad file descriptor\n" in said
    assert "  fix: send it elsewhere; what the command stored stays stored\n" in said
