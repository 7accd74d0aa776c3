"""What a person can do about what fires, from its page: say that they look after it, or silence it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import streamlit as st

from collectors.store import inbox
from dashboard import serving
from dashboard.shell import quieting
from dashboard.shell.annotation import UNVERIFIED
from dashboard.views.alerts.standing import Blind, Standing
from dashboard.views.slos.slo_view import SloView
from slo.errors import BurnlineError

_LENGTHS = {"30 minutes": "30m", "1 hour": "1h", "4 hours": "4h", "1 day": "1d"}
_PERSON = "person"
_HANDED_IN = "Handed in: it holds as soon as the collector takes it, within seconds."


def actions(firing: Sequence[tuple[SloView, Standing]], blind: Sequence[Blind] = ()) -> None:
    """Two buttons for all that fires or is blind, each with what it needs to know.

    What was done is not offered.
    """
    unseen = [view.name for view, standing in firing if not standing.is_seen]
    unseen += [one.subject for one in blind if not one.standing.is_seen]
    loud = _silenceable([view for view, standing in firing if not standing.is_silenced], blind)
    if not unseen and not loud:
        return
    with st.container(key="quieting", horizontal=True):
        if unseen:
            _acknowledging(unseen)
        if loud:
            _silencing(loud)


def _acknowledging(names: Sequence[str]) -> None:
    with st.popover("Acknowledge"), st.form("acknowledge", border=False):
        st.caption("You look after it: nobody is told of it again until it recovers or is over.")
        name = names[0] if len(names) == 1 else st.selectbox("What", names, key="seen-what")
        person = _person("seen-by")
        if st.form_submit_button("Acknowledge", type="primary") and _is_said(person=person):
            _hand_in(quieting.ACKNOWLEDGEMENT, {"subject": name, "by": person})


def _silenceable(views: Sequence[SloView], blind: Sequence[Blind]) -> dict[str, dict[str, str]]:
    """What can be silenced, by its name: each SLO, each blind source, then whole services."""
    about = {view.name: {"slo": view.name} for view in views}
    about |= {
        f"source {one.about['source']}" if "source" in one.about else one.name: dict(one.about)
        for one in blind
        if not one.standing.is_silenced
    }
    services = (view.service for view in views if view.service)
    return about | {f"all of {service}": {"service": service} for service in services}


def _silencing(about: dict[str, dict[str, str]]) -> None:
    with st.popover("Silence"), st.form("silence", border=False):
        st.caption("Nothing new is told of it; it stays on this page, and ends by itself.")
        what = st.selectbox("What", list(about))
        length = st.selectbox("For", list(_LENGTHS), index=1)
        person = _person("quiet-by")
        why = st.text_input("Why", max_chars=500).strip()
        if st.form_submit_button("Silence", type="primary") and _is_said(person=person, why=why):
            body: dict[str, Any] = {"for": _LENGTHS[length], "by": person, "reason": why}
            _hand_in(quieting.SILENCE, body | about[what])


def _person(key: str) -> str:
    """The visitor's name, which they need say only once."""
    name: str = st.text_input(
        "Your name", st.session_state.get(_PERSON, ""), key=key, max_chars=120
    ).strip()
    if name:
        st.session_state[_PERSON] = name
    return name


def _is_said(*, person: str, why: str = "-") -> bool:
    """Whether all is said that whoever comes next will ask; what is not is named in its place."""
    if not person:
        st.error("Your name is missing: whoever comes next will ask.")
    elif not why:
        st.error("The reason is missing: whoever comes next will ask.")
    return bool(person and why)


def _hand_in(kind: str, body: dict[str, Any]) -> None:
    """Put it into the inbox, checked as every other; what is wrong is said in its place."""
    served = serving.current()
    key, now = str(uuid.uuid4()), served.clock()
    try:
        if kind == quieting.SILENCE:
            quieting.silenced(body, key=key, actor=UNVERIFIED, received_at=now)
        else:
            quieting.acknowledged(body, actor=UNVERIFIED)
        url = served.load().store_url
        inbox.put(url, kind, body, delivery_id=key, actor=UNVERIFIED, now=now)
    except BurnlineError as error:
        st.error(error.what)
    else:
        st.success(_HANDED_IN)
