"""The table `[corrections]` of config.toml: which of them follow from what is stored."""

from __future__ import annotations

from collectors.described import Described


class CorrectionsTable(Described):
    """What does not count as it was measured without anybody saying so each time."""

    planned_incidents: bool = False
    """Whether each incident that is marked as planned and has ended corrects its service.

    As `burnline correct --planned` does once; a mark that is taken back takes it back.
    """
