"""A network of a test's own: a loopback with the metadata address, and no way out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from components.lacks import lacking

_TESTS = Path(__file__).resolve().parent.parent
_UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"]
_BEGIN = """
import subprocess, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
for command in ("link set lo up", "addr add 169.254.169.254/32 dev lo"):
    subprocess.run(["ip", *command.split()], check=True)
"""


def in_a_namespace(code: str) -> str:
    """What the code prints in there; `sys`, `subprocess` and `Path` are imported."""
    try:
        subprocess.run([*_UNSHARE, "ip", "link"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        lacking("network namespaces: Linux with unshare and ip has them, where it is allowed")
    begin = _BEGIN.format(tests=str(_TESTS), root=str(_TESTS.parent))
    command = [*_UNSHARE, sys.executable, "-c", begin + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
