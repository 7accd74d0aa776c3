"""Says to a watcher elsewhere that burnline is alive: a dead one cannot say that it is dead."""

from __future__ import annotations

from pydantic import SecretStr

from collectors.fetch.terms import Terms


def beat(address: SecretStr) -> None:
    """Return once the watcher has answered.

    Raises:
        ChannelError: it has not.
    """
    # Posting imports `requests`, which takes 0.1 s, and most commands send nothing.
    from dashboard.notify.posting import MOST_ANSWERED, Target, parts_of, send  # noqa: PLC0415

    url = address.get_secret_value()
    terms = Terms(source="heartbeat", where="its address", max_bytes=MOST_ANSWERED)
    send(Target(url, terms, parts_of(url)), "GET")
