"""A run brings a source up to date, claims no more than it has, and outlives its failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, MINUTE_S, NOON, minutes, series
from still_clock import Watch

from collectors.contract import Batch, Stream
from collectors.run import Lane, collect_once
from collectors.store.store import Store, WindowAsk
from slo.errors import InputError, SourceError
from slo.indicator import Ratio
from slo.spans import Span
from slo.tally import Tally

REQUESTS = Ratio(total="requests")
PIECE_S = 3 * DAY_S


def refused(transient: bool = False) -> SourceError:
    return SourceError("connection refused", where="shop", mend="start it", transient=transient)


@dataclass
class Shop:
    """A source with 100 requests in each minute, one of them bad; it fails where it is told to."""

    streams: tuple[Stream, ...] = (Stream("requests"),)
    per_batch: int = 100
    asked: list[tuple[str, Span]] = field(default_factory=list)
    fails: Callable[[Stream, int], Exception | None] = lambda _stream, _at: None
    begins: int = 0

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        self.asked.append((stream.name, span))
        step = self.per_batch * MINUTE_S
        for since in range(max(span.since, self.begins), span.until, step):
            error = self.fails(stream, since)
            if error is not None:
                raise error
            piece = Span(since, min(since + step, span.until))
            count = piece.length_s // MINUTE_S
            key = series(stream.name, source="shop")
            rows = minutes([99] * count, [100] * count, since=since, key=key, observed_at=now)
            yield Batch((rows,), span=None if stream.whole else piece)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as opened:
        yield opened


def lane(shop: Shop, *, backfill_s: int = 2 * DAY_S, settle_s: int = 30) -> Lane:
    return Lane("shop", shop, (REQUESTS,), backfill_s=backfill_s, settle_s=settle_s)


def stored(store: Store, span: Span, name: str = "requests") -> Tally | None:
    ids = [each.id for each in store.reader.pick("shop", Ratio(total=name))]
    return store.reader.windows([WindowAsk(tuple(ids), (span,))])[0][0]


def test_the_first_run_takes_the_last_hour_first_then_its_history_newest_first(
    store: Store,
) -> None:
    shop = Shop()

    record = collect_once(lane(shop), store, NOON, Watch().pace)

    spans = [span for _, span in shop.asked]
    assert spans[0] == Span(NOON - HOUR_S, NOON - MINUTE_S)
    assert [span.until for span in spans[1:]] == [span.since for span in spans[:-1]]
    assert spans[-1].since == NOON - 2 * DAY_S
    assert record.error is None
    assert record.span == Span(NOON - 2 * DAY_S, NOON - MINUTE_S)
    assert store.reader.watermark("shop", "requests") == record.span


def test_no_minute_is_taken_before_it_has_settled(store: Store) -> None:
    collect_once(lane(Shop(), settle_s=30), store, NOON + 29, Watch().pace)
    early = store.reader.watermark("shop", "requests")
    collect_once(lane(Shop(), settle_s=30), store, NOON + 30, Watch().pace)
    late = store.reader.watermark("shop", "requests")

    assert early is not None
    assert late is not None
    assert (early.until, late.until) == (NOON - MINUTE_S, NOON)


def test_a_second_run_asks_only_for_what_has_happened_since(store: Store) -> None:
    collect_once(lane(Shop()), store, NOON, Watch().pace)
    shop = Shop()

    collect_once(lane(shop), store, NOON + 600, Watch().pace)

    assert shop.asked == [("requests", Span(NOON - MINUTE_S, NOON + 540))]


def test_after_a_long_rest_the_gap_is_taken_in_pieces_oldest_first(store: Store) -> None:
    collect_once(lane(Shop()), store, NOON, Watch().pace)
    shop = Shop()

    collect_once(lane(shop), store, NOON + 9 * DAY_S, Watch().pace)

    spans = [span for _, span in shop.asked]
    assert [span.length_s for span in spans] == [PIECE_S, PIECE_S, PIECE_S]
    assert [span.since for span in spans[1:]] == [span.until for span in spans[:-1]]


def test_since_reaches_further_back_than_the_backfill_and_keeps_what_is_known(
    store: Store,
) -> None:
    collect_once(lane(Shop(), backfill_s=HOUR_S), store, NOON, Watch().pace)
    shop = Shop()

    collect_once(lane(shop), store, NOON, Watch().pace, since=NOON - DAY_S)

    assert shop.asked == [("requests", Span(NOON - DAY_S, NOON - HOUR_S))]


def test_every_count_is_stored_once_whatever_the_size_of_batches(store: Store) -> None:
    for size in (7, 100, 1_000):
        collect_once(lane(Shop(per_batch=size)), store, NOON, Watch().pace)

    tally = stored(store, Span(NOON - DAY_S, NOON - MINUTE_S))

    assert tally is not None
    assert (tally.good, tally.total) == (99 * 1_439, 100 * 1_439)


def test_a_backfill_cut_short_claims_nothing_of_the_piece_and_resumes_there(store: Store) -> None:
    broken = Shop(
        fails=lambda _stream, at: (
            refused() if at > NOON - 20 * HOUR_S and at < NOON - 9 * HOUR_S else None
        )
    )
    record = collect_once(lane(broken), store, NOON, Watch().pace)
    complete = store.reader.watermark("shop", "requests")

    mended = Shop()
    collect_once(lane(mended), store, NOON, Watch().pace)

    assert record.error == f"requests: {refused()}"
    assert complete == Span(NOON - HOUR_S, NOON - MINUTE_S)
    assert mended.asked[0] == ("requests", Span(NOON - 2 * DAY_S, NOON - HOUR_S))
    tally = stored(store, Span(NOON - 2 * DAY_S, NOON - MINUTE_S))
    assert tally is not None
    assert tally.total == 100 * (2 * 1_440 - 1)


def test_a_piece_whose_beginning_the_source_does_not_claim_leaves_the_older_ones_alone(
    store: Store,
) -> None:
    shop = Shop(begins=NOON - 6 * HOUR_S)

    collect_once(lane(shop), store, NOON, Watch().pace)

    assert store.reader.watermark("shop", "requests") == Span(NOON - HOUR_S, NOON - MINUTE_S)
    assert len(shop.asked) == 2


def test_one_failing_stream_is_recorded_and_the_others_go_on(store: Store) -> None:
    shop = Shop(
        streams=(Stream("broken"), Stream("requests")),
        fails=lambda stream, _at: refused() if stream.name == "broken" else None,
    )

    record = collect_once(lane(shop), store, NOON, Watch().pace)

    assert record.error is not None
    assert record.error.startswith("broken: connection refused")
    assert store.reader.watermark("shop", "broken") is None
    assert store.reader.watermark("shop", "requests") is not None
    assert store.reader.last_runs()[0].last == record


def test_a_source_out_of_reach_is_not_asked_for_each_of_its_streams(store: Store) -> None:
    shop = Shop(
        streams=(Stream("one"), Stream("two"), Stream("three")),
        fails=lambda _stream, _at: refused(transient=True),
    )

    record = collect_once(lane(shop), store, NOON, Watch().pace)

    assert [name for name, _ in shop.asked] == ["one"]
    assert record.error is not None
    assert "three: not asked: the source is out of reach" in record.error


def test_a_defect_is_told_by_its_place_without_the_words_that_may_be_secret(store: Store) -> None:
    def broken(_stream: Stream, _at: int) -> Exception:
        return KeyError("Bearer hunter2")

    record = collect_once(lane(Shop(fails=broken)), store, NOON, Watch().pace)

    assert record.error is not None
    assert "unexpected KeyError at test_run.py:" in record.error
    assert "hunter2" not in record.error


def test_a_file_that_is_not_what_it_claims_is_a_failure_of_its_stream(store: Store) -> None:
    error = InputError("no column at", where="a.csv:1", mend="columns = { at = … }")
    shop = Shop(streams=(Stream("a.csv", whole=True),), fails=lambda _stream, _at: error)

    record = collect_once(lane(shop), store, NOON, Watch().pace)

    assert record.error == f"a.csv: {error}"


def test_a_stream_that_is_read_whole_is_asked_for_everything_each_time_and_claims_nothing(
    store: Store,
) -> None:
    shop = Shop(streams=(Stream("requests", whole=True),), begins=NOON - HOUR_S, per_batch=10)

    first = collect_once(lane(shop), store, NOON, Watch().pace)
    again = collect_once(lane(shop), store, NOON, Watch().pace)

    assert shop.asked[0] == shop.asked[1]
    assert store.reader.watermark("shop", "requests") is None
    assert (first.stored.new > 0, again.stored.new) == (True, 0)


def test_a_source_that_cannot_even_name_its_streams_is_recorded(store: Store) -> None:
    class Mute(Shop):
        @property
        def streams(self) -> tuple[Stream, ...]:
            raise refused()

        @streams.setter
        def streams(self, _: tuple[Stream, ...]) -> None:
            pass

    record = collect_once(lane(Mute()), store, NOON, Watch().pace)

    assert record.error == f"shop: {refused()}"


def test_the_progress_that_is_promised_is_the_progress_that_is_made(store: Store) -> None:
    watch = Watch()

    collect_once(lane(Shop()), store, NOON, watch.pace)

    assert watch.expected == watch.advanced == 2 * DAY_S - MINUTE_S


def test_backfill_rests_for_a_tenth_of_the_time_that_each_piece_took(store: Store) -> None:
    watch = Watch()

    def answered_slowly(_stream: Stream, _at: int) -> None:
        watch.at += 2.0

    shop = Shop(fails=answered_slowly, per_batch=10_000)
    collect_once(lane(shop, backfill_s=9 * DAY_S), store, NOON, watch.pace)

    pieces_of_the_past = len(shop.asked) - 1
    assert pieces_of_the_past == 3
    assert watch.slept == pytest.approx([0.2] * pieces_of_the_past)


def test_pieces_that_take_no_time_are_followed_by_no_rest(store: Store) -> None:
    watch = Watch()

    collect_once(lane(Shop(), backfill_s=20 * DAY_S), store, NOON, watch.pace)

    assert sum(watch.slept) == 0


def test_the_history_of_all_streams_comes_in_piece_by_piece(store: Store) -> None:
    shop = Shop(streams=(Stream("one"), Stream("two")))

    collect_once(lane(shop, backfill_s=6 * DAY_S), store, NOON, Watch().pace)

    assert [name for name, _ in shop.asked] == ["one", "two", "one", "two", "one", "two"]
