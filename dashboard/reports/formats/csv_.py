"""An edition as one table for spreadsheets."""

from __future__ import annotations

import csv
import io

from dashboard.reports.contract import Edition, Format, Value

_FORMULAS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""With these a spreadsheet begins a formula; the last four are their full-width forms."""

_GONE = "\N{REPLACEMENT CHARACTER}"


def written(edition: Edition) -> bytes:
    """The table as RFC 4180 has it, UTF-8; ratios are fractions, an unknown is an empty cell."""
    table, columns = io.StringIO(newline=""), edition.sheet.columns
    out = csv.writer(table, lineterminator="\r\n")
    out.writerow(columns)
    for row in edition.sheet.rows:
        out.writerow([_safe(row.get(column)) for column in columns])
    return table.getvalue().encode()


def _safe(cell: Value) -> Value:
    """The cell; a text that a spreadsheet would compute is quoted, one that breaks files mended."""
    if not isinstance(cell, str):
        return cell
    text = "".join(c if c.isprintable() or c in "\t\r\n" else _GONE for c in cell)
    begins = text.lstrip(" \n")[:1]
    return f"'{text}" if begins and begins in _FORMULAS else text


FORMAT = Format(extension="csv", written=written)
