"""What the local store does with the traffic: taking it in, and answering windows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from bench.traffic import TOTAL, Traffic
from collectors.contract import MAX_BATCH_ROWS, Batch, Stream
from collectors.store.store import Reader, Store
from collectors.store.windows import WindowAsk
from slo.facts import SeriesKey, SeriesKind, TallyRows
from slo.lengths import DAY_S, HOUR_S, MINUTE_S
from slo.spans import Span
from slo.tally import Tally

SOURCE = "bench"
WINDOWS_S = (
    *(5 * MINUTE_S, 30 * MINUTE_S, HOUR_S, 2 * HOUR_S, 6 * HOUR_S),
    *(days * DAY_S for days in (1, 3, 7, 30, 89)),
)


def windows_of(traffic: Traffic) -> tuple[int, ...]:
    """Nine windows: the usual ones that fit, the longest a day short of the history."""
    longest = (traffic.days - 1) * DAY_S
    fitting = [window for window in WINDOWS_S[:-1] if window < longest]
    return (*fitting[-8:], longest)


def batches(traffic: Traffic, numbers: Iterable[int]) -> Iterator[Batch]:
    """These services' minutes, series by series, in batches as large as the store takes."""
    minutes, names = traffic.minutes, traffic.names()
    for number in numbers:
        name = names[number]
        bad, total = traffic.counts(number)
        series = SeriesKey(
            SOURCE, TOTAL, SeriesKind.TALLY, labels=(("service", name),), service=name
        )
        for begin in range(0, len(minutes), MAX_BATCH_ROWS):
            part = slice(begin, begin + MAX_BATCH_ROWS)
            rows = TallyRows(
                series=series,
                at=minutes[part],
                good=(total[part] - bad[part]).astype(np.float64),
                total=total[part].astype(np.float64),
                observed_s=np.full(len(minutes[part]), MINUTE_S, dtype=np.int64),
                observed_at=traffic.until,
            )
            yield Batch((rows,))


def take_in(store: Store, ready: Sequence[Batch], now: int) -> None:
    """Every batch in a transaction of its own, all four levels with it."""
    stream = Stream("bench")
    for batch in ready:
        store.ingest(SOURCE, stream, batch, (), now=now)


def config(url: str, names: Sequence[str], metric: str) -> str:
    """A configuration with an SLO for each of the services."""
    source = f'[[source]]\nkind = "files"\nname = "{SOURCE}"\n'
    file = '[[source.file]]\npath = "none.csv"\nholds = "requests"\n'
    slos = "".join(
        f'[[slo]]\nname = "{name}"\nservice = "{name}"\nobjective = 99.9\nsource = "{SOURCE}"\n'
        f"total = '{metric}{{service=\"{name}\"}}'\n"
        for name in names
    )
    return f'store = "{url}"\n{source}{file}{slos}'


def asks(reader: Reader, traffic: Traffic, windows_s: Sequence[int]) -> list[WindowAsk]:
    """One ask a service: all windows that end where the data ends."""
    spans = tuple(Span(traffic.until - window_s, traffic.until) for window_s in windows_s)
    known = sorted(reader.series(SOURCE, SeriesKind.TALLY), key=lambda each: each.key.labels)
    return [WindowAsk((each.id,), spans) for each in known]


def bad_shares(tallies: Sequence[Sequence[Tally | None]], window: int) -> list[float]:
    """Bad over total of every service in the window of that index."""
    found = [each[window] for each in tallies]
    return [float(tally.bad / tally.total) if tally and tally.total else 0.0 for tally in found]
