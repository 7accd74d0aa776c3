"""Replays of what is made of parts: fired for any of them, frozen while one cannot be measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from slo.replay import Flags, Replay, is_beside, last_measured


def any_of(parts: Sequence[Replay]) -> Replay:
    """What fires for some part, at the moments at which any was measured.

    It is demoted where it is for every part for which it fires.

    Raises:
        ValueError: there is none, or they are not of the same moments.
    """
    first = parts[0] if parts else None
    if first is None or any(not is_beside(first, one) for one in parts):
        raise ValueError("there are no parts, or not of the same moments")
    fires = np.logical_or.reduce([one.fires for one in parts])
    clean = np.logical_or.reduce([one.fires & ~one.demoted for one in parts])
    measured = np.logical_or.reduce([one.measured for one in parts])
    return replace(first, fires=fires, demoted=fires & ~clean, measured=measured)


def late(found: Replay, after_s: int) -> Flags:
    """At which moments the last that was measured is longer ago than that, or there was none."""
    last = last_measured(found)
    return np.asarray((last < 0) | ((np.arange(len(found)) - last) * found.bin_s > after_s))


def unseen(whole: Replay, parts: Sequence[tuple[Replay, Flags]]) -> Flags:
    """At which moments an alert of the worst of some parts freezes, each given with where it is blind.

    What fires for one goes on. Where nothing does, a part that is blind may be what fired and
    recovers only if it was measured after the last moment that fired.
    """
    fires = whole.fires.any(axis=0)
    places = np.arange(len(whole))
    fired_at = np.maximum.accumulate(np.where(fires, places, -1))
    doubts = [blind & ((last_measured(one) > fired_at) | (fired_at < 0)) for one, blind in parts]
    all_blind = np.logical_and.reduce([blind for _, blind in parts])
    return np.asarray(~fires & (np.logical_or.reduce(doubts) | all_blind))
