"""Everything that apprise can reach: mail, Slack, Teams, Matrix, ntfy and a hundred more.

One channel is one address of apprise, such as `mailtos://user:password@example.org?to=…`.
"""

from __future__ import annotations

import logging
import re
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pydantic import BaseModel, Field, SecretStr

from collectors.described import Described
from collectors.keys import Length
from dashboard.notify.contract import Channel, ChannelError, ChannelKind
from slo.notices import Happening, Notice

if TYPE_CHECKING:
    from apprise import Apprise, AppriseResult

_SHORTEST_SECRET, _LONGEST_SAID = 4, 200
_PARTS = re.compile(r"[/?&=:@,;#]+")
_GRAVE = frozenset({"WARNING", "ERROR", "CRITICAL"})
_TYPES = {"page": "failure", "ticket": "warning"}


class Options(Described):
    """What a `[[channel]]` of kind "apprise" may say."""

    url: SecretStr = Field(examples=['{ env = "TEAM_MAIL" }'])
    """The address as apprise writes it: "mailtos://user:password@mail.example.org?to=team@…"."""
    timeout: Length = 30
    """How long handing one notice over may take."""


def build(options: BaseModel) -> Channel:
    """The channel to one address of apprise; it is read when something is sent."""
    assert isinstance(options, Options)
    return _Apprise(options.url.get_secret_value(), options.timeout)


class _Apprise:
    def __init__(self, url: str, timeout_s: int) -> None:
        self._url, self._timeout_s = url, timeout_s
        self._opened: Apprise | None = None

    def send(self, notice: Notice) -> None:
        """Hand the notice over; a service that does not answer is given up."""
        opened = self._open()
        heard: list[AppriseResult] = []
        # Apprise limits the wait for each byte alone, and its own threads would keep us from ending.
        told = Thread(target=lambda: heard.append(_told(opened, notice)), daemon=True)
        told.start()
        told.join(self._timeout_s)
        if not heard:
            raise ChannelError(
                f"no complete answer within {self._timeout_s} s", is_unreachable=True
            )
        if not heard[0]:
            raise ChannelError(self._reason(heard[0]), is_unreachable=True)

    def _open(self) -> Apprise:
        """The address, read the first time: that takes apprise most of a second."""
        if self._opened is None:
            from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - see above

            # What it logs can hold the address; what matters of it comes with the result.
            heard = logging.getLogger("apprise")
            heard.propagate = False
            heard.addHandler(logging.NullHandler())
            asset = AppriseAsset(
                storage_mode="memory",
                allow_templates=False,
                service_timeout=0,
                http_redirects=False,
                app_id="burnline",
                app_desc="burnline",
                app_url="",
            )
            opened = Apprise(asset=asset)
            if not opened.add(self._url) or len(opened) != 1:
                raise ChannelError("`url` stands for no address that apprise can use")
            self._opened = opened
        return self._opened

    def _reason(self, result: AppriseResult) -> str:
        """The last complaint of apprise, without any part of the address."""
        said = [entry.message for entry in result.logs() if entry.level in _GRAVE]
        text = said[-1] if said else "apprise does not say why"
        for part in sorted(_secrets(self._url), key=len, reverse=True):
            text = text.replace(part, "***")
        line = "".join(char for char in " ".join(text.split()) if char.isprintable())
        return f"not accepted: {line[:_LONGEST_SAID]}"


def _told(opened: Apprise, notice: Notice) -> AppriseResult:
    return opened.notify(
        title=notice.summary,
        body=text(notice) or notice.summary,
        notify_type=_type(notice),
        body_format="text",
    )


def text(notice: Notice) -> str:
    """What follows the first line: the lines, then each link on its own."""
    links = [f"{title}: {address}" for title, address in notice.links]
    return "\n".join([*notice.lines, *([""] if links and notice.lines else []), *links])


def _type(notice: Notice) -> Any:
    if notice.happening is Happening.RESOLVED:
        return "success"
    return _TYPES.get(notice.severity, "info")


def _secrets(url: str) -> set[str]:
    """Every part of the address behind its scheme, as it is written and as it is meant."""
    parts = _PARTS.split(url.partition("://")[2])
    return {one for part in parts for one in (part, unquote(part)) if len(one) >= _SHORTEST_SECRET}


CHANNEL = ChannelKind("apprise", Options, build)
