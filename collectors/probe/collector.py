"""The collector of probes: every target looked at once, side by side, at the moment of asking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from collectors.contract import Batch, Counts, Stream
from collectors.defects import unexpected
from collectors.files.batching import facts_of
from collectors.files.rows import Part
from collectors.observed import Watched
from collectors.probe.asking import Look, Sight, since_boot_s, stood_still
from slo.errors import SourceError
from slo.facts import Status
from slo.lengths import DAY_S
from slo.spans import Span, moment

EXPIRIES = "probe_tls_expiry_days"
_STREAM = Stream("targets", instant=True)
_GRACE_S = 1.0
_SOON_DAYS = 14
_UNANSWERED = "its name was not looked up in time"


@dataclass(frozen=True, slots=True)
class Probe:
    """One target: how it is looked at, and what its series are called."""

    look: Look
    watched: Watched

    @property
    def spoken(self) -> str:
        """The target as its warnings call it."""
        owner, label = self.look.target.owner, self.look.target.name
        return f"{owner} ({label})" if label else owner


@dataclass(frozen=True, slots=True)
class ProbeCollector:
    """Looks at its targets; each observation holds until the next, at most so long."""

    source: str
    probes: tuple[Probe, ...]

    @property
    def streams(self) -> Sequence[Stream]:
        """One of instants, for all targets: they are looked at together."""
        return (_STREAM,)

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        """Yield one observation a target, made now.

        Raises:
            SourceError: this machine could ask none of them; that each is unknown is told before.
        """
        sights = side_by_side([probe.look for probe in self.probes])
        seen = list(zip(self.probes, sights, strict=True))
        parts = [part for probe, sight in seen for part in _parts(probe, sight, now)]
        said = [line for probe, sight in seen for line in _told(probe, sight, now)]
        counts = Counts(read=len(seen))
        yield Batch(tuple(facts_of(parts)), counts=counts, warnings=tuple(said))
        if all(sight.state is Status.UNKNOWN for sight in sights):
            yield Batch(())  # what came before is stored once something follows it
            raise SourceError(
                f"no target could be asked: {sights[0].reason}",
                where=f'source "{self.source}"',
                mend="mend it here; the targets count as unknown, not as down",
            )


def side_by_side(looks: Sequence[Look]) -> list[Sight]:
    """What each look saw, none waiting for another; one that does not end in time saw nothing.

    A name service that hangs is the one thing that no limit of a connection reaches.
    """
    limit_s = max(look.terms.timeout_s for look in looks) + _GRACE_S
    threads = ThreadPoolExecutor(max_workers=len(looks), thread_name_prefix="probe")
    try:
        pending = [threads.submit(look.once) for look in looks]
        begun = since_boot_s()
        wait(pending, timeout=limit_s)
        still = stood_still(since_boot_s() - begun, limit_s)
        return [_seen(one, still or _UNANSWERED) for one in pending]
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _seen(one: Future[Sight], why: str) -> Sight:
    """What a look saw, else `why` it did not end.

    A defect of ours says nothing of its target, and nothing of the others.
    """
    if not one.done():
        return Sight(Status.UNKNOWN, why)
    defect = one.exception()
    return one.result() if defect is None else Sight(Status.UNKNOWN, unexpected(defect))


def _parts(probe: Probe, sight: Sight, now: int) -> Iterator[Part]:
    yield from probe.watched.seen(now, sight.state, sight.latency_s, observed_at=now)
    if sight.expires_at is not None:
        days = (sight.expires_at - now) / DAY_S
        yield probe.watched.value(EXPIRIES, now, days, observed_at=now)


def _told(probe: Probe, sight: Sight, now: int) -> Iterator[str]:
    """What people should know of the target: why it is not up, and what is about to end."""
    if sight.reason:
        yield f"{probe.spoken}: {sight.state.value}: {sight.reason}"
    if sight.note:
        yield f"{probe.spoken}: {sight.note}"
    if sight.expires_at is not None and sight.expires_at - now < _SOON_DAYS * DAY_S:
        yield f"{probe.spoken}: its certificate expires {moment(sight.expires_at):%Y-%m-%d}"
