"""Saying from the page of an objective that a stretch of time does not count as it was measured."""

from __future__ import annotations

from typing import Any

import streamlit as st

from collectors.store.reader import Reader
from dashboard import serving
from dashboard.screens.handing_in import hand_in, is_said, person_asked
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.correcting import said
from dashboard.views.slos.slo_view import SloView
from slo.corrections import CorrectionKind
from slo.spans import moment

_HOUR_S = 3_600
_KINDS = {one.value.replace("-", " "): one.value for one in CorrectionKind}


def correcting(view: SloView) -> None:
    """A button that asks for the span, the kind and the reason; none at a fixed moment.

    Who looks back at a moment does not act on it.
    """
    if serving.current().as_of is not None or view.data_until is None:
        return
    with (
        st.container(key="correcting"),
        st.popover("Correct a stretch of time"),
        st.form("correct", border=False),
    ):
        st.caption(
            "It does not count from then on; what was measured stays beside it. Times in UTC."
        )
        body = _asked(view.name, view.data_until)
        person = person_asked("corrected-by")
        why = st.text_input("Why", max_chars=500).strip()
        if st.form_submit_button("Correct", type="primary") and is_said(person=person, why=why):
            whole = {**body, "by": person, "reason": why}
            hand_in(said.KIND, whole, lambda _key, _now: _check(whole))


def _asked(name: str, data_until: int) -> dict[str, Any]:
    """What it is about, and when: the last hour where nothing else is written."""
    kind = st.selectbox("It was", list(_KINDS))
    since, until = st.columns(2)
    return {
        "slo": [name],
        "kind": _KINDS[kind],
        "since": _utc(since.text_input("From", _written(data_until - _HOUR_S), key="off-since")),
        "until": _utc(until.text_input("To", _written(data_until), key="off-until")),
    }


def _written(at: int) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M}"


def _utc(text: str) -> str:
    """What was written, in UTC where it names no zone."""
    tail = text.strip()[len("2026-11-22") :]
    has_zone = any(sign in tail for sign in "Zz+-")
    return text.strip() if has_zone or not tail else f"{text.strip()}Z"


def _check(body: dict[str, Any]) -> None:
    """Refuse what means no correction, or one that was revoked.

    Raises:
        InputError: it is so.
    """
    made = said.handed_in(body, actor=UNVERIFIED)
    with Reader.open(serving.current().load().store_url) as reader:
        said.refuse_revoked(made.correction, reader.corrections())
