"""What is counted beside the rows of a file, to be told when it has been read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Remarks:
    """Local times at a change of the clocks, and latencies that were no number."""

    doubtful: int = 0
    without_number: int = 0
