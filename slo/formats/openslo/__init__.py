"""OpenSLO: documents of `openslo/v1`, and the one SLO shape of `openslo/v1alpha` that Sloth reads.

Source: OpenSLO/OpenSLO README.md at v1; OpenSLO/go-sdk for what it refuses.
"""

from __future__ import annotations

from slo.formats.contract import Format
from slo.formats.documents import Piece
from slo.formats.openslo.reading import read
from slo.formats.openslo.writing import write


def _claims(piece: Piece) -> bool:
    return (piece.said("apiVersion") or "").startswith("openslo/")


FORMAT = Format(title="OpenSLO", claims=_claims, read=read, write=write)
