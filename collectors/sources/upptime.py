"""The history of sites that Upptime keeps in a repository, read from a clone on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, field_validator

from collectors.contract import Named, SourceKind, refuse_unanswerable
from collectors.described import Described
from collectors.git.program import Git, refuse_remote
from collectors.observed import refuses
from slo.durations import seconds
from slo.lengths import HOUR_S

if TYPE_CHECKING:
    from collectors.upptime.collector import UpptimeCollector

_LONGEST_S = 48 * HOUR_S


class Options(Described):
    """Which clone, which of its sites, and how long a state holds."""

    path: str = Field(examples=['"../upptime"'])
    """The clone's folder on this machine, bare or not; nothing is ever fetched into it."""
    root: str = "."
    """The folder that a relative path starts from; the configuration's own."""
    sites: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = ("*",)
    """Patterns of the sites that count, by their slugs: those of history/SLUG.yml."""
    rename: dict[str, str] = Field(default_factory=dict, examples=['{ old-name = "shop" }'])
    """Slugs that were given up, and the one under which the same site goes on."""
    valid_for: str = "26h"
    """How long a state holds when nothing follows: Upptime writes changes, and each site once a
    day. At most two days."""
    program: str = "git"
    """The git program, where it does not lie on the usual paths."""

    @field_validator("path")
    @classmethod
    def _is_local(cls, path: str) -> str:
        refuse_remote(path)
        return path

    @field_validator("valid_for")
    @classmethod
    def _is_believable(cls, text: str) -> str:
        if not 0 < seconds(text) <= _LONGEST_S:
            raise ValueError("must be at most 48h: a hole in the history is neither up nor down")
        return text


def _build(named: Named, options: BaseModel) -> UpptimeCollector:
    # Commands that ask no source read the options alone.
    from collectors.upptime.collector import Sites, UpptimeCollector  # noqa: PLC0415

    assert isinstance(options, Options)
    refuse_unanswerable(SOURCE, named)
    git = Git(str(Path(options.root) / options.path), options.program)
    sites = Sites(named.name, options.sites, options.rename, seconds(options.valid_for))
    return UpptimeCollector(git, sites)


SOURCE = SourceKind(
    "upptime", Options, _build, refuses=refuses, fills_holes="if the repository holds it"
)
