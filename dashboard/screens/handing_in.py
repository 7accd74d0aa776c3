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

_PERSON = "person"


def person_asked(key: str) -> str:
    """The visitor's name, which they need say only once."""
    name: str = st.text_input(
        "Your name", st.session_state.get(_PERSON, ""), key=key, max_chars=120
    ).strip()
    if name:
        st.session_state[_PERSON] = name
    return name


def is_said(*, person: str, why: str = "-") -> bool:
    """Whether all is said that whoever comes next will ask; what is not is named in its place."""
    if not person:
        st.error("Your name is missing: whoever comes next will ask.")
    elif not why:
        st.error("The reason is missing: whoever comes next will ask.")
    return bool(person and why)


def refused(error: BurnlineError) -> None:
    """Say what is wrong, each problem in a paragraph of its own."""
    st.error("\n\n".join(map(escaped, error.what.splitlines())))


def hand_in(kind: str, body: Mapping[str, Any], check: Callable[[str, int], object]) -> None:
    """Put it into the inbox once, when `check` of key and moment raised nothing.

    What is wrong is said in its place; what becomes of it `following` says.
    """
    served = serving.current()
    key, now = following.key_of(kind, body), served.clock()
    try:
        check(key, now)
        url = served.load().store_url
        inbox.put(url, kind, body, delivery_id=key, actor=UNVERIFIED, now=now)
    except BurnlineError as error:
        refused(error)
    else:
        following.remember(kind, key)
