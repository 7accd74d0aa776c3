"""The command line in processes of its own that need not be started: forks of one that has loaded it.

To start Python and load the product takes longer than most commands do. So one process loads it,
does nothing else and has no thread; each command is a fork of it, with its own folder,
environment and output, and ends as any process does.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO

from components.burnline import RUN

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("dashboard.app", "dashboard.screens", "dashboard.server", "dashboard.charts")
"""What only the pages load: no command is slow for want of it."""
LATE = ("scipy.stats", "yaml", "dateutil.rrule", "dateutil.tz", "requests", "orjson", "jinja2")
"""What commands load when they come to need it."""
LONGEST = 65_536


class Template:
    """The process that the others are forks of, and the line on which it is asked for them."""

    def __init__(self) -> None:
        """Start it; it loads the product before it hears the first wish."""
        self._line, its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = f"from components.forked import forked; forked({its_end.fileno()})\n{RUN}"
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.path.append({str(ROOT / 'tests')!r})\n{code}"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            pass_fds=[its_end.fileno()],
        )
        its_end.close()
        self._lock = Lock()
        atexit.register(self.end)

    def run(
        self, words: tuple[str, ...], folder: Path, environ: Mapping[str, str]
    ) -> tuple[int, bytes, bytes]:
        """The exit code of `burnline WORDS` in the folder, what it printed and what it complained."""
        wish = json.dumps({"words": words, "folder": str(folder), "environ": dict(environ)})
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            with self._lock:
                socket.send_fds(self._line, [wish.encode()], [out.fileno(), err.fileno()])
                code = int(self._line.recv(LONGEST))
            return code, _all(out), _all(err)

    def end(self) -> None:
        """Let it go: without a line it ends by itself."""
        self._line.close()
        self._process.wait()


@cache
def template() -> Template:
    """The one of this process, started when it is first asked for."""
    return Template()


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def forked(descriptor: int) -> None:
    """Return once for each command asked for on the line: in a process of its own."""
    _load()
    gc.freeze()  # so that no fork has to copy what all share
    sys.path.pop()
    line = socket.socket(fileno=descriptor)
    while True:
        wish, given, *_ = socket.recv_fds(line, LONGEST, 2)
        if not wish:
            sys.exit()
        child = os.fork()
        if not child:
            line.close()
            return _become(json.loads(wish), *given)
        for each in given:
            os.close(each)
        line.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _become(wish: dict[str, object], out: int, err: int) -> None:
    """Be the process that was wished for."""
    for given, standard in ((out, 1), (err, 2)):
        os.dup2(given, standard)
        os.close(given)
    os.environ.clear()
    os.environ.update(wish["environ"])  # type: ignore[call-overload]
    os.chdir(str(wish["folder"]))
    sys.argv[1:] = wish["words"]  # type: ignore[call-overload]


def _load() -> None:
    """Import what the commands are made of."""
    for package in ("slo", "collectors", "dashboard"):
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            if not module.name.startswith(PAGES):
                importlib.import_module(module.name)
    for name in LATE:
        importlib.import_module(name)
