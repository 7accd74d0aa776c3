"""Says to a watcher elsewhere that burnline is alive: a dead one cannot say that it is dead."""

from __future__ import annotations

from pydantic import SecretStr


def beat(address: SecretStr) -> None:
    """Return once the watcher has answered.

    Raises:
        ChannelError: it has not.
    """
    # What asks imports `requests`, and most commands ask nobody.
    from collectors.fetch.terms import Terms  # noqa: PLC0415
    from dashboard.notify.posting import MOST_ANSWERED, Target, parts_of, send  # noqa: PLC0415

    url = address.get_secret_value()
    terms = Terms(source="heartbeat", where="its address", max_bytes=MOST_ANSWERED)
    send(Target(url, terms, parts_of(url)), "GET")
