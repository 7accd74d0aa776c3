"""A first look into files: each is opened and its first rows are read, however much there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collectors.files.passes import Pass, Source, refusal
from collectors.findings import Finding, note, well, wrong_by
from slo.errors import InputError

# As many rows as a slow machine reads within seconds; few of each where files are many.
_ROWS, _MOST, _LEAST = 50_000, 5_000, 20
_FILES = 1_000


def tried(sources: Sequence[Source], now: int) -> Iterator[Finding]:
    """What the first rows of each file show; all of them end in one line when all is well."""
    looked = sources[:_FILES]
    at_most = max(_LEAST, min(_MOST, _ROWS // max(1, len(looked))))
    read, told = 0, False
    for source in looked:
        begun = Pass(source, now, at_most=at_most)
        try:
            yield from _begun(begun, source)
        except InputError as error:
            yield wrong_by(error)
            told = True
        read += begun.read
    if len(sources) > len(looked):
        yield note(f"{len(sources) - len(looked):,} more files were not looked into")
    if not told:
        many = "file" if len(looked) == 1 else "files"
        rows = "row" if read == 1 else "rows"
        yield well(f"answers: {len(looked):,} {many}, {read:,} {rows} in a first look")


def _begun(begun: Pass, source: Source) -> Iterator[Finding]:
    """What the first rows of one file are worth knowing for.

    Raises:
        InputError: too few of them can be used, none where there are more, or the file cannot
            be read.
    """
    for _ in begun.parts():
        pass
    refused = refusal(begun, source)
    if refused is not None and not (begun.is_cut and begun.usable):
        raise refused
    if begun.lost:
        many = f"{begun.lost:,} of {begun.read:,} rows"
        yield note(f"{many} of {source.shown} cannot be used; the first: {begun.first_flaw}")
    if not begun.read:
        yield note(f"{source.shown} holds no rows")
    yield from map(note, begun.notes)
