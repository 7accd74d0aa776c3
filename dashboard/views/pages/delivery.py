"""Everything the page *Delivery & incidents* shows: what was asked for, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.views.delivery.days import last_days
from dashboard.views.delivery.model import Choice, DeliveryPage
from dashboard.views.upkeep.board import SourceLine
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_lines import source_lines
from dashboard.views.words import moment_words
from slo.facts import EventKind

if TYPE_CHECKING:
    from dashboard.views.delivery.making import Whole

_KINDS = (
    *(EventKind.DEPLOYMENT, EventKind.INCIDENT),
    *(EventKind.RELEASE, EventKind.PIPELINE_RUN),
)
_FIRST = """[[source]]
kind = "files"
name = "deploys"
[[source.file]]
path = "deployments.csv"
holds = "events"
kind = "deployment\""""


@dataclass(frozen=True, slots=True)
class DeliveryWish:
    """What a visitor asks for: the last so many days, a service, a team ("" for all), pages."""

    days: int
    service: str = ""
    team: str = ""
    deployment_page: int = 1
    incident_page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page, with the days that were asked for, the sources, the configuration's digest.

    `has_open` says that one of the latest incidents goes on.
    """

    page: DeliveryPage
    days: int
    data_words: str
    sources: tuple[SourceLine, ...] = ()
    digest: str = ""
    has_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was read and counted once for a choice: its lists are paged without reading again."""

    whole: Whole
    days: int
    data_words: str
    sources: tuple[SourceLine, ...]
    digest: str

    def at(self, wish: DeliveryWish) -> Shown:
        """The page with those pages of its lists."""
        return Shown(
            page=self.whole.at(wish.deployment_page, wish.incident_page),
            days=self.days,
            data_words=self.data_words,
            sources=self.sources,
            digest=self.digest,
            has_open=any(one.is_open for one in self.whole.at(1, 1).incidents),
        )


def kept_page(scene: Scene, wish: DeliveryWish) -> Kept | Notice:
    """All of what was asked for; a notice where nothing of the kind was ever collected."""
    if not has_happenings(scene):
        return no_happenings(str(scene.config.path))
    # What makes it loads scipy, so it is asked for here alone.
    from dashboard.views.delivery.making import whole  # noqa: PLC0415

    span = last_days(scene.as_of, wish.days, scene.config.timezone)
    return Kept(
        whole=whole(scene, Choice(span, wish.service, wish.team)),
        days=wish.days,
        data_words=f"As of {moment_words(scene.as_of)}",
        sources=source_lines(scene),
        digest=scene.config.digest,
    )


def has_happenings(scene: Scene) -> bool:
    """Whether the store knows of any deployment, incident, release or pipeline run, or may."""
    return any(scene.reader.reaches(kind) for kind in _KINDS)


def no_happenings(config: str) -> Notice:
    """Nothing of the kind is there, and what would begin it."""
    return Notice(
        "No deliveries and no incidents yet",
        "No source told of deployments, pipeline runs, releases or incidents.",
        config,
        "Add a source of events, for example:",
        lines=tuple(_FIRST.splitlines()),
        is_paste=True,
    )
