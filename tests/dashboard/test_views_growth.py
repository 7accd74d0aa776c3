"""How much the store takes in a year: the same for doctor and for Data health, from the same days."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import DAY_S, NOON, minutes
from small_shop import SOURCE
from verdict_builders import stored

from collectors.store.ground import Ground
from collectors.store.opening.space import Space
from collectors.store.reader import Reader
from dashboard.config import load
from dashboard.views.upkeep.doctor import ground_findings
from dashboard.views.upkeep.growth import counted
from dashboard.views.upkeep.house import house_rows
from dashboard.views.upkeep.scene import Scene
from slo.facts import SeriesKind
from slo.spans import Span

CONFIG = SOURCE
SIZE = 73 * 10**6
GROUND = Ground(Path("s.db"), "a", "a", True, True, True, SIZE, Space(10**12, 10**12))


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, ""), (4, "at the pace so far it takes 6.7 GB a year")],
)
def test_doctor_and_data_health_tell_one_growth_and_none_of_a_few_days(
    tmp_path: Path, days: int, words: str
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    last = NOON + days * DAY_S - 60
    stored(tmp_path, minutes([9], [10], since=NOON), minutes([9], [10], since=last))
    loaded = load(tmp_path / "config.toml", {}, with_sources=False)
    with Reader.open(f"sqlite:///{tmp_path}/burnline.db") as reader:
        span = counted(reader.series(kind=SeriesKind.TALLY))
        store = dict(house_rows(Scene(loaded, reader, last, ground=GROUND), None, ()))["Store"]
        (finding,) = ground_findings(GROUND, span)

    # 73 MB of 4 days are 73 / 4 x 365 MB, 6,661 MB, a year.
    assert span == Span(NOON, NOON + days * DAY_S)
    for said in (store, finding.what):
        assert words in said
        assert ("a year" in said) == bool(words)


def test_a_store_without_counts_covers_no_time() -> None:
    assert counted(()) is None
