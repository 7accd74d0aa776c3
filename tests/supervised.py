"""A real supervisor over children of the test's own.

    python tests/supervised.py FOLDER END_S ECHO_S NAME=CODE …

Each child runs its Python code in FOLDER with `note(word)` at hand, which appends the word and
its process id to FOLDER/NAME. A CODE that is a path is run as
a program instead. The supervisor greets once the file FOLDER/ready exists; the child
called `awaiting` awaits that. While FOLDER/linger exists it goes on after its end, and says so.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TextIO

from dashboard.shell.supervisor import Child, Patience, Supervisor

_NOTE = """
import os, signal, sys, time
def note(word):
    with open({file!r}, "a") as file:
        file.write(f"{{word}} {{os.getpid()}}\\n")
{code}
"""
_ORPHAN = "import dashboard.child as child; child.run_command = run; child.main(1.0)"


def child(folder: Path, named: str) -> Child:
    """The child that a word of the command line means."""
    name, _, code = named.partition("=")
    if code.startswith("/"):
        return Child(name, [code])
    body = "\n".join(f"    {line}" for line in code.splitlines())
    code = f"def run():\n{body}\n{_ORPHAN}"
    command = [sys.executable, "-c", _NOTE.format(file=str(folder / name), code=code)]
    return Child(name, command, awaits=name == "awaiting")


def main() -> int:
    """Supervise until told to end."""
    folder, (end_s, echo_s) = Path(sys.argv[1]), map(float, sys.argv[2:4])
    code = Supervisor(
        [child(folder, named) for named in sys.argv[4:]],
        answers=(folder / "ready").exists,
        greet=lambda: _say(sys.stdout, "ready"),
        tell=lambda what: _say(sys.stderr, what),
        patience=Patience(end_s, echo_s),
    ).run()
    if (folder / "linger").exists():
        _say(sys.stdout, "over")
        while (folder / "linger").exists():
            time.sleep(0.02)
    return code


def _say(where: TextIO, what: str) -> None:
    where.write(f"{what}\n")
    where.flush()


if __name__ == "__main__":
    sys.exit(main())
