"""Asking the git program about one repository on this machine, within limits of time and size.

Arguments are fixed and no shell reads them · nothing of the environment reaches it · no protocol is
allowed, so that it cannot fetch · what a repository's own settings could start is switched off
"""

from __future__ import annotations

import os
import pwd
import re
import subprocess
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO

from collectors.fetch.failures import shown
from slo.errors import BurnlineError, InputError, SourceError

MAX_BYTES = 64 * 1_048_576
LIMIT_S = 60.0
_CHUNK_BYTES = 1_048_576
_SAID_BYTES = 4_096
_REMOTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:/|[^/]+@[^/]*:|[^./][^/]*:")
_PROGRAMS = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
_NO_COMMITS = ("unknown revision", "bad revision 'HEAD'", "does not have any commits")
_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=true",
    "log.showSignature=false",
    "log.mailmap=false",
    "protocol.allow=never",
)


class NoCommitsError(InputError):
    """The repository is there, and what its HEAD names has no commit yet."""


def refuse_remote(path: str) -> None:
    """Refuse what is no path on this machine.

    Raises:
        ValueError: it is the address of a repository elsewhere, or no path at all.
    """
    if _REMOTE.match(path):
        raise ValueError("must be a path on this machine: clone it, and keep the clone up to date")
    if not path or "\x00" in path:
        raise ValueError("must be the path of a repository")


@dataclass(frozen=True, slots=True)
class Git:
    """One repository; `limit_s` bounds each question."""

    path: str
    program: str = "git"
    limit_s: float = LIMIT_S

    @property
    def folder(self) -> str:
        """The repository's own folder, whatever links lead there."""
        return os.path.realpath(self.path)

    def read(self, *words: str, given: bytes = b"") -> bytes:
        """What git answers to the words.

        Raises:
            NoCommitsError: the repository is empty.
            InputError: there is no repository, or git refuses it.
            SourceError: git is not installed, takes too long, or answers too much.
        """
        if not os.path.isdir(self.folder):  # noqa: PTH112 - never raises, as where folders are closed
            raise InputError("there is no such folder", where=self.path, mend="correct `path`")
        with TemporaryFile() as stdin, TemporaryFile() as stderr:
            stdin.write(given)
            stdin.seek(0)
            with self._started(words, stdin, stderr) as process:
                answer, is_late = self._answered(process)
            if process.returncode == 0:
                return answer
            stderr.seek(0)
            raise self._refusal(stderr.read(_SAID_BYTES).decode(errors="replace"), is_late=is_late)

    def _started(
        self, words: tuple[str, ...], stdin: IO[bytes], stderr: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            return subprocess.Popen(  # noqa: S603 - fixed words and one absolute path
                [self.program, "--no-pager", "-C", self.folder, *settings, *words],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=_surroundings(self.folder),
            )
        except OSError as error:
            raise SourceError(
                f"the git program cannot be run: {error.strerror}",
                where=self.program,
                mend="install git (Debian: apt-get install git), or say where it is as `program`",
            ) from error

    def _answered(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
        """All that it prints, and whether its time ran out; it is ended at either limit."""
        assert process.stdout is not None
        late = Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = Timer(self.limit_s, end)
        timer.start()
        answer = bytearray()
        try:
            while chunk := process.stdout.read(_CHUNK_BYTES):
                answer += chunk
                if len(answer) > MAX_BYTES:
                    raise SourceError(
                        f"git answers more than {MAX_BYTES >> 20} MiB",
                        where=self.path,
                        mend="nothing of it was stored; a smaller repository can be read",
                    )
            process.wait()
        finally:
            timer.cancel()
            process.kill()
        return bytes(answer), late.is_set()

    def _refusal(self, said: str, *, is_late: bool) -> BurnlineError:
        """Why git gave no answer, as a sentence."""
        if is_late:
            what = f"git did not end within {self.limit_s:g} s"
            mend = "see why the disk is slow; it is asked again at the next run"
            return SourceError(what, where=self.path, mend=mend, transient=True)
        if "dubious ownership" in said:
            return InputError(
                "git refuses the repository: it belongs to another user (dubious ownership)",
                where=self.folder,
                mend=f"give it to the user that burnline runs as, or allow it there: "
                f"git config --global --add safe.directory {self.folder}",
            )
        if "not a git repository" in said:
            what = "this is no git repository"
            return InputError(what, where=self.path, mend="name its own folder, no folder inside")
        if any(words in said for words in _NO_COMMITS):
            what = "the repository has no commits"
            return NoCommitsError(what, where=self.path, mend="wait for the first")
        line = next(iter(said.splitlines()), "no reason given")
        return InputError(
            f"git cannot read the repository: {shown(line)}",
            where=self.path,
            mend=f"try: git -C {self.folder} fsck",
        )


def _surroundings(folder: str) -> dict[str, str]:
    """All that the program learns of the world; no variable of ours changes what it reads."""
    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        home = "/nonexistent"
    return {
        "PATH": _PROGRAMS,
        "HOME": home,
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_CEILING_DIRECTORIES": os.path.dirname(folder),  # noqa: PTH120 - as text, like the rest
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
