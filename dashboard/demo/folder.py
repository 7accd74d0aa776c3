"""The folder of the demo: what was is written once, what passes is appended, nothing is revised."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dashboard.demo import rows, tables
from dashboard.demo.configuring import claims_text, config_text, corrections_text
from dashboard.demo.levels import LEVELS
from dashboard.demo.story import Story
from dashboard.demo.telling import begun, kept, read
from slo.errors import InputError
from slo.lengths import DAY_S, HOUR_S, MINUTE_S
from slo.spans import Span, moment

_BLOCK_S = 6 * HOUR_S
_PIECES_DAYS = (0, 3, 14)
_SILENT_S = 4 * DAY_S + 11 * HOUR_S
_STORY, _PROOF = "story.json", "facts/history/requests.csv.gz"
_REQUESTS, _STATES, _SECONDS = "at,service,good,total", "at,service,state", "at,service,seconds"
_BY_ROUTE, _BY_SCHEME = "at,service,route,good,total", "at,service,scheme,good,total"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the demo lives: its configuration, its facts and its store."""

    path: Path

    @property
    def config_path(self) -> Path:
        """The configuration that `begin` writes."""
        return self.path / "config.toml"

    @property
    def corrections_path(self) -> Path:
        """What does not count as it was measured, as `begin` writes it."""
        return self.path / "corrections.toml"

    def begin(self, now: int, *, seed: int, days: int, port: int) -> Story:
        """Everything up to now; what an earlier start has written stays as it is.

        Raises:
            InputError: the folder cannot be written, or holds something else.
        """
        try:
            story = self._story(now, seed, days)
            self._put("config.toml", config_text(story, port))
            self._put("claims.md", claims_text())
            self._put("corrections.toml", corrections_text(story))
            self._write_past(story)
            self.catch_up(story, now)
        except OSError as error:
            raise InputError(
                f"the folder of the demo cannot be written: {error.strerror}",
                where=str(self.path),
                mend="name another with --dir",
            ) from error
        return story

    def catch_up(self, story: Story, now: int) -> None:
        """Append the whole minutes that have passed, and what has happened in them."""
        # A clock that was set back takes nothing away.
        now = max(now - now % MINUTE_S, read(self.path / _STORY)[1])
        first = story.recent.until - story.recent.until % _BLOCK_S
        live = self.path / "facts" / "minutes"
        done = max((path.stem[9:] for path in live.glob("requests-2*.csv")), default="")
        for since in range(first, now, _BLOCK_S):
            name = f"{moment(since):%Y-%m-%dT%H}"
            if name >= done:
                passed = Span(story.recent.until, max(now, story.recent.until))
                self._write_block(story, name, Span(since, since + _BLOCK_S).clipped_to(passed))
        for table in tables.TABLES:
            self._put(f"facts/{table.name}.csv", _text(table.head, table.lines(story, now)))
        for level in LEVELS:
            lines = tables.level_lines(story, level, now)
            self._put(f"facts/{level.name}.csv", _text("at,value", lines))
        self._put(_STORY, kept(story, now))

    def _story(self, now: int, seed: int, days: int) -> Story:
        told = self.path / _STORY
        if told.exists():
            return begun(read(told), now)
        if self.path.exists() and any(self.path.iterdir()):
            raise InputError(
                "the folder holds something else than a demo",
                where=str(self.path),
                mend="name an empty or a new one with --dir",
            )
        story = Story.begin(now, seed=seed, days=days)
        self._put(_STORY, kept(story, story.recent.until))
        return story

    def _write_past(self, story: Story) -> None:
        """The minutes of the recent weeks and the quarter hours of the periods, newest first."""
        if (self.path / _PROOF).exists():
            return
        for count, span in enumerate(_pieces(story.recent), 1):
            probed_s = MINUTE_S if count == 1 else rows.PROBED_S
            for kind, (head, lines) in _minutes(story, span, probed_s).items():
                self._pack(f"facts/minutes/{kind}-past-{count}", head, lines)
        silent = Span(story.recent.since, max(story.anchor - _SILENT_S, story.recent.since))
        self._pack("facts/minutes/app-starts", _SECONDS, rows.app_starts(story, silent))
        for name, head, lines in tables.history(story):
            self._pack(f"facts/history/{name}", head, lines)

    def _write_block(self, story: Story, name: str, span: Span) -> None:
        for kind, (head, lines) in _minutes(story, span, MINUTE_S).items():
            text = _text(head, lines)
            # A file without rows would be warned of; a few minutes later it has some.
            if text.count("\n") > 1:
                self._put(f"facts/minutes/{kind}-{name}.csv", text)

    def _pack(self, name: str, head: str, lines: Iterable[str]) -> None:
        """Write a gz without a time in it: the same rows are the same bytes."""
        packed = gzip.compress(_text(head, lines).encode(), compresslevel=1, mtime=0)
        self._replace(self.path / f"{name}.csv.gz", packed)

    def _put(self, name: str, text: str) -> None:
        """Write a file unless it says so already; no reader ever sees a part of it."""
        path, body = self.path / name, text.encode()
        if not path.exists() or path.read_bytes() != body:
            self._replace(path, body)

    def _replace(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(body)
        os.replace(beside, path)  # noqa: PTH105 - says at a glance that it is one step


def _minutes(story: Story, span: Span, probed_s: int) -> dict[str, tuple[str, Iterator[str]]]:
    """The head and the lines of each kind of file for a span."""
    return {
        "requests": (_REQUESTS, rows.requests(story, span, MINUTE_S)),
        "routes": (_BY_ROUTE, rows.requests_apart(story, span, MINUTE_S, "checkout")),
        "schemes": (_BY_SCHEME, rows.requests_apart(story, span, MINUTE_S, "payments")),
        "probes": (_STATES, rows.probes(story, span, probed_s, rows.PROBED)),
        "latencies": (_SECONDS, rows.latencies(story, span, MINUTE_S)),
    }


def _pieces(span: Span) -> Iterator[Span]:
    """The span in files of which the newest is small, so that something shows soon."""
    edges = [*(span.until - days * DAY_S for days in _PIECES_DAYS), span.since]
    for until, since in pairwise(edges):
        if until > span.since:
            yield Span(max(since, span.since), until)


def _text(head: str, lines: Iterable[str]) -> str:
    return "\n".join([head, *lines, ""])
