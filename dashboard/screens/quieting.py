"""What a person can do about what fires, from its page: look after it, silence it, end a silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboard.screens.following import asked
from dashboard.screens.handing_in import offered, person_asked
from dashboard.shell import quieting
from dashboard.shell.annotation import UNVERIFIED
from dashboard.views.alerts.standing import Blind, Silent, Standing
from dashboard.views.slos.slo_view import SloView

_LENGTHS = {"30 minutes": "30m", "1 hour": "1h", "4 hours": "4h", "1 day": "1d"}


def actions(
    firing: Sequence[tuple[SloView, Standing]],
    blind: Sequence[Blind] = (),
    silent: Sequence[Silent] = (),
) -> None:
    """Two buttons for all that fires or is blind, one for silences, each with what it needs to know.

    What was done is not offered.
    """
    unseen = [view.name for view, standing in firing if not standing.is_seen]
    unseen += [one.subject for one in blind if not one.standing.is_seen]
    loud = _silenceable([view for view, standing in firing if not standing.is_silenced], blind)
    if not unseen and not loud and not silent:
        return
    with st.container(key="quieting", horizontal=True):
        if unseen:
            _acknowledging(unseen)
        if loud:
            _silencing(loud)
        if silent:
            _ending(silent)


def _acknowledging(names: Sequence[str]) -> None:
    with asked("Acknowledge", quieting.ACKNOWLEDGEMENT):
        st.caption("You look after it: nobody is told of it again until it recovers or is over.")
        name = names[0] if len(names) == 1 else st.selectbox("What", names, key="seen-what")
        offered(
            quieting.ACKNOWLEDGEMENT,
            "Acknowledge",
            {"subject": name, "by": person_asked("seen-by")},
            lambda body, *_: quieting.acknowledged(body, actor=UNVERIFIED),
        )


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
    with asked("Silence", quieting.SILENCE):
        st.caption("Nothing new is told of it; it stays on this page, and ends by itself.")
        what = about[st.selectbox("What", list(about))]
        length = _LENGTHS[st.selectbox("For", list(_LENGTHS), index=1)]
        person = person_asked("quiet-by")
        why = st.text_input("Why", max_chars=500).strip()
        offered(
            quieting.SILENCE,
            "Silence",
            {"for": length, "by": person, "reason": why, **what},
            lambda body, key, now: quieting.silenced(
                body, key=key, actor=UNVERIFIED, received_at=now
            ),
        )


def _ending(silent: Sequence[Silent]) -> None:
    """Of the silences in force or to come, which to end now."""
    words = _told_apart(silent)
    with asked("End a silence", quieting.END):
        st.caption("What fires is told again from now on.")
        key = st.selectbox("Which", list(words), format_func=words.__getitem__)
        offered(
            quieting.END,
            "End it",
            {"key": key, "by": person_asked("end-by")},
            lambda body, *_: quieting.ended(body, actor=UNVERIFIED),
        )


def _told_apart(silent: Sequence[Silent]) -> dict[str, str]:
    """What each is called by its key: what it silences and until when, all of it where that is not enough."""
    count = Counter(one.name for one in silent)
    return {one.key: one.name if count[one.name] == 1 else one.words for one in silent}
