"""An edition as one HTML page, like the body of a mail: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from pathlib import Path

from dashboard.reports.contract import Edition, Format
from slo.errors import ConfigError

try:
    import jinja2
except ModuleNotFoundError as error:
    raise ConfigError(
        "the format html needs the package jinja2",
        where="formats",
        mend="pip install 'burnline[report]', or leave html out",
    ) from error

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def written(edition: Edition) -> bytes:
    """The page; everything from data is escaped by the template engine."""
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = engine.get_template("report.html").render(letter=edition.letter)
    return page.replace(" %", "\N{NO-BREAK SPACE}%").encode()


FORMAT = Format(extension="html", written=written)
