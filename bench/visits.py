"""A visitor of the pages without a browser: speaks to the server as Streamlit's frontend does.

What is timed is the server's part of a page: from the request over the websocket until the last
of its pieces has arrived. Drawing them is the browser's.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

_PATIENCE_S = 60


class Visitor:
    """One open page; each request of it is answered in `…_ms`."""

    def __init__(self, url: str, page: str = "", query: str = "") -> None:
        """Open the page of that path; the first answer comes with `arrive_ms`."""
        host = urlsplit(url).netloc
        self._page, self._query = page, query
        self._fragment = ""
        self.errors = 0
        self.bytes = 0
        self._socket: ClientConnection = connect(
            f"ws://{host}/_stcore/stream",
            origin=f"http://{host}",  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=_PATIENCE_S,
        )

    def __enter__(self) -> Self:
        """The visitor."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Leave."""
        self._socket.close()

    def arrive_ms(self) -> float:
        """The whole page, in milliseconds."""
        return self._asked_ms("")

    def refresh_ms(self) -> float:
        """The part of the page that refreshes itself, or all of it where no part does."""
        return self._asked_ms(self._fragment)

    def _asked_ms(self, fragment: str) -> float:
        said = BackMsg()
        said.rerun_script.query_string = self._query
        said.rerun_script.page_name = self._page
        if fragment:
            said.rerun_script.fragment_id = fragment
            said.rerun_script.is_auto_rerun = True
        begin = time.perf_counter()
        self._socket.send(said.SerializeToString())
        self._hear_out()
        return (time.perf_counter() - begin) * 1_000

    def _hear_out(self) -> None:
        while True:
            piece = self._socket.recv(timeout=_PATIENCE_S)
            self.bytes += len(piece)
            heard = ForwardMsg()
            heard.ParseFromString(piece if isinstance(piece, bytes) else piece.encode())
            kind = heard.WhichOneof("type")
            if kind == "auto_rerun":
                self._fragment = heard.auto_rerun.fragment_id
            elif kind == "delta" and heard.delta.new_element.WhichOneof("type") == "exception":
                self.errors += 1
            elif kind == "script_finished":
                return
