"""The tags of a local git repository, as releases or deployments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field, field_validator

from collectors.contract import Named, SourceKind, refuse_unanswerable
from collectors.described import Described
from collectors.git.program import Git, refuse_remote
from slo.facts import EventKind
from slo.indicator import Base

if TYPE_CHECKING:
    from collectors.git.collector import TagsCollector

_KINDS = {"releases": EventKind.RELEASE, "deployments": EventKind.DEPLOYMENT}


class Options(Described):
    """Which tags of which repository, and what they mean."""

    path: str = Field(examples=['"../shop"'])
    """The repository's folder on this machine, bare or not; nothing is ever fetched into it."""
    root: str = "."
    """The folder that a relative path starts from; the configuration's own."""
    holds: Literal["releases", "deployments"] = "releases"
    """What a tag is."""
    service: str = ""
    """The service that is released or deployed."""
    tags: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = ("*",)
    """Patterns of the names that count, such as ["v*"]; `*` and `?` match any characters."""
    prerelease: Literal["include", "exclude"] = "include"
    """Whether a tag counts whose version is followed by a, alpha, b, beta, c, rc, m, pre, dev or the
    like, as in v1.2.0-rc.1; each event says whether it is one."""
    time: Literal["tag", "commit"] = "tag"
    """When it happened: when the tag was made (its commit, where it has no date), or its commit."""
    program: str = "git"
    """The git program, where it does not lie on the usual paths."""

    @field_validator("path")
    @classmethod
    def _is_local(cls, path: str) -> str:
        refuse_remote(path)
        return path


def refuses(_indicator: Base) -> str:
    """Why no tag answers an SLO: it is something that happened."""
    return "tags measure nothing; leave the source without an SLO, its events stand beside all"


def _build(named: Named, options: BaseModel) -> TagsCollector:
    # Commands that ask no source read the options alone.
    from collectors.git.collector import Meaning, TagsCollector, TimeOf  # noqa: PLC0415

    assert isinstance(options, Options)
    refuse_unanswerable(SOURCE, named)
    meaning = Meaning(
        _KINDS[options.holds],
        options.service,
        options.tags,
        TimeOf(options.time),
        options.prerelease == "include",
    )
    git = Git(str(Path(options.root) / options.path), options.program)
    return TagsCollector(named.name, git, meaning)


SOURCE = SourceKind(
    "git", Options, _build, refuses=refuses, fills_holes="yes, from the tags of the repository"
)
