"""Two probes of a server that is down for a known time, by a collector that is stopped for one."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from collecting_process import collecting, reader
from components.process import until

from slo.facts import SeriesKind
from slo.spans import Span
from slo.status import Intervals, Status, states

DOWN_S, STOPPED_S, VALID_S = 5.0, 10.0, 6
EVERY_S, CLEAR_S = 1.0, 0.15
PROBE = """\
[[source]]
name = "{name}"
kind = "probe"
every = "1s"
valid_for = "{valid_s}s"
[[source.target]]
url = "{url}/health?from={name}"
timeout = "500ms"
"""


@dataclass
class Shop:
    """A server that answers well or not, and knows who asked."""

    is_up: bool = True
    asked: list[tuple[float, str, bool]] = field(default_factory=list)
    url: str = ""

    def has_asked(self, name: str, times: int) -> None:
        """Wait until that probe has asked so often from now on."""
        before = len(self._of(name))
        until(lambda: len(self._of(name)) >= before + times, f"{times} looks of {name}")

    def is_left_alone(self) -> bool:
        """Whether nobody asks at this moment: each did so a while ago, and will in a while."""
        ago_s = {path: time.monotonic() - at for at, path, _ in self.asked}
        return all(CLEAR_S < each < EVERY_S - CLEAR_S for each in ago_s.values())

    def told_down_s(self, name: str) -> tuple[float, float]:
        """From its first bad answer to that probe to its next good one: all a probe can know.

        The least and the most: a look is dated after the one before it and before it comes here.
        """
        looks = self._of(name)
        first = next(place for place, (_, _, is_up) in enumerate(looks) if not is_up)
        last = next(place for place, (_, _, is_up) in enumerate(looks) if is_up and place > first)
        at = [each for each, _, _ in looks]
        return at[last - 1] - at[first], at[last] - at[first - 1]

    def _of(self, name: str) -> list[tuple[float, str, bool]]:
        return [each for each in self.asked if each[1].endswith(f"from={name}")]


@contextmanager
def shop() -> Iterator[Shop]:
    """It listens while the block runs."""
    made = Shop()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_up = made.is_up
            made.asked.append((time.monotonic(), self.path, is_up))
            self.send_response(200 if is_up else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


def wait(seconds: float) -> None:
    give_up = time.monotonic() + seconds
    until(lambda: time.monotonic() >= give_up, f"{seconds:g} s")


def test_uptime_equals_the_truth_to_the_interval_and_a_stopped_collector_leaves_a_hole(
    tmp_path: Path,
) -> None:
    names = ("one", "two")
    with shop() as server:
        tables = [PROBE.format(name=name, url=server.url, valid_s=VALID_S) for name in names]
        with collecting(tmp_path, *tables) as collector:
            for name in names:
                server.has_asked(name, 3)
            server.is_up = False
            wait(DOWN_S)
            server.is_up = True
            for name in names:
                server.has_asked(name, 3)
            # What is under way when the collector is stopped is late when it goes on: nobody knows.
            until(server.is_left_alone, "a moment at which no probe waits for an answer")
            collector.process.send_signal(signal.SIGSTOP)
            wait(STOPPED_S)
            collector.process.send_signal(signal.SIGCONT)
            for name in names:
                server.has_asked(name, 4)
        found = {name: known(tmp_path, name) for name in names}

    for name, each in found.items():
        down = [code is Status.DOWN for code in states(each.state)]
        lengths = [int(b - a) for a, b in zip(each.since, each.until, strict=True)]
        down_for = [length for length, is_down in zip(lengths, down, strict=True) if is_down]
        holes = [int(b - a) for a, b in zip(each.until, each.since[1:], strict=False)]
        assert len(down_for) == 1
        least_s, most_s = server.told_down_s(name)
        assert least_s - 1 <= down_for[0] <= most_s + 1, "whole seconds at both ends"
        assert abs(down_for[0] - DOWN_S) <= VALID_S
        assert [hole for hole in holes if hole > 1] == [max(holes)]
        assert max(holes) >= STOPPED_S - VALID_S - 2


def known(folder: Path, name: str) -> Intervals:
    """The stretches in which the state of the probe's target is known."""
    with reader(folder) as opened:
        ids = [one.id for one in opened.series(name, SeriesKind.STATUS)]
        assert len(ids) == 1
        (found,) = opened.measured.status_intervals(ids, Span(0, 2**40))
    return found
