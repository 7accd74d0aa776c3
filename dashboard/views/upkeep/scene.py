"""What a view is made from: a config, a store that is open for reading, and a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectors.store.reader import Reader

if TYPE_CHECKING:
    from collectors.store.ground import Ground
    from dashboard.config import Config


@dataclass(frozen=True, slots=True)
class Scene:
    """The moment `as_of` of a config and its store.

    `is_fixed` says that the moment was asked for and does not follow the clock, so the age of
    anything says nothing. `ground` is what the store's file stands on, None on a server.
    """

    config: Config
    reader: Reader
    as_of: int
    is_fixed: bool = False
    ground: Ground | None = None
