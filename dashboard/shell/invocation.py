"""What the options before every command say: which configuration, and whether to debug."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Invocation:
    """The options that all commands share; click hands it on as the context's object."""

    config_path: Path = Path("config.toml")
    debug: bool = False
