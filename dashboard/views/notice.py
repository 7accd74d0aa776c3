"""What a page says when it can show no figures: what is wrong, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from slo.errors import BurnlineError, ConfigError, StoreError

_FIRST_SLO = """[[slo]]
name = "checkout-latency"
objective = 95
histogram = 'http_request_duration_seconds_bucket{job="checkout"}'
latency = "500ms\""""


@dataclass(frozen=True, slots=True)
class Notice:
    """One page without figures; `lines` are several problems, or lines to paste."""

    title: str
    what: str
    where: str
    mend: str
    lines: tuple[str, ...] = ()
    is_paste: bool = False


def notice_of(error: BurnlineError) -> Notice:
    """The notice of an error; several problems in one error become a line each."""
    problems = tuple(error.what.splitlines())
    if len(problems) > 1:
        return Notice(_title(error), "", error.where, error.mend, lines=problems)
    return Notice(_title(error), error.what, error.where, error.mend)


def no_objectives(config: Path) -> Notice:
    """The config is sound and promises nothing."""
    return Notice(
        "No objectives yet",
        "The configuration names no [[slo]], so there is no budget to show.",
        str(config),
        "Add one, for example:",
        lines=tuple(_FIRST_SLO.splitlines()),
        is_paste=True,
    )


def nothing_collected(store: str, command: str) -> Notice:
    """There is no store yet, or one in which nothing was ever stored."""
    return Notice(
        "Nothing collected yet",
        "The store holds no measurement, so no figure can be made.",
        store,
        f"Run `{command}`; this page shows the figures as soon as they are there.",
    )


def _title(error: BurnlineError) -> str:
    match error:
        case ConfigError():
            return "The configuration cannot be used"
        case StoreError():
            return "The store cannot be read"
        case _:
            return "The figures cannot be made"
