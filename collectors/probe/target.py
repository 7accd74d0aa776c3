"""What users write in `[[source.target]]`: one address, and what a good answer is."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from collectors.described import Described
from collectors.probe.address import unaskable
from slo.durations import exact_seconds

_STATUS = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")
_LONGEST_NAME = 200
DEFAULT_TIMEOUT_S = 10.0


class TargetTable(Described):
    """One address that is asked, and what a good answer is."""

    url: str = Field(min_length=1, examples=['"https://shop.example.com/health"'])
    """The address; its query is sent, and shown nowhere."""
    service: str = ""
    """The service that it tells of; the host's name when nothing is written."""
    name: str = ""
    """What tells it apart from other targets of the service; the address when nothing is written."""
    method: Literal["GET", "HEAD"] = "GET"
    """How it is asked."""
    expect_status: Annotated[tuple[int | str, ...], Field(strict=False, min_length=1)] = (
        "200-299",
    )
    """The statuses of a good answer, single or as ranges: ["200-299", 401]."""
    expect_text: str = ""
    """What a good answer holds."""
    timeout: str | None = Field(default=None, examples=['"5s"'])
    """How long a whole answer may take, redirects included; "10s", or half of `every` if less."""
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    """Sent to the address, never to where it redirects."""
    ca_file: str | None = None
    """The authority that signed the server's certificate, when no public one did."""
    follow: int = Field(default=3, ge=0, le=3)
    """How many redirects are followed, on the same host alone."""
    allow_special: bool = False
    """true also asks link-local, metadata and multicast addresses."""

    @field_validator("url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise ValueError(f"can never be asked: {unaskable(url)}") from None
        if parts.scheme not in {"http", "https"} or not parts.netloc or not url.isprintable():
            raise ValueError('must begin with http:// or https://, as in "https://shop.example"')
        if "@" in parts.netloc:
            raise ValueError("must not hold a password: write headers = { Authorization = … }")
        flaw = unaskable(url)
        if flaw:
            raise ValueError(f"can never be asked: {flaw}")
        return url

    @field_validator("service", "name")
    @classmethod
    def _is_a_label(cls, text: str) -> str:
        if len(text) > _LONGEST_NAME or not text.isprintable() or text != text.strip():
            raise ValueError(f"must be at most {_LONGEST_NAME} printable characters")
        return text

    @field_validator("expect_status", mode="before")
    @classmethod
    def _are_statuses(cls, statuses: object) -> object:
        """Hold each to its form, before two kinds of values are each told to be the other."""
        for count, one in enumerate(statuses if isinstance(statuses, list | tuple) else (), 1):
            found = _STATUS.fullmatch(str(one)) if type(one) in {int, str} else None
            if found is None or (found[2] is not None and found[2] < found[1]):
                raise ValueError(f'number {count} is no status such as 204 or "200-299"')
        return statuses

    @field_validator("timeout")
    @classmethod
    def _is_a_length(cls, timeout: str | None) -> str | None:
        if timeout is not None and not exact_seconds(timeout):
            raise ValueError("must be longer than nothing")
        return timeout

    @model_validator(mode="after")
    def _fits_together(self) -> TargetTable:
        if self.method == "HEAD" and self.expect_text:
            raise ValueError('expect_text: an answer to HEAD holds no text; take method = "GET"')
        return self

    @property
    def shown(self) -> str:
        """The address without its query, which may hold what is secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"

    @property
    def owner(self) -> str:
        """The service it tells of."""
        return self.service or str(urlsplit(self.url).hostname)

    @property
    def label(self) -> str:
        """What tells it apart from other targets of its service."""
        return self.name or self.shown

    def timeout_s(self, every_s: float) -> float:
        """How long a whole answer may take: never more than half of the interval."""
        if self.timeout is None:
            return min(DEFAULT_TIMEOUT_S, every_s / 2)
        return float(exact_seconds(self.timeout))

    def expects(self, status: int) -> bool:
        """Whether an answer of that status is a good one.

        >>> TargetTable(url="http://shop", expect_status=["200-299", 401]).expects(401)
        True
        """
        bounds = (str(one).partition("-")[::2] for one in self.expect_status)
        return any(int(low) <= status <= int(high or low) for low, high in bounds)
