"""An edition as JSON for programs: its document says which schema it keeps."""

from __future__ import annotations

import orjson

from dashboard.reports.contract import Edition, Format


def written(edition: Edition) -> bytes:
    """The document, indented, with a newline at its end."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(edition.document, option=options)


FORMAT = Format(extension="json", written=written)
