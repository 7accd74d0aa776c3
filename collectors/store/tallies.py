"""How reported counts are stored: appended where nothing was, merged where something is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, delete, select

from collectors.store.exclusions import excluding
from collectors.store.ids import SeriesBook, digest_of
from collectors.store.levels import Stretch, roll_up_tallies, stretches, within
from collectors.store.merge import Claim, merge
from collectors.store.outcome import Ledger
from collectors.store.rows import append, joined
from collectors.store.stored import StoredSeries
from collectors.store.tables import TALLIES
from collectors.store.widths import COUNTS, MINUTE_S, QUALITIES, QUARTER_S
from slo.errors import InputError
from slo.facts import Integers, TallyRows

Columns = dict[str, "NDArray[Any]"]
_DERIVED = -1


def ingest_tallies(
    connection: Connection, facts: Sequence[TallyRows], book: SeriesBook, ledger: Ledger
) -> list[Stretch]:
    """Store the facts, each of another series, and bring the coarser levels in line.

    Returns where counts changed.
    """
    book.enter(fact.series for fact in facts)
    changed: list[Stretch] = []
    for bin_s in (MINUTE_S, QUARTER_S):
        same = [fact for fact in facts if fact.series.bin_s == bin_s and len(fact.at)]
        writes = [_decided(connection, fact, book, ledger) for fact in same]
        changed += _write(connection, bin_s, [(s, c) for s, c in writes if len(c["at"])])
    return changed


def check_bins(at: Integers, bin_s: int, name: str) -> None:
    """Refuse bins that are not whole or not in order: they could never be merged.

    Raises:
        InputError: a bin does not begin on its grid, or comes twice.
    """
    if bin_s not in (MINUTE_S, QUARTER_S):
        raise InputError(
            f"bins of {bin_s} s cannot be stored", where=name, mend="use 60 s or 900 s"
        )
    if len(at) and (np.any(at % bin_s) or np.any(np.diff(at) <= 0)):
        raise InputError(
            f"bins are not ascending whole multiples of {bin_s} s",
            where=name,
            mend="sum what falls into one bin before handing it over",
        )


def mixed(name: str) -> InputError:
    """Why counts that were reported and counts of single requests cannot share a series."""
    return InputError(
        "counts and single requests of one name and labels overlap in time",
        where=name,
        mend="give one of the files another name, and select it by that",
    )


def _decided(
    connection: Connection, fact: TallyRows, book: SeriesBook, ledger: Ledger
) -> tuple[int, Columns]:
    """The rows of one fact that are to be appended, after the rows they replace are gone."""
    check_bins(fact.at, fact.series.bin_s, fact.series.name)
    kept = book.of(fact.series)
    first, last = int(fact.at[0]), int(fact.at[-1]) + fact.series.bin_s
    book.widen(fact.series, first, last)
    if fact.partial or fact.estimated:
        book.mark_lesser(fact.series)
    if _apart(kept, first, last) and first >= (kept.minutes_since or 0):
        ledger.add(new=len(fact.at))
        return kept.id, _columns(kept.id, fact)
    return kept.id, _merged(connection, kept, fact, book, ledger)


def _apart(kept: StoredSeries, since: int, until: int) -> bool:
    """Whether no row of the series can lie in the span."""
    return kept.since is None or kept.until is None or since >= kept.until or until <= kept.since


def _columns(series_id: int, fact: TallyRows) -> Columns:
    rows = len(fact.at)
    columns: Columns = {
        "series_id": np.full(rows, series_id, np.int64),
        "at": np.asarray(fact.at, np.int64),
        "good": np.asarray(fact.good, np.float64),
        "total": np.asarray(fact.total, np.float64),
        "observed_s": np.asarray(fact.observed_s, np.int64),
        "observed_at": np.full(rows, fact.observed_at, np.int64),
    }
    if fact.partial or fact.estimated:
        lesser = np.where(columns["observed_s"] > 0, columns["observed_s"], fact.series.bin_s)
        columns["partial_s"] = lesser * fact.partial
        columns["estimated_s"] = lesser * fact.estimated
    return columns


def _merged(
    connection: Connection, kept: StoredSeries, fact: TallyRows, book: SeriesBook, ledger: Ledger
) -> Columns:
    bin_s = fact.series.bin_s
    span = {"which": kept.id, "since": int(fact.at[0]), "until": int(fact.at[-1]) + bin_s}
    stored = _stored(connection, bin_s, span)
    if any(claim.observed_at == _DERIVED for claim in stored.values()):
        raise mixed(fact.series.name)
    thinned = _thinned(connection, kept, bin_s, span)
    incoming = [(at, claim) for at, claim in _claims(fact) if at - at % QUARTER_S not in thinned]
    ledger.add(thinned=len(fact.at) - len(incoming))
    merged = merge(stored, incoming)
    ledger.enter(digest_of(fact.series), merged, _shown)
    if merged.disputes:
        book.mark_lesser(fact.series)
    columns = _from_claims(kept.id, bin_s, sorted(merged.write.items()))
    if merged.replaced:
        table = TALLIES[bin_s]
        condition = (table.c.series_id == kept.id, table.c.at == bindparam("which"))
        connection.execute(delete(table).where(*condition), [{"which": a} for a in merged.replaced])
    return columns


def _stored(connection: Connection, bin_s: int, span: dict[str, int]) -> dict[int, Claim]:
    table = TALLIES[bin_s]
    names = ("at", *COUNTS, "observed_s", "observed_at", *QUALITIES)
    rows = connection.execute(select(*(table.c[n] for n in names)).where(*within(table)), span)
    return {
        at: Claim(
            (good, -total, observed_s, estimated_s == 0),
            _DERIVED if observed_at is None else observed_at,
            complete=partial_s == 0,
            disputed=conflict_s > 0,
        )
        for at, good, total, observed_s, observed_at, partial_s, estimated_s, conflict_s in rows
    }


def _thinned(
    connection: Connection,
    kept: StoredSeries,
    bin_s: int,
    span: dict[str, int],
) -> set[int]:
    """The quarter hours in the span whose minutes retention has taken away."""
    if bin_s != MINUTE_S or span["since"] >= (kept.minutes_since or 0):
        return set()
    table = TALLIES[QUARTER_S]
    wide = Stretch(*span.values()).aligned(QUARTER_S)
    bounds = {
        "which": kept.id,
        "since": wide.since,
        "until": min(wide.until, kept.minutes_since or 0),
    }
    folded = select(table.c.at).where(*within(table), table.c.observed_at.is_(None))
    minutes = select(TALLIES[MINUTE_S].c.at).where(*within(TALLIES[MINUTE_S]))
    with_minutes = {at - at % QUARTER_S for at in connection.execute(minutes, bounds).scalars()}
    return set(connection.execute(folded, bounds).scalars()) - with_minutes


def _claims(fact: TallyRows) -> Iterator[tuple[int, Claim]]:
    columns = (fact.at, fact.good, fact.total, fact.observed_s)
    for at, good, total, observed_s in zip(*(c.tolist() for c in columns), strict=True):
        value = (float(good), -float(total), int(observed_s), not fact.estimated)
        yield at, Claim(value, fact.observed_at, complete=not fact.partial)


def _shown(value: tuple[Any, ...]) -> dict[str, Any]:
    good, total, observed_s, exact = value
    return {"good": good, "total": -total, "observed_s": observed_s, "estimated": not exact}


def _from_claims(series_id: int, bin_s: int, claims: Sequence[tuple[int, Claim]]) -> Columns:
    values = [claim.value for _, claim in claims]
    observed_s = np.array([value[2] for value in values], np.int64)
    lesser = np.where(observed_s > 0, observed_s, bin_s)
    return {
        "series_id": np.full(len(claims), series_id, np.int64),
        "at": np.array([at for at, _ in claims], np.int64),
        "good": np.array([value[0] for value in values], np.float64),
        "total": np.array([-value[1] for value in values], np.float64),
        "observed_s": observed_s,
        "observed_at": np.array([claim.observed_at for _, claim in claims], np.int64),
        "partial_s": lesser * np.array([not claim.complete for _, claim in claims], bool),
        "estimated_s": lesser * np.array([not value[3] for value in values], bool),
        "conflict_s": lesser * np.array([claim.disputed for _, claim in claims], bool),
    }


def _write(
    connection: Connection, bin_s: int, writes: Iterable[tuple[int, Columns]]
) -> list[Stretch]:
    """Append the rows, those of one set of columns together, and roll up what they touch."""
    groups: dict[tuple[str, ...], list[Columns]] = {}
    changed: list[Stretch] = []
    for series_id, columns in writes:
        groups.setdefault(tuple(columns), []).append(columns)
        changed += stretches(series_id, columns["at"], bin_s)
    for parts in groups.values():
        append(connection, TALLIES[bin_s], excluding(connection, bin_s, joined(parts)))
    roll_up_tallies(connection, changed, bin_s)
    return changed


def replace_tallies(
    connection: Connection, series_id: int, bin_s: int, span: tuple[int, int], columns: Columns
) -> None:
    """Make derived counts all there is of the series in the span, at every level."""
    stretch = Stretch(series_id, *span).aligned(QUARTER_S)
    bounds = {"which": series_id, "since": stretch.since, "until": stretch.until}
    connection.execute(delete(TALLIES[bin_s]).where(*within(TALLIES[bin_s])), bounds)
    append(connection, TALLIES[bin_s], excluding(connection, bin_s, columns))
    roll_up_tallies(connection, [stretch], bin_s, emptied=True)
