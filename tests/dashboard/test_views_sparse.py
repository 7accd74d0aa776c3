"""Charts of a few events a minute: a share of one event would be all or nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import DAY_S, NOON, minutes
from verdict_builders import Shop, an_slo, judged, stored

from collectors.store.store import Reader
from dashboard.views.alerts.burning_words import caption
from dashboard.views.counted.burning import Burning, burning
from dashboard.views.counted.course import CourseView, course_view
from dashboard.views.counted.zoom import Zoom

COUNT = 2 * DAY_S // 60


def drawn(folder: Path, per_minute: int, zoom: Zoom) -> tuple[Burning, CourseView]:
    """What is drawn of an objective of which every second minute is bad."""
    good = np.where(np.arange(COUNT) % 2 == 0, per_minute, 0)
    facts = minutes(good.tolist(), [per_minute] * COUNT, since=NOON - 2 * DAY_S)
    url = stored(folder, facts)
    (view,) = judged(url, an_slo("99"))
    with Reader.open(url) as reader:
        return burning(view, reader), course_view(reader, view, zoom, Shop())


def test_one_event_a_minute_is_drawn_in_parts_of_twenty_and_more(tmp_path: Path) -> None:
    now, course = drawn(tmp_path, 1, Zoom.HOURS_3)

    assert now.course.bin_s == 1_200
    assert now.course.shares == (0.5,) * 9
    assert caption(now) == "Failing by the 20 min, UTC"
    assert course.grid.share_s == 1_800
    assert {float(share) for _, share in course.shares if share is not None} == {0.5}


@pytest.mark.parametrize(
    ("per_minute", "width_s", "part_s"),
    [(4, 300, 300), (19, 300, 300), (20, 60, 60), (600, 60, 60)],
)
def test_the_more_happens_the_finer_it_is_drawn(
    tmp_path: Path, per_minute: int, width_s: int, part_s: int
) -> None:
    now, course = drawn(tmp_path, per_minute, Zoom.HOURS_3)

    assert now.course.bin_s == width_s
    assert course.grid.share_s == part_s
    assert len(now.course.shares) == 3 * 3_600 // width_s
