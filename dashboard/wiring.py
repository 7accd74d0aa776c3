"""Puts the parts together: the only reader of the clock and of the environment.

What each function takes from the world, and what it gives:
    configured   the file and the environment   ->  Config
    reader       the store, read-only           ->  what views are made of
    writer       the store, created or migrated ->  what collecting fills
    lane         a source of a Config           ->  what a run asks
    prometheus   words of the command line      ->  what proposals are asked of
    pace         clock and sleep                ->  a run's only ties to the world
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from collectors import registry
from collectors.contract import Named
from dashboard.config import Asked, Config, SourceDef, load
from slo.indicator import bases
from slo.splits import is_counted_apart

if TYPE_CHECKING:
    from collectors.prometheus.client import Client
    from collectors.run import Lane, Pace, Progress
    from collectors.store.store import Reader, Store


def now() -> int:
    """The present moment in whole epoch seconds."""
    return int(time.time())  # noqa: TID251 - the one place that reads the clock


def configured(path: Path, *, with_sources: Asked = False, with_channels: bool = False) -> Config:
    """The configuration, secrets from the environment; those of what is asked or told of alerts.

    Raises:
        ConfigError: anything in it cannot be used.
    """
    return load(path, os.environ, with_sources=with_sources, with_channels=with_channels)


def reader(config: Config) -> Reader:
    """The store for reading alone; it is never created or changed.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    from collectors.store.reader import Reader  # noqa: PLC0415 - only who reads pays for SQL

    return Reader.open(config.store_url)


def writer(config: Config) -> Store:
    """The store for writing, created or migrated first.

    Raises:
        StoreError: it cannot be opened or written.
    """
    from collectors.store.store import Store  # noqa: PLC0415 - only who writes pays for SQL

    return Store.open(config.store_url, now=now())


def lane(source: SourceDef) -> Lane:
    """The source ready to be asked.

    Raises:
        ConfigError: its options cannot be put to work, such as a certificate that is none.
    """
    from collectors.run import Lane  # noqa: PLC0415 - only who collects pays for it

    assert source.options is not None, "the configuration was read without its sources"
    kind = registry.load(source.kind, where=source.where)
    apart = tuple(split for split in source.splits if is_counted_apart(split.of))
    named = Named(source.name, source.where, bases(source.indicators), apart)
    return Lane(
        name=source.name,
        collector=kind.build(named, source.options),
        indicators=source.wanted,
        backfill_s=source.backfill_s,
        settle_s=kind.settle_s,
    )


def prometheus(table: Mapping[str, object], folder: Path) -> Client:
    """A Prometheus that is not configured yet, asked once a question; secrets from around us.

    Raises:
        ConfigError: the address, a secret or a certificate cannot be used.
    """
    from collectors.sources.prometheus import client  # noqa: PLC0415 - only `init` asks so
    from dashboard.config.offered import asked_options  # noqa: PLC0415

    options = asked_options(table, folder, os.environ)
    return client(Named("prometheus", "--from-prometheus", ()), options, tries=1)


def pace(progress: Progress) -> Pace:
    """The real clocks and the real waiting."""
    from collectors.run import Pace  # noqa: PLC0415 - only who collects pays for it

    return Pace(clock=now, stopwatch=time.monotonic, sleep=time.sleep, progress=progress)
