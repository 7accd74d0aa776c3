"""Which real programs this machine has, and how to get those that are missing."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Component:
    """One real part beside the product: its programs and where they come from."""

    name: str
    programs: tuple[str, ...]
    debian: str
    elsewhere: str
    folders: tuple[str, ...] = ()

    def program(self, name: str) -> Path | None:
        """The path of one of its programs; None when this machine lacks it."""
        if found := shutil.which(name):
            return Path(found)
        beside = (folder / name for pattern in self.folders for folder in _newest(pattern))
        return next((path for path in beside if os.access(path, _usable(path))), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Its programs that this machine lacks."""
        return tuple(name for name in self.programs if self.program(name) is None)

    @property
    def how_to_get(self) -> str:
        """What to type to have it."""
        return f"Debian: apt-get install {self.debian}; elsewhere: {self.elsewhere}"


def _usable(path: Path) -> int:
    """What a program must allow; a library to be loaded before others is only read."""
    return os.R_OK if ".so" in path.name else os.X_OK


def _newest(pattern: str) -> list[Path]:
    """The folders of an absolute pattern, the newest version first."""
    return sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)


PROMETHEUS = Component(
    name="prometheus",
    programs=("prometheus", "promtool"),
    debian="prometheus",
    elsewhere="brew install prometheus",
)
ALERTMANAGER = Component(
    name="alertmanager",
    programs=("prometheus-alertmanager",),
    debian="prometheus-alertmanager",
    elsewhere="brew install alertmanager, linked as prometheus-alertmanager",
)
POSTGRES = Component(
    name="postgres",
    programs=("initdb", "postgres"),
    debian="postgresql",
    elsewhere="brew install postgresql@17",
    folders=("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin"),
)
CHROMIUM = Component(
    name="chromium",
    programs=("chromium",),
    debian="chromium",
    elsewhere="brew install --cask chromium",
    folders=("/Applications/Chromium.app/Contents/MacOS",),
)
VICTORIA = Component(
    name="victoria-metrics",
    programs=("victoria-metrics",),
    debian="victoria-metrics",
    elsewhere="brew install victoriametrics",
)
STRACE = Component(
    name="strace",
    programs=("strace",),
    debian="strace",
    elsewhere="no brew install: it traces Linux alone",
)
FAKETIME = Component(
    name="faketime",
    programs=("libfaketimeMT.so.1",),
    debian="libfaketime",
    elsewhere="brew install libfaketime, whose tests need Linux",
    folders=("/usr/lib/*/faketime", "/usr/lib64/faketime"),
)
NODE_EXPORTER = Component(
    name="node_exporter",
    programs=("prometheus-node-exporter",),
    debian="prometheus-node-exporter",
    elsewhere="brew install node_exporter",
)
BLACKBOX_EXPORTER = Component(
    name="blackbox_exporter",
    programs=("prometheus-blackbox-exporter",),
    debian="prometheus-blackbox-exporter",
    elsewhere="brew install blackbox_exporter",
)

_SERVERS = (
    PROMETHEUS,
    ALERTMANAGER,
    POSTGRES,
    CHROMIUM,
    STRACE,
    FAKETIME,
    NODE_EXPORTER,
    BLACKBOX_EXPORTER,
)
FOR_TESTS = {part.name: part for part in _SERVERS}
FOR_BENCH = {part.name: part for part in (PROMETHEUS, POSTGRES, VICTORIA)}
