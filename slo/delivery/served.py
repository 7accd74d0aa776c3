"""What one service served, version after version: deployments, their attempts, the ways back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from slo.delivery.attempts import Attempt
from slo.delivery.facts import Deployment, Flaw

AGAIN = "a version that was already deployed, deployed again"


@dataclass(slots=True)
class Serving:
    """The deployments of one service so far; attempts are taken in the order of time."""

    kept: list[Deployment] = field(default_factory=list)
    live: int | None = None
    first: dict[str, int] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    ready_at: dict[str, int] = field(default_factory=dict)

    def deployments(self) -> Sequence[Deployment]:
        """What was deployed, by time."""
        return self.kept

    def take(self, attempt: Attempt, flaws: list[Flaw]) -> None:
        """Count one more attempt: a try, the same again, a way back, or a deployment."""
        if attempt.ready_at is not None:
            self.ready_at.setdefault(attempt.version, attempt.ready_at)
        if not attempt.has_succeeded:
            self.tries[attempt.version] += 1
            return
        goes_back = attempt.is_rollback or self._was_before(attempt.version)
        if attempt.version in self.first and not goes_back:
            flaws.append(Flaw(attempt.at, AGAIN, is_row=True))
            self.live = self.first[attempt.version]
            return
        if goes_back:
            self._fail(attempt.rollback_of)
        self._keep(attempt, is_rollback=goes_back)

    def _was_before(self, version: str) -> bool:
        """Whether the version was first served before the one that is live."""
        if self.live is None or version not in self.first:
            return False
        return self.first[version] < self.first[self.kept[self.live].version]

    def _fail(self, rollback_of: str) -> None:
        """Mark the deployment that was rolled back: the one named, else the one that is live."""
        named = [
            place
            for place, one in enumerate(self.kept)
            if rollback_of and rollback_of in (one.key, one.version)
        ]
        place = named[-1] if named else self.live
        if place is not None:
            self.kept[place] = replace(self.kept[place], has_failed=True)

    def _keep(self, attempt: Attempt, *, is_rollback: bool) -> None:
        place = len(self.kept)
        self.first.setdefault(attempt.version, place)
        self.live = place
        self.kept.append(
            Deployment(
                at=attempt.at,
                key=attempt.key,
                service=attempt.service,
                version=attempt.version,
                title=attempt.title,
                ready_at=self._ready_at(attempt, is_rollback=is_rollback),
                attempts=1 + self.tries.pop(attempt.version, 0),
                is_rollback=is_rollback,
                is_planned=attempt.is_planned,
                has_failed=attempt.has_failed,
            )
        )

    def _ready_at(self, attempt: Attempt, *, is_rollback: bool) -> int | None:
        """When the change was ready; what was deployed once already has no lead time again."""
        return None if is_rollback else self.ready_at.get(attempt.version)
