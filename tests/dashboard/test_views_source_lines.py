"""How a source stands: one stream that fails does not make the others old."""

from __future__ import annotations

from dataclasses import dataclass, replace

from builders import NOON

from collectors.store.leases import CollectorSeen, Standing
from collectors.store.runs import RunRecord, SourceHealth
from dashboard.views.source_lines import source_lines


@dataclass(frozen=True, slots=True)
class Asked:
    name: str = "shop"
    every_s: int = 60
    is_generated: bool = False


def line(failures: dict[str, str], streams: int) -> str:
    error = "\n".join(f"{name}: {said}" for name, said in failures.items())
    run = RunRecord("shop", NOON, NOON, error, streams=streams, failures=failures)
    (found,) = source_lines([Asked()], [SourceHealth(run, None)], None, NOON + 120)
    assert found.is_late
    return found.words


def test_a_source_of_which_one_stream_fails_is_as_fresh_as_the_others_and_names_it() -> None:
    said = "no bucket +Inf\n  at:  shop"

    assert line({"latency a": said}, 13) == (
        "collected 2 min ago, 1 of 13 streams failing (latency a: no bucket +Inf)"
    )


def test_a_source_of_which_every_stream_fails_was_not_collected() -> None:
    assert line({"a": "refused", "b": "refused"}, 2) == "failing (a: refused), never collected"


def test_a_source_without_a_run_is_in_its_first_only_while_a_collector_is_at_work() -> None:
    seen = CollectorSeen("a", 7, "ops", NOON, NOON, NOON + 30, Standing("digest"), released=False)

    (working,) = source_lines([Asked()], [], seen, NOON + 10)
    (gone,) = source_lines([Asked()], [], seen, NOON + 60)
    (ended,) = source_lines([Asked()], [], replace(seen, released=True), NOON + 10)
    (nobody,) = source_lines([Asked()], [], None, NOON)

    assert (working.words, working.is_late) == ("in its first collection", False)
    assert {one.words for one in (gone, ended, nobody)} == {"not collected yet"}
    assert all(one.is_late for one in (gone, ended, nobody))
