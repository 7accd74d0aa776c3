"""What the pages show, made once for all visitors: config and store in, a board or a notice out."""

from __future__ import annotations

import streamlit as st

from collectors.store.opening.engine import parsed, sqlite_path
from collectors.store.reader import Reader
from dashboard import serving
from dashboard.config import Config
from dashboard.views.board import Board
from dashboard.views.figures import evaluate
from dashboard.views.notice import Notice, no_objectives, nothing_collected, notice_of
from dashboard.views.overview import by_need
from dashboard.views.source_lines import data_lines, source_lines
from slo.errors import BurnlineError

# Visitors who look within these seconds share one board.
_SHARED_S = 15
_KEPT_S = 60
_KEPT_BOARDS = 8


def board() -> Board | Notice:
    """The board of this moment; a notice where config or store cannot give one."""
    served = serving.current()
    try:
        config = served.load()
        if not config.slos:
            return no_objectives(config.path)
        path = sqlite_path(parsed(config.store_url))
        if path is not None and not path.exists():
            return nothing_collected(str(path), served.collect_command)
        moment = served.moment if served.as_of is not None else _floored(served.moment)
        return _board(
            config.digest, moment, served.as_of is not None, config, served.collect_command
        )
    except BurnlineError as error:
        return notice_of(error)


def _place(store_url: str) -> str:
    """Where the store is, without a password."""
    url = parsed(store_url)
    return str(sqlite_path(url) or url.render_as_string(hide_password=True))


def _floored(moment: int) -> int:
    return moment - moment % _SHARED_S


@st.cache_data(ttl=_KEPT_S, max_entries=_KEPT_BOARDS, show_spinner=False)
def _board(digest: str, moment: int, fixed: bool, _config: Config, _command: str) -> Board | Notice:
    """Everything read from the store through one reader, which is let go of at the end."""
    reader = Reader.open(_config.store_url)
    try:
        if not reader.series():
            return nothing_collected(_place(_config.store_url), _command)
        sources = {source.name: source for source in _config.sources}
        views = evaluate(_config.slos, reader, as_of=moment, sources=sources, history=True)
        lines = (
            data_lines(_config.sources, views)
            if fixed
            else source_lines(_config.sources, reader.last_runs(), moment)
        )
        return Board(
            views=by_need(views), as_of=moment, is_fixed=fixed, sources=lines, digest=digest
        )
    finally:
        reader.close()
