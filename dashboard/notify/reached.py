"""How a channel that is told by HTTP is reached: the keys that say so, and the terms they make."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field, SecretStr

from collectors.addresses import Address
from collectors.described import Described
from collectors.fetch.terms import Terms

MOST_ANSWERED = 65_536


class Reached(Described):
    """What every kind asks of its way there."""

    ca_file: str | None = None
    """The authority that signed the server's certificate, when no public one did."""
    proxy: Address | None = None
    """An HTTP proxy to go through; the environment's is never used."""

    def terms(self, source: str, where: str) -> Terms:
        """How it is talked to; `where` is what is shown of its address."""
        return Terms(source, where, max_bytes=MOST_ANSWERED, ca_file=self.ca_file, proxy=self.proxy)


class ReachedAsOwn(Reached):
    """What a receiver of one's own needs besides: it may ask who calls, and stand anywhere."""

    headers: dict[str, SecretStr] = Field(default_factory=dict)
    """Sent with every request: { X-Scope-OrgID = "team-a" }."""
    token: SecretStr | None = None
    """A bearer token."""
    allow_special: bool = False
    """true also tells link-local, metadata and multicast addresses."""

    def terms(self, source: str, where: str) -> Terms:
        """How it is talked to, and what it is shown."""
        return replace(
            super().terms(source, where),
            headers={name: value.get_secret_value() for name, value in self.headers.items()},
            token=None if self.token is None else self.token.get_secret_value(),
            allow_special=self.allow_special,
        )
