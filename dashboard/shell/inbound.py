"""What each kind of item in the inbox comes to: one function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collectors.store.inbox import Deed, InboxItem
from dashboard.shell import annotation, quieting
from slo.errors import InputError


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
    quieting.SILENCE: _silenced,
    quieting.END: lambda item: quieting.ended(item.body, actor=item.actor),
    quieting.ACKNOWLEDGEMENT: lambda item: quieting.acknowledged(item.body, actor=item.actor),
}
