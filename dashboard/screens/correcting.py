"""Saying from the page of an objective that a stretch of time does not count as it was measured."""

from __future__ import annotations

import streamlit as st

from collectors.store.reader import Reader
from dashboard import serving
from dashboard.charts.markup import element
from dashboard.screens.following import asked
from dashboard.screens.frame import show
from dashboard.screens.handing_in import Body, offered, person_asked
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.correcting import form, said
from dashboard.views.slos.naming import alarm_name
from dashboard.views.slos.slo_view import SloView
from slo.corrections import CorrectionKind
from slo.lengths import HOUR_S
from slo.spans import moment, rfc3339

_KINDS = {one.value.replace("-", " "): one.value for one in CorrectionKind}


def correcting(view: SloView) -> None:
    """A button that asks for the span, the kind and the reason; none at a fixed moment.

    Who looks back at a moment does not act on it.
    """
    if serving.current().as_of is not None or view.data_until is None:
        return
    with st.container(key="correcting"), asked("Correct a stretch of time", said.KIND):
        show(element("p", _meaning(view), class_="bl s"))
        kind = _KINDS[st.selectbox("It was", list(_KINDS))]
        ends = _ends(view.data_until)
        person = person_asked("corrected-by")
        why = st.text_input("Why", max_chars=500).strip()
        body = {"slo": [view.name], "kind": kind, "by": person, "reason": why}
        near = view.data_until
        offered(said.KIND, "Correct", body, _check, lambda: _span(ends, near))


def _meaning(view: SloView) -> str:
    """What is corrected, and what that does."""
    return (
        f"Of {alarm_name(view)}: the time between does not count any more, what was measured stays"
        " shown beside it. Where the same counts are read, as by the sum of a group, they are"
        " corrected, too. Times in UTC."
    )


def _ends(data_until: int) -> tuple[str, str]:
    """From when to when, as it is written: the last hour where nothing else is."""
    since, until = st.columns(2)
    return (
        since.text_input(form.SINCE, _written(data_until - HOUR_S), key="off-since"),
        until.text_input(form.UNTIL, _written(data_until), key="off-until"),
    )


def _written(at: int) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M}"


def _span(ends: tuple[str, str], near: int) -> Body:
    """The moments as they are kept.

    Raises:
        InputError: they are none.
    """
    span = form.span_of(*ends, near=near)
    return {"since": rfc3339(span.since), "until": rfc3339(span.until)}


def _check(body: Body, _key: str, _now: int) -> None:
    """Refuse what means no correction, or one that was revoked.

    Raises:
        InputError: it is so.
    """
    made = said.handed_in(body, actor=UNVERIFIED)
    with Reader.open(serving.current().load().store_url) as reader:
        said.refuse_revoked(made.correction, reader.corrections())
