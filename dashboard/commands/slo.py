"""Promises as files and through time: lint, history, compliance, import, export."""

from __future__ import annotations

from dashboard import slo_commands
from dashboard.shell.groups import Folder


class _SloCommands(Folder):
    folder = slo_commands


COMMAND = _SloCommands(help="Promises as files and through time.")
