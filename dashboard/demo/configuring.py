"""The texts of the demo: its configuration and corrections with their dates, and what is claimed."""

from __future__ import annotations

from importlib import resources
from zoneinfo import ZoneInfo

from dashboard.demo.moving import MOVES
from dashboard.demo.story import MAINTAINED_ZONE, Story, maintenance
from slo.lengths import WEEK_S
from slo.spans import Span, moment

_SERVICE = """
[[migration.service]]
name = "{name}"
source = "generated-history"
old = 'moving{{service="{name}",side="old"}}'
new = 'moving{{service="{name}",side="new"}}'
"""


def config_text(story: Story, port: int) -> str:
    """config.toml as it is written: comments, sources, promises, and the move with its dates."""
    text = (resources.files("dashboard.demo") / "config.toml").read_text(encoding="utf-8")
    filled = {
        "{before_since}": _date(story.before.since),
        "{before_until}": _date(story.before.until),
        "{after_since}": _date(story.after.since),
        "{after_until}": _date(story.after.until),
        "{stricter_since}": _date(story.stricter_since),
        "{services}": "".join(_SERVICE.format(name=move.service) for move in MOVES),
        "127.0.0.1:8501": f"127.0.0.1:{port}",
    }
    for mark, words in filled.items():
        text = text.replace(mark, words)
    return text


def claims_text() -> str:
    """claims.md: the case study as it is told, some of it wrong, for *Migration* to check."""
    return (resources.files("dashboard.demo") / "claims.md").read_text(encoding="utf-8")


def corrections_text(story: Story) -> str:
    """corrections.toml: the maintenance that everybody knows of, begun with what is measured."""
    text = (resources.files("dashboard.demo") / "corrections.toml").read_text(encoding="utf-8")
    first = next(maintenance(Span(story.recent.since, story.anchor + WEEK_S)))
    begins = moment(first.since).astimezone(ZoneInfo(MAINTAINED_ZONE))
    return text.replace("{first}", f"{begins:%Y-%m-%dT%H:%M}")


def _date(at: int) -> str:
    return f"{moment(at):%Y-%m-%d}"
