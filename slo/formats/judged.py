"""What rules judge by itself: an SLO; of a group its members, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slo.indicator import Absent, Ratio, Uptime
from slo.objective import Slo
from slo.promql.counting import Counted, counted_by
from slo.selector import Matcher

MEMBERS = "members"
"""The label that tells the series and alerts of a whole group from those of its members."""
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Judged:
    """One of them: `slo` groups by what tells its series apart, so that of the whole by nothing."""

    slo: Slo
    counted: Counted
    is_whole_group: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """What its series carry that those of the other do not.

        A member may be the one without any of the labels, so that these alone tell nothing.
        """
        return {MEMBERS: _ALL} if self.is_whole_group else {}

    @property
    def matchers(self) -> str:
        """Its own series of those that are recorded under one name."""
        found = [Matcher("slo", "=", self.slo.name)]
        if self.slo.group_by or self.is_whole_group:
            found.append(Matcher(MEMBERS, "=", _ALL if self.is_whole_group else ""))
        return f"{{{', '.join(map(str, found))}}}"


def judged(slo: Slo) -> tuple[Judged, ...]:
    """The SLO; where it is a group its members, then all of them together.

    Raises:
        ValueError: rules cannot count it.
    """
    counted = counted_by(slo)
    if not slo.group_by:
        return (Judged(slo, counted),)
    alone = replace(slo, group_by=())
    whole = _summed(counted) if isinstance(slo.indicator, Uptime) else counted_by(alone)
    members = _members(slo, slo.indicator, whole) if isinstance(slo.indicator, Ratio) else counted
    return Judged(slo, members), Judged(alone, whole, is_whole_group=True)


def _summed(counted: Counted) -> Counted:
    """Probes are combined within a member, and the time of the members is summed."""
    return Counted(
        lambda length_s: f"sum({counted.bad(length_s)})",
        lambda length_s: f"sum({counted.total(length_s)})",
        counted.needed,
    )


def _members(slo: Slo, ratio: Ratio, whole: Counted) -> Counted:
    """A member without a series of its good or bad events had none, as far as any member has one."""
    counted = counted_by(replace(slo, indicator=replace(ratio, absent=Absent.ZERO)))
    if ratio.absent is Absent.ZERO:
        return counted
    return Counted(
        lambda length_s: f"({counted.bad(length_s)} and on () {whole.bad(length_s)})",
        counted.total,
        whole.needed,
    )
