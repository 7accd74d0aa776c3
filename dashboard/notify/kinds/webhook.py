"""A webhook: each notice as JSON to an address of one's own, signed where a secret is shared."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, SecretStr

from collectors.addresses import SecretAddress
from dashboard.notify.contract import Channel, ChannelKind
from dashboard.notify.reached import ReachedAsOwn
from dashboard.notify.wire import SCHEMA, as_json
from slo.notices import Notice
from slo.spans import rfc3339


class Options(ReachedAsOwn):
    """What a `[[channel]]` of kind "webhook" may say."""

    url: SecretAddress = Field(examples=['{ env = "ON_CALL_WEBHOOK" }'])
    """Where notices go; whoever knows the address can tell of alerts, so it is a secret."""
    secret: SecretStr | None = None
    """Signs what is sent: `X-Burnline-Signature: sha256=…`, the HMAC of the body in hex."""


def build(options: BaseModel) -> Channel:
    """The channel to one address; nothing is asked yet."""
    assert isinstance(options, Options)
    return _Webhook(options)


class _Webhook:
    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, notice: Notice) -> None:
        """Hand the notice over."""
        # Posting imports `requests`, which takes 0.1 s, and most commands send nothing.
        from dashboard.notify.posting import Target, parts_of, send  # noqa: PLC0415

        options, url = self._options, self._options.url.get_secret_value()
        terms = options.terms("webhook", "its address")
        body = json.dumps(message(notice), ensure_ascii=False, sort_keys=True).encode()
        target = Target(url, terms, (*parts_of(url), *_words(options.secret)))
        send(target, "POST", body, _beside(notice, body, options.secret))


def message(notice: Notice) -> dict[str, Any]:
    """What is sent: moments as RFC 3339, links and labels by their names."""
    plain = as_json(notice)
    moments = {name: rfc3339(plain[name]) for name in ("began_at", "at")}
    return {
        **plain,
        **moments,
        "schema": SCHEMA,
        "links": [{"title": title, "address": address} for title, address in notice.links],
        "labels": dict(notice.labels),
    }


def _beside(notice: Notice, body: bytes, secret: SecretStr | None) -> Mapping[str, str]:
    """The headers: a key that is the same whenever the same notice is sent once more."""
    named = f"{notice.key} {notice.happening} {notice.at}"
    headers = {"Idempotency-Key": hashlib.sha256(named.encode()).hexdigest()}
    if secret is not None:
        digest = hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
        headers["X-Burnline-Signature"] = f"sha256={digest}"
    return headers


def _words(secret: SecretStr | None) -> tuple[str, ...]:
    return () if secret is None else (secret.get_secret_value(),)


CHANNEL = ChannelKind("webhook", Options, build)
