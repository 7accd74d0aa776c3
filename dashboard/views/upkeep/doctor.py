"""What an examination of everything found, as lines that say how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors.findings import Finding, Grade, note, well, wrong
from collectors.store.ground import Ground
from collectors.store.leases import CollectorSeen
from collectors.store.opening.space import FLOOR_BYTES, Space
from collectors.store.runs import SourceHealth
from dashboard.views.upkeep.collector import (
    CollectorState,
    collector_state,
    last_run_at,
    silent_words,
)
from dashboard.views.upkeep.growth import a_year_bytes, growth_words
from dashboard.views.upkeep.untold import Untold, backlog_words
from dashboard.views.words import ago_words, moment_words, size_words
from slo.spans import Span, rfc3339

_SOUND_SQLITE = (3, 51, 3)
_SAID = {Grade.WELL: "ok", Grade.NOTE: "note", Grade.WRONG: "WRONG"}
_START = "start it: burnline up, or burnline collect"


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found about one thing."""

    about: str
    finding: Finding


def ground_findings(ground: Ground, covered: Span | None) -> Iterator[Finding]:
    """Whether this user can keep the store where it is, and for how long its disk will do."""
    if not ground.has_folder:
        yield wrong(f"there is no folder {ground.path.parent}", f"mkdir -p {ground.path.parent}")
        return
    if not ground.can_create:
        said = f"{ground.path.parent} cannot be written by {ground.user}"
        yield wrong(said, f"run as {ground.owner or 'its owner'}, or give {ground.user} the folder")
    if ground.owner is not None and ground.owner != ground.user:
        yield wrong(
            f"it belongs to {ground.owner}, but this runs as {ground.user}",
            f"run every burnline as {ground.owner}: files that {ground.user} makes beside it may"
            " shut the others out",
        )
    elif not ground.can_write:
        yield wrong(f"{ground.user} owns it, but cannot write it", f"chmod u+w {ground.path}")
    if ground.space is not None:
        yield _space(ground.space, a_year_bytes(ground.size_bytes, covered))


def _space(space: Space, a_year: int | None) -> Finding:
    said = f"{size_words(space.free_bytes)} of its disk are free"
    if words := growth_words(a_year):
        said += f"; {words}"
    if space.free_bytes < FLOOR_BYTES:
        mend = f"free {size_words(FLOOR_BYTES)} or more; until then nothing is written"
        return wrong(said, mend)
    if space.is_low:
        return wrong(said, "make room, or shorten keep_minutes")
    if a_year is not None and a_year > space.free_bytes:
        return note(said, "it will be full within a year: make room, or shorten keep_minutes")
    return well(said)


def sqlite_finding(version: str) -> Finding:
    """Whether the SQLite that Python brings has the defect that two writers can meet."""
    if tuple(int(part) for part in version.split(".")) >= _SOUND_SQLITE:
        return well(f"SQLite {version}")
    return note(
        f"SQLite {version}, older than 3.51.3, can damage a store when two connections write and"
        " checkpoint at once; burnline takes turns under a lock",
        "let no other program write to the store",
    )


def collector_findings(
    seen: CollectorSeen | None, runs: Sequence[SourceHealth], digest: str, now: int
) -> Iterator[Finding]:
    """Whether a collector is at work, on this configuration, and what it complains of."""
    if seen is None:
        yield note("none has run on schedule", f"{_START}; or collect --once from a timer")
        return
    who = f"process {seen.pid} on {seen.host}"
    match collector_state(seen, runs, now):
        case CollectorState.AT_WORK:
            yield well(f"{who}, at work since {moment_words(seen.since)}")
            yield from _complaints(seen, digest)
        case CollectorState.UNSEEN:
            stops = f"figures stop at {moment_words(seen.seen_at)}"
            yield wrong(f"{who} has not been seen for {silent_words(seen, now)}: {stops}", _START)
        case CollectorState.REPLACED:
            ran = ago_words(now - last_run_at(runs))
            gone = f"since {who} has gone, sources are collected one at a time"
            yield note(f"none runs on schedule: {gone}, the last {ran}", _START)
        case _:
            yield note(f"{who} ended in good order {ago_words(now - seen.seen_at)}", _START)


def _complaints(seen: CollectorSeen, digest: str) -> Iterator[Finding]:
    standing = seen.standing
    if standing.config_problem:
        said = "; ".join(standing.config_problem.splitlines())
        yield wrong(f"keeps its old configuration: {said}", "mend the file; it is read again")
    elif standing.config_digest != digest:
        said = f"works by configuration {standing.config_digest}, this one is {digest}"
        yield wrong(said, f"name the same file to both, or: kill -HUP {seen.pid}")
    if standing.paused:
        yield wrong(f"writes nothing: {standing.paused}", "see the store's own lines")
    for name, resting in standing.resting.items():
        said = f'source "{name}" failed {resting.tries} times and is given time'
        left = f"it is asked again {moment_words(resting.until)}"
        yield wrong(f"{said}: {resting.reason}" if resting.reason else said, left)
    for name, words in standing.slow.items():
        yield note(f'source "{name}" {words}', "raise its `every`")


def channel_finding(channel: str, found: Sequence[Untold], now: int) -> Finding:
    """Whether the channel took what it was told."""
    late = next((one for one in found if one.channel == channel), None)
    if late is None:
        return well("took all that it was told")
    mend = f"mend what it says, then: burnline notify --test {channel} --send"
    return wrong(backlog_words(late, now), mend)


def zone_finding(zone: ZoneInfo, now: int) -> Finding:
    """Where calendar windows begin, and what time it is there."""
    there = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=now)).astimezone(zone)
    return well(f"calendar windows turn at midnight in {zone.key}, where it is {there:%H:%M %Z}")


def lines(found: Sequence[Examined]) -> list[str]:
    """One line a finding, under each other, and the sum of them."""
    width = max((len(each.about) for each in found), default=0)
    shown = [
        f"{_SAID[each.finding.grade]:5}  {each.about:{width}}  {_words(each.finding)}"
        for each in found
    ]
    return [*shown, _sum([each.finding.grade for each in found])]


def _sum(grades: Sequence[Grade]) -> str:
    """How it stands as a whole."""
    broken, notes = grades.count(Grade.WRONG), grades.count(Grade.NOTE)
    if broken:
        return f"{broken} {'thing needs' if broken == 1 else 'things need'} a hand"
    if notes:
        return f"nothing needs a hand; {notes} {'note' if notes == 1 else 'notes'}"
    return "all well"


def _words(finding: Finding) -> str:
    what = " ".join(finding.what.split())
    return f"{what} -> {' '.join(finding.mend.split())}" if finding.mend else what


def document(found: Sequence[Examined], now: int) -> dict[str, object]:
    """The same for machines."""
    return {
        "schema": "burnline.doctor/1",
        "as_of": rfc3339(now),
        "is_well": all(each.finding.grade is not Grade.WRONG for each in found),
        "findings": [
            {
                "about": each.about,
                "grade": each.finding.grade.value,
                "what": each.finding.what,
                "mend": each.finding.mend or None,
            }
            for each in found
        ],
    }
