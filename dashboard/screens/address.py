"""What a visitor chose, kept in the page's address so that it can be sent and kept.

Streamlit's own binding writes the label of a choice, which here holds counts that change.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.views.upkeep.board import EVERY


def asked(key: str, options: Sequence[str], usual: str = EVERY) -> None:
    """Give a control its first value: what the address asks for, if there is such an option."""
    if st.session_state.get(key) in options:
        return
    wanted = st.query_params.get(key, usual)
    st.session_state[key] = wanted if wanted in options else usual


def told(key: str, chosen: str, usual: str = EVERY) -> str:
    """Write the choice into the address; the usual one is what an address without it means."""
    if chosen == usual:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen
    return chosen
