"""What each kind of item in the inbox comes to: one function a kind."""

from __future__ import annotations

from collectors.store.inbox import Effect, InboxItem
from dashboard.shell import annotation
from slo.errors import InputError


def effect_of(item: InboxItem) -> Effect:
    """What the store keeps of an item; the collector drains the inbox through it.

    Raises:
        InputError: the item means nothing.
    """
    if item.kind != annotation.KIND:
        raise InputError(
            f'nothing is known of the kind "{item.kind}"',
            where=item.delivery_id,
            mend="the web process and the collector are of different versions: restart both",
        )
    return annotation.effect(
        item.body,
        delivery_id=item.delivery_id,
        actor=item.actor,
        received_at=item.received_at,
    )
