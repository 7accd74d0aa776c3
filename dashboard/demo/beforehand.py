"""What people said before the demo begins: an earlier promise, and corrections; said once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from collectors.store.store import Store
from dashboard.config import Config
from dashboard.demo.story import Story
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.file import corrections_in
from dashboard.shell.definitions import keep
from slo.objective import Objective

EARLIER = {"api-availability": Objective.from_percent("99.9")}
"""What less was promised of an SLO before the month in which the demo was first started."""


def say(config: Config, store: Store, story: Story, corrections: Path) -> None:
    """Put into the store what is not there yet; what was taken back since stays so.

    Raises:
        ConfigError: the file of corrections was changed into something that cannot be used.
        StoreError: the store cannot be written.
    """
    for slo in config.slos:
        if slo.name in EARLIER and not store.reader.definitions(slo.name):
            keep(store, [replace(slo, objective=EARLIER[slo.name], effective=None)], story.anchor)
    known = {stored.correction.key for stored in store.reader.corrections()}
    aims = Aims(config)
    for one in corrections_in(corrections, aims):
        if one.key not in known:
            targets = aims.targets(one.scope)
            store.corrections.put(one, targets, actor=UNVERIFIED, now=story.anchor)
