"""What makes a file of this folder a page: the value `SCREEN` at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ADMIN = "Admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One page: its title in the menu, the path of its address, its place among the others.

    Entries of a `group` stand together under its name; a hidden page has an address and no
    entry; that of the path `under` is marked in its stead. `page` draws it. `is_offered` says
    whether there is anything that it could show: without, the address alone remains, and the
    page says what would give it something.
    """

    title: str
    path: str
    order: int
    page: Callable[[], None]
    group: str = ""
    is_hidden: bool = False
    under: str = ""
    is_offered: Callable[[], bool] | None = None

    @property
    def has_entry(self) -> bool:
        """Whether the menu leads to it now."""
        return not self.is_hidden and (self.is_offered is None or self.is_offered())
