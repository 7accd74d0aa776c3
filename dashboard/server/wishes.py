"""What may be sent to the web process: each kind with what refuses it before it is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from collectors.store.reader import Reader
from dashboard.config import Config
from dashboard.shell import annotation, quieting
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.correcting import said
from dashboard.shell.correcting.aims import Aims


@dataclass(frozen=True, slots=True)
class Taken:
    """One kind of item that is handed in: what it is called, and what refuses it beforehand."""

    kind: str
    name: str
    refuse: Callable[[Config, dict[str, Any], int], None]


def _annotation(config: Config, body: dict[str, Any], now: int) -> None:
    made = annotation.checked(body, now=now)
    annotation.refuse_unknown(config, made.service, made.breaks)


def _silence(config: Config, body: dict[str, Any], now: int) -> None:
    made = quieting.silenced(body, key="", actor=UNVERIFIED, received_at=now)
    quieting.refuse_unknown(config, made.silence)


def _acknowledgement(config: Config, body: dict[str, Any], _now: int) -> None:
    made = quieting.acknowledged(body, actor=UNVERIFIED)
    with Reader.open(config.store_url) as reader:
        quieting.refuse_calm(made.subject, reader.alerts.live())


def _end_of_silence(config: Config, body: dict[str, Any], now: int) -> None:
    made = quieting.ended(body, actor=UNVERIFIED)
    with Reader.open(config.store_url) as reader:
        quieting.refuse_over(made.key, reader.alerts.silences(now))


def _correction(config: Config, body: dict[str, Any], _now: int) -> None:
    made = said.handed_in(body, actor=UNVERIFIED).correction
    with Reader.open(config.store_url) as reader:
        Aims(config, reader).refuse_unknown(made)
        said.refuse_revoked(made, reader.corrections())


ANNOTATIONS = Taken(annotation.KIND, "annotations", _annotation)
SILENCES = Taken(quieting.SILENCE, "silences", _silence)
ENDS_OF_SILENCES = Taken(quieting.END, "ends of silences", _end_of_silence)
ACKNOWLEDGEMENTS = Taken(quieting.ACKNOWLEDGEMENT, "acknowledgements", _acknowledgement)
CORRECTIONS = Taken(said.KIND, "corrections", _correction)
