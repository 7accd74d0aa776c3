"""What a process that runs for long says on stderr: one line an event, secrets taken out."""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

from dashboard.shell.telling import harmless

_SECRET = re.compile(r"(?i)([?&](?:[\w-]*(?:token|key|secret|password|signature|sig))=)[^&\s'\"]+")
_USER = re.compile(r"(://[^\s/@:]+:)[^\s/@]+@")
_LEVELS = {"info": "", "warning": "warning: ", "error": "error: "}


class _Lines:
    """Writes lines for as long as somebody reads them; a process outlives its log."""

    def info(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    warning = error = info


def log_to_stderr() -> structlog.typing.FilteringBoundLogger:
    """The log of this process, for people to read: a time in UTC, an event, its fields."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S UTC", utc=True),
            line,
        ],
        logger_factory=lambda *_: _Lines(),
        cache_logger_on_first_use=True,
    )
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return log


def line(_logger: object, _name: str, event: MutableMapping[str, Any]) -> str:
    """The event as one line without any secret.

    >>> line(None, "", {"level": "info", "event": "stored", "source": "shop", "new": 3})
    'stored  source=shop new=3'
    """
    at, level = event.pop("timestamp", ""), event.pop("level", "info")
    what = f"{_LEVELS.get(level, level)}{event.pop('event')}"
    fields = " ".join(f"{name}={_value(value)}" for name, value in event.items())
    return redacted(harmless("  ".join(part for part in (at, what, fields) if part)))


def redacted(text: str) -> str:
    """The text without what addresses may hold that opens doors.

    >>> redacted("GET http://shop/metrics?token=abc&since=1")
    'GET http://shop/metrics?token=***&since=1'
    """
    return _USER.sub(r"\1***@", _SECRET.sub(r"\1***", text))


def _value(value: object) -> str:
    """A value as it is, in quotes where it holds spaces; a sentence's parts on one line."""
    text = str(value).replace("\n  at:  ", "; at ").replace("\n  fix: ", "; fix: ")
    text = text.replace("\n", "; ")
    return f'"{text}"' if " " in text else text
