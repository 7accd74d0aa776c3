"""Prometheus, and whatever answers its query API: Thanos, Mimir, VictoriaMetrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

from collectors.contract import Collector, Named, SourceKind, refuse_unanswerable
from collectors.described import Described
from collectors.fetch.retry import MAX_TRIES
from collectors.fetch.terms import Terms
from collectors.findings import Finding
from slo.durations import exact_seconds, seconds
from slo.errors import ConfigError
from slo.freshness import SETTLE_S
from slo.indicator import Base, Gauge, Latency, Ratio, RawRatio, Uptime
from slo.rules import stream_name
from slo.selector import Selector
from slo.splits import split_stream

if TYPE_CHECKING:
    from collectors.prometheus.client import Client

_PAIRS = {"password": "username", "key_file": "cert_file"}


class Options(Described):
    """What a `[[source]]` of kind "prometheus" may say."""

    url: str
    """Where it answers, with its prefix if it has one: "http://127.0.0.1:9090"."""
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    """Sent with every request: { X-Scope-OrgID = "team-a" }."""
    token: SecretStr | None = None
    """A bearer token."""
    username: str | None = None
    """For basic authentication, with `password`."""
    password: SecretStr | None = Field(default=None, validate_default=True)
    """For basic authentication, with `username`."""
    ca_file: str | None = None
    """The authority that signed the server's certificate, when no public one did."""
    cert_file: str | None = None
    """A client certificate, with `key_file`."""
    key_file: str | None = Field(default=None, validate_default=True)
    """The client certificate's key."""
    proxy: str | None = None
    """An HTTP proxy to go through; the environment's is never used."""
    verify: bool = True
    """false accepts any certificate, and every run says so."""
    allow_special: bool = False
    """true also asks link-local, metadata and multicast addresses."""
    timeout: str = "10s"
    """How long one whole answer may take."""
    lookback: str = "5m"
    """How far apart two samples of a counter may be and still tell what it counted."""
    max_raw_series: int = Field(default=500, ge=1, le=10_000)
    """Up to how many series counters are fetched raw; wider ones are extrapolated."""
    every: str = "1m"
    """How often to collect; of what is scraped more seldom than every 3 minutes, as often as that."""
    backfill: str = "30d"
    """How far back to collect at first."""

    @field_validator("url", "proxy")
    @classmethod
    def _plain_url(cls, value: str | None) -> str | None:
        """Keep to http and https."""
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError('must begin with http:// or https://, as in "http://127.0.0.1:9090"')
        if parts.query or parts.fragment:
            raise ValueError("must end before any ? or #")
        return value.rstrip("/")

    @field_validator("url", "proxy")
    @classmethod
    def _no_user(cls, value: str | None) -> str | None:
        """Keep passwords out of addresses: those are shown."""
        if value is not None and "@" in urlsplit(value).netloc:
            raise ValueError("must not hold a password: it would be shown with the address")
        return value

    @field_validator("timeout", "lookback", "every", "backfill")
    @classmethod
    def _duration(cls, value: str) -> str:
        if not exact_seconds(value):
            raise ValueError("must be longer than nothing")
        return value

    @field_validator("username")
    @classmethod
    def _one_way_in(cls, value: str | None, others: ValidationInfo) -> str | None:
        if value is not None and others.data.get("token") is not None:
            raise ValueError("token and username are two ways to sign in: give one")
        return value

    @field_validator("password", "key_file")
    @classmethod
    def _pairs(cls, value: object, others: ValidationInfo) -> object:
        """Hold each half to the other, which stands before it; a field, to be told beside others."""
        name, other = str(others.field_name), _PAIRS[str(others.field_name)]
        if other in others.data and (value is None) != (others.data[other] is None):
            raise ValueError(f"{other} and {name} belong together: give both or neither")
        return value


def build(named: Named, options: BaseModel) -> Collector:
    """The collector of one Prometheus; nothing is asked yet.

    Raises:
        ConfigError: an indicator that a Prometheus cannot answer.
    """
    # Commands that ask no source read the options alone: `requests` takes 0.1 s to import.
    from collectors.prometheus.collector import PrometheusCollector  # noqa: PLC0415

    assert isinstance(options, Options)
    refuse_unanswerable(SOURCE, named)
    return PrometheusCollector(
        client(named, options),
        named.name,
        {
            **{stream_name(indicator): indicator for indicator in named.indicators},
            **{split_stream(split): split for split in named.splits},
        },
        seconds(options.lookback),
        seconds(options.backfill),
        options.max_raw_series,
        seconds(options.every),
    )


def client(named: Named, options: Options, *, tries: int = MAX_TRIES) -> Client:
    """How that Prometheus is asked; nothing is asked yet.

    Raises:
        ConfigError: a certificate that the options name is no file.
    """
    from collectors.fetch.session import default_retry  # noqa: PLC0415 - see `build`
    from collectors.prometheus.client import Client  # noqa: PLC0415 - see `build`

    retry = replace(default_retry(float(exact_seconds(options.every))), tries=tries)
    return Client.open(options.url, _terms(named, options), retry)


def _terms(named: Named, options: Options) -> Terms:
    certificate = None
    if options.cert_file and options.key_file:
        certificate = _present(options.cert_file, named), _present(options.key_file, named)
    return Terms(
        source=named.name,
        where=f'source "{named.name}", {options.url}',
        timeout_s=float(exact_seconds(options.timeout)),
        headers={name: value.get_secret_value() for name, value in options.headers.items()},
        token=_revealed(options.token),
        basic=_basic(options),
        ca_file=None if options.ca_file is None else _present(options.ca_file, named),
        certificate=certificate,
        proxy=options.proxy,
        verify=options.verify,
        allow_special=options.allow_special,
    )


def _revealed(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _basic(options: Options) -> tuple[str, str] | None:
    password = _revealed(options.password)
    return (options.username, password) if options.username and password is not None else None


def _present(path: str, named: Named) -> str:
    if not Path(path).is_file():
        raise ConfigError(f"no file {path!r}", where=named.where, mend="correct the path")
    return path


def refuses(indicator: Base) -> str | None:
    """Why no Prometheus can answer it; None when one may."""
    if isinstance(indicator, Ratio) and indicator.good is None and indicator.bad is None:
        mend = "bad = '…{code=~\"5..\"}' or good = …, as selectors of counters"
        return f"{indicator.total} alone names no good and no bad events; add {mend}"
    for text in _selectors(indicator):
        try:
            Selector.parse(text)
        except ValueError as error:
            return f"{error}; name one metric and its labels, record anything more as a rule"
    if isinstance(indicator, Latency) and indicator.histogram is not None:
        return _without_buckets(Selector.parse(indicator.histogram))
    return None


def _without_buckets(histogram: Selector) -> str | None:
    if any(matcher.label == "le" for matcher in histogram.matchers):
        whole = Selector(
            histogram.name, tuple(each for each in histogram.matchers if each.label != "le")
        )
        return f"le picks some of its buckets, but all are needed; write histogram = '{whole}'"
    return None


def _selectors(indicator: Base) -> list[str]:
    match indicator:
        case Ratio():
            texts = [indicator.total, indicator.good, indicator.bad]
        case Latency():
            texts = [indicator.histogram, indicator.samples, indicator.only_if]
        case Uptime():
            texts = [indicator.probe]
        case Gauge():
            texts = [indicator.gauge]
        case RawRatio():
            texts = [indicator.ratio]
    return [text for text in texts if text is not None]


def examine(collector: Collector, now: int) -> Iterator[Finding]:
    """What a person should know of it: its clock, and which selectors find nothing.

    Raises:
        SourceError: it does not answer, or not as a Prometheus.
    """
    from collectors.prometheus.examination import examined  # noqa: PLC0415 - see `build`

    return examined(collector, now)


SOURCE = SourceKind(
    "prometheus", Options, build, settle_s=SETTLE_S, refuses=refuses, examine=examine
)
