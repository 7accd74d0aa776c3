"""A collection that is told to end does so at once, and what it stored is whole."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from builders import NOON
from components.burnline import MAIN
from components.hostile import Hostile, silent
from components.process import START_S, until
from small_shop import SOURCE, a_promise

from collectors.store.store import Reader
from dashboard.shell.ending import ENDED, at_once_when_told
from slo.errors import StoreError
from slo.indicator import Ratio
from slo.spans import Span, moment

ROOT = Path(__file__).resolve().parents[2]
MINUTES = 60_000
BATCH = 5_000
WITHIN_S = START_S  # less than the source may take to answer
# Rows are counted by the minute, of which none may be folded, whenever the test runs.
FILES = 'keep_minutes = "3650d"\n' + SOURCE + a_promise(objective="99")
SILENT = """\
[[source]]
every = "20m"
timeout = "10m"
kind = "prometheus"
url = "{url}"

[[slo]]
name = "checkout"
objective = 99
uptime = "up"
"""


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*MAIN, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told_to_end(process: subprocess.Popen[str], begun: Callable[[], bool]) -> str:
    """What it says on stderr when it is told to end after it has begun."""
    try:
        until(lambda: process.poll() is not None or begun(), "the beginning")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=WITHIN_S)
    finally:
        process.kill()
    assert out == ""
    return err


def stored(folder: Path) -> int:
    """How many minutes the store holds."""
    with suppress(StoreError), Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        ids = tuple(each.id for each in reader.pick("shop", Ratio("requests")))
        return len(reader.tally_rows(ids, 60, Span(0, NOON)).at) if ids else 0
    return 0


def digest(folder: Path) -> str:
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return reader.figures_digest()


def long_history(folder: Path, minutes: int = MINUTES) -> Path:
    folder.mkdir()
    since = NOON - 60 * minutes
    rows = [f"{moment(since + 60 * n).isoformat()},99,100\n" for n in range(minutes)]
    (folder / "config.toml").write_text(FILES)
    (folder / "requests.csv").write_text("".join(["at,good,total\n", *rows]))
    return folder


@pytest.mark.parametrize("words", [("import", "requests.csv"), ("collect", "--once")])
def test_a_run_told_to_end_keeps_whole_batches_alone_and_the_next_brings_the_rest(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    folder, calm = long_history(tmp_path / "told"), long_history(tmp_path / "calm")
    process = started(folder, *words)

    said = told_to_end(process, lambda: stored(folder) > 0)

    assert process.returncode == ENDED != 0
    assert said.startswith("burnline: told to end (SIGTERM)")
    assert said.count("\n") == 1
    assert 0 < stored(folder) < MINUTES
    assert stored(folder) % BATCH == 0
    for each in (folder, calm):
        with started(each, "import", "requests.csv") as again:
            assert again.communicate(timeout=120)[0].startswith("shop: ")
    assert digest(folder) == digest(calm)


def test_a_source_that_never_answers_holds_up_no_end(tmp_path: Path) -> None:
    with Hostile(silent) as source:
        (tmp_path / "config.toml").write_text(SILENT.format(url=source.url))
        process = started(tmp_path, "collect", "--once")

        said = told_to_end(process, lambda: bool(source.requests))

    assert process.returncode == ENDED
    assert said.startswith("burnline: told to end (SIGTERM)")


def test_the_collector_told_to_end_keeps_whole_batches_alone_beside_a_source_that_hangs(
    tmp_path: Path,
) -> None:
    # More than can be stored while the collector waits for what is under way.
    minutes = 8 * MINUTES
    folder = long_history(tmp_path / "told", minutes)
    (folder / "requests.csv").rename(folder / "history.csv")
    (folder / "requests.csv").write_text("at,good,total\n")
    hung = SILENT.replace('"checkout"', '"hung"')
    shop = FILES.replace("[[source]]\n", '[[source]]\nevery = "1s"\n') + 'source = "shop"\n'

    def begun() -> bool:
        """Whether the one hangs; only then there is a history for the other, of which some is in."""
        if source.requests and (folder / "history.csv").exists():
            (folder / "history.csv").replace(folder / "requests.csv")
        return stored(folder) > 0

    with Hostile(silent) as source:
        config = f'{shop}{hung.format(url=source.url)}source = "prometheus"\n'
        (folder / "config.toml").write_text(config)
        process = started(folder, "collect")

        said = told_to_end(process, begun)

    assert process.returncode == 0
    assert 'unfinished="source prometheus' in said
    assert 0 < stored(folder) < minutes
    assert stored(folder) % BATCH == 0


def test_after_a_collection_the_signal_means_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with at_once_when_told():
        within = signal.getsignal(signal.SIGTERM)

    assert within != before
    assert signal.getsignal(signal.SIGTERM) == before
