"""Everything that apprise can reach: mail, Slack, Teams, Matrix, ntfy and a hundred more.

One channel is one address of apprise, such as `mailtos://user:password@example.org?to=…`.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys

from pydantic import BaseModel, Field, SecretStr

from collectors.described import Described
from collectors.keys import Length
from dashboard.notify.bounded import UNUSABLE
from dashboard.notify.contract import Channel, ChannelError, ChannelKind
from slo.notices import Happening, Notice

_START_S = 60
"""So long a busy machine may take to start the process, beside the time that the service has."""
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

    def send(self, notice: Notice) -> None:
        """Hand the notice over, in a process that is ended when a service does not answer."""
        message = {
            "title": notice.summary,
            "body": text(notice) or notice.summary,
            "notify_type": _type(notice),
        }
        said = {"url": self._url, "timeout_s": self._timeout_s, "message": message}
        code, why = _handed_over(json.dumps(said).encode(), self._timeout_s + _START_S)
        if code in (None, -signal.SIGALRM):
            raise ChannelError(
                f"no complete answer within {self._timeout_s} s", is_unreachable=True
            )
        if why is None:
            raise ChannelError(f"apprise ended with code {code}", is_unreachable=True)
        if why:
            raise ChannelError(why, is_unreachable=why != UNUSABLE)


def _handed_over(said: bytes, deadline_s: float) -> tuple[int | None, str | None]:
    """The code with which the process ended, and why nothing was handed over, as far as it told.

    The code is None where it had to be killed, the reason None where it told nothing.
    """
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "dashboard.notify.bounded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            told, _ = child.communicate(said, deadline_s)
        except subprocess.TimeoutExpired:
            child.kill()
            return None, None
    last = told.decode(errors="replace").strip().rpartition("\n")[2]
    return child.returncode, json.loads(last)["why"] if last.startswith("{") else None


def text(notice: Notice) -> str:
    """What follows the first line: the lines, then each link on its own."""
    links = [f"{title}: {address}" for title, address in notice.links]
    return "\n".join([*notice.lines, *([""] if links and notice.lines else []), *links])


def _type(notice: Notice) -> str:
    if notice.happening is Happening.RESOLVED:
        return "success"
    return _TYPES.get(notice.severity, "info")


CHANNEL = ChannelKind("apprise", Options, build)
