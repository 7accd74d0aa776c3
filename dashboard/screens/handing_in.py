"""What a visitor hands in from a page: who says so, whether all is said, and into the inbox with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from collectors.store import inbox
from dashboard import serving
from dashboard.screens import following
from dashboard.shell.annotation import UNVERIFIED
from dashboard.views.literal import escaped
from slo.errors import BurnlineError

Body = Mapping[str, Any]
Check = Callable[[Body, str, int], object]
"""Raises where a body, known by that key and handed in at that moment, means nothing."""
_PERSON = "person"


def person_asked(key: str) -> str:
    """The visitor's name, which they need say only once."""
    name: str = st.text_input(
        "Your name", st.session_state.get(_PERSON, ""), key=key, max_chars=120
    ).strip()
    if name:
        st.session_state[_PERSON] = name
    return name


def offered(
    kind: str, button: str, said: Body, check: Check, more: Callable[[], Body] = dict
) -> None:
    """The button that hands in what a form says, and above it what becomes of that.

    `more` is what must be worked out first; what is missing or wrong is said in its place.
    """
    answer = st.container()
    pressed = st.form_submit_button(button, type="primary")
    with answer:
        if pressed and _is_said(said):
            _hand_in(kind, said, more, check)
        following.waiting(kind)


def _is_said(said: Body) -> bool:
    """Whether all is said that whoever comes next will ask; what is not is named."""
    if not said["by"]:
        st.error("Your name is missing: whoever comes next will ask.")
    elif not said.get("reason", "-"):
        st.error("The reason is missing: whoever comes next will ask.")
    else:
        return True
    return False


def _hand_in(kind: str, said: Body, more: Callable[[], Body], check: Check) -> None:
    """Put it into the inbox once, when nothing is wrong with it."""
    served = serving.current()
    try:
        body, now = {**said, **more()}, served.clock()
        key = following.key_of(kind, body)
        check(body, key, now)
        url = served.load().store_url
        inbox.put(url, kind, body, delivery_id=key, actor=UNVERIFIED, now=now)
    except BurnlineError as error:
        st.error("\n\n".join(map(escaped, error.what.splitlines())))
    else:
        following.remember(kind, key)
