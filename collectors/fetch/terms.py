"""How one source is talked to: limits, credentials, and what of them may be shown."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class Terms:
    """How one source is talked to; secrets are kept out of its `repr` and of every message."""

    source: str
    where: str
    timeout_s: float = 10.0
    connect_s: float = 2.0
    max_bytes: int = 8 * MIB
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: str | None = field(default=None, repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)
    ca_file: str | None = None
    certificate: tuple[str, str] | None = None
    proxy: str | None = field(default=None, repr=False)
    verify: bool = True
    allow_special: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be shown, longest first."""
        parts = [*self.headers.values(), self.token, *(self.basic or ())[1:]]
        if self.basic is not None:
            # A server that echoes the request shows both in one word, which anybody can read.
            parts.append(b64encode(":".join(self.basic).encode()).decode())
        parts.append(urlsplit(self.proxy).password if self.proxy else None)
        return tuple(sorted({part for part in parts if part}, key=len, reverse=True))

    def redacted(self, text: str) -> str:
        """The text with every secret replaced."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text
