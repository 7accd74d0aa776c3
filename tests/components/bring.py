"""Bring the real components: by apt when root on Debian, otherwise say how to get them.

python -m components.bring [--bench]      exits 0 either way; the tests decide what a lack means
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from components.presence import FOR_BENCH, FOR_TESTS, Component


def missing(parts: Iterable[Component]) -> list[Component]:
    """The components of which a program is lacking."""
    return [part for part in parts if part.missing]


def by_apt(parts: list[Component]) -> None:
    """Install them with Debian's own client; a failure is shown and left to `missing`."""
    wanted = [part.debian for part in parts]
    with _no_services_start():
        _apt_get("update")
        _apt_get("install", "-y", "--no-install-recommends", *wanted)


def _apt_get(*arguments: str) -> None:
    command = ["apt-get", "-q", "-o", "Dpkg::Use-Pty=0", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=environment)


@contextmanager
def _no_services_start() -> Iterator[None]:
    """Keep the packages' own services from starting: the tests run servers of their own."""
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            policy.unlink()


def main(arguments: list[str]) -> int:
    """Bring what is lacking and name what stays lacking."""
    parts = (FOR_BENCH if "--bench" in arguments else FOR_TESTS).values()
    lacking = missing(parts)
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        by_apt(lacking)
        lacking = missing(parts)
    for part in lacking:
        names = ", ".join(part.missing)
        sys.stderr.write(f"MISSING: {part.name} ({names}). {part.how_to_get}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
