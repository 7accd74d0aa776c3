"""What each kind of item in the inbox comes to: one function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collectors.store.inbox import Deed, InboxItem
from collectors.store.store import Store
from dashboard.config import Config
from dashboard.shell import annotation, quieting
from dashboard.shell.correcting import said
from dashboard.shell.correcting.following import aim
from slo.errors import InputError


def drain(config: Config, store: Store, *, now: int) -> None:
    """Take out what waits, then aim the corrections among it: whoever hands one in knows no tallies.

    Who is killed in between leaves them to be aimed within a minute, as after a new configuration.
    """
    if store.drain_inbox(effect_of, now=now):
        aim(config, store, now=now)


def effect_of(item: InboxItem) -> Deed:
    """What the store keeps of an item; the collector drains the inbox through it.

    Raises:
        InputError: the item means nothing.
    """
    if item.kind not in _KINDS:
        raise InputError(
            f'nothing is known of the kind "{item.kind}"',
            where=item.delivery_id,
            mend="the web process and the collector are of different versions: restart both",
        )
    return _KINDS[item.kind](item)


def _annotated(item: InboxItem) -> Deed:
    return annotation.effect(
        item.body,
        delivery_id=item.delivery_id,
        actor=item.actor,
        received_at=item.received_at,
    )


def _silenced(item: InboxItem) -> Deed:
    return quieting.silenced(
        item.body, key=item.delivery_id, actor=item.actor, received_at=item.received_at
    )


_KINDS: Mapping[str, Callable[[InboxItem], Deed]] = {
    annotation.KIND: _annotated,
    said.KIND: lambda item: said.handed_in(item.body, actor=item.actor),
    quieting.SILENCE: _silenced,
    quieting.END: lambda item: quieting.ended(item.body, actor=item.actor),
    quieting.ACKNOWLEDGEMENT: lambda item: quieting.acknowledged(item.body, actor=item.actor),
}
