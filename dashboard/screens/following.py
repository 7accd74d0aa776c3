"""What becomes of what a visitor handed in: it waits, is taken or is refused, and the page says which."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4, uuid5

import streamlit as st

from collectors.store.inbox import InboxItem
from collectors.store.reader import Reader
from dashboard import serving, session
from dashboard.views.literal import escaped
from slo.errors import BurnlineError

_WAITS, _OPEN, _DONE, _TURN = "waits: ", "open: ", "done: ", "turn: "
_EVERY_S, _PATIENCE_S = 1, 30
_HANDED_IN = "Handed in: the collector takes it within seconds, and then the pages show it."
_KEPT = "Handed in, and kept until a collector takes it: none has yet."
_UNSEEN = "Handed in; what became of it cannot be read: the store does not answer."
_TAKEN = "Taken: the pages show it."
_LOST = "The store knows nothing of what was handed in, as after a backup was restored: hand it in again."


@contextmanager
def asked(label: str, kind: str) -> Iterator[None]:
    """A button that opens a form; it closes again once what was handed in by it no longer waits."""
    if st.session_state.pop(f"{_DONE}{kind}", False):
        st.session_state[f"{_OPEN}{kind}"] = False
    with (
        st.popover(label, key=f"{_OPEN}{kind}", on_change="rerun"),
        st.form(kind, border=False),
    ):
        yield


def key_of(kind: str, body: Mapping[str, Any]) -> str:
    """The key for what is handed in: the same for the same until that was taken, however often one clicks."""
    turn: UUID = st.session_state.setdefault(f"{_TURN}{kind}", uuid4())
    return str(uuid5(turn, json.dumps(body, sort_keys=True)))


def remember(kind: str, key: str) -> None:
    """Follow what was handed in under that key, by the form of its kind."""
    st.session_state[f"{_WAITS}{kind}"] = key


def waiting(kind: str) -> None:
    """That what was handed in by this form waits, which is looked for every second."""
    key = st.session_state.get(f"{_WAITS}{kind}")
    if key is not None:
        st.fragment(run_every=_EVERY_S)(_waiting)(key)


def told() -> None:
    """What was taken or refused since: said once, and nothing older than that is shown any more.

    Of a store that cannot be read the page itself says so.
    """
    kinds = [str(one).removeprefix(_WAITS) for one in st.session_state if _is_wait(one)]
    for kind in kinds:
        with suppress(BurnlineError):
            item = _item(st.session_state[f"{_WAITS}{kind}"])
            if not _waits(item):
                _tell(item)
                del st.session_state[f"{_WAITS}{kind}"]
                st.session_state.pop(f"{_TURN}{kind}", None)
                st.session_state[f"{_DONE}{kind}"] = True
                session.forget(serving.current().clock())


def _is_wait(place: object) -> bool:
    return str(place).startswith(_WAITS)


def _tell(item: InboxItem | None) -> None:
    if item is None:
        st.toast(_LOST, duration="infinite")
    elif item.refusal is None:
        st.toast(_TAKEN)
    else:
        st.toast(f"Refused: {escaped(item.refusal)}", duration="infinite")


def _waiting(key: str) -> None:
    """That it waits; the whole page anew once it does not."""
    try:
        item = _item(key)
    except BurnlineError:
        st.warning(_UNSEEN)
        return
    if item is None or not _waits(item):
        st.rerun()
    elif serving.current().clock() - item.received_at > _PATIENCE_S:
        st.warning(_KEPT)
    else:
        st.success(_HANDED_IN)


def _waits(item: InboxItem | None) -> bool:
    return item is not None and item.taken_at is None


def _item(key: str) -> InboxItem | None:
    with Reader.open(serving.current().load().store_url) as reader:
        return reader.handed_in(key)
