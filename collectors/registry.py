"""Which kinds of source there are: files of `collectors/sources/` and entry points."""

from __future__ import annotations

from collectors import sources
from collectors.contract import SourceKind
from collectors.kinds import Kinds

GROUP = "burnline.sources"
_SOURCES = Kinds("source", sources, "SOURCE", SourceKind, GROUP)

kinds, knows = _SOURCES.names, _SOURCES.knows
load, unknown = _SOURCES.load, _SOURCES.unknown
