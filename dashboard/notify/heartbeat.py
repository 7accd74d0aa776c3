"""Says to a watcher elsewhere that burnline is alive: a dead one cannot say that it is dead."""

from __future__ import annotations

from pydantic import SecretStr

from dashboard.notify.reached import Reached


def beat(address: SecretStr) -> None:
    """Return once the watcher has answered.

    Raises:
        ChannelError: it has not.
    """
    # Posting imports `requests`, which takes 0.1 s, and most commands send nothing.
    from dashboard.notify.posting import Target, parts_of, send  # noqa: PLC0415

    url = address.get_secret_value()
    send(Target(url, Reached().terms("heartbeat", "its address"), parts_of(url)), "GET")
