"""A report is made in a process of its own, which neither hangs nor hides why it failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_builders import AS_OF, at, golden, shop

from collectors.store.deliveries import Delivery
from collectors.store.store import Store
from dashboard import wiring
from dashboard.reports.due import PATIENCE_S, deliver_due
from dashboard.reports.rendering import delivered_by_child

NOW = at(AS_OF) + PATIENCE_S


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shop(tmp_path, "quiet")


def delivered(folder: Path, now: int) -> tuple[tuple[str, ...], tuple[Delivery, ...]]:
    """What a collector would say of what is due at `now`, and what the store then knows."""
    config = wiring.configured(folder / "config.toml")
    with Store.open(config.store_url, now=now) as store:
        return deliver_due(config, store, now), store.reader.deliveries()


def test_a_child_that_is_not_done_in_time_is_ended_and_told(folder: Path) -> None:
    said = delivered_by_child(folder / "config.toml", "weekly", at(AS_OF), deadline_s=0.01)

    assert said == "took longer than 0.01 s"
    assert not (folder / "reports").exists()


def test_a_child_that_fails_says_why_and_how_to_mend_it(folder: Path) -> None:
    said = delivered_by_child(folder / "config.toml", "wekly", at(AS_OF))

    assert said is not None
    assert said.startswith('no [[report]] is called "wekly" (did you mean "weekly"?)')
    assert "fix: name one of: weekly" in said


def test_what_is_due_is_there_after_one_look_and_no_longer_due_at_the_next(folder: Path) -> None:
    said, known = delivered(folder, NOW)
    again = delivered(folder, NOW + 60)

    assert said == ()
    assert [(one.period, one.state, one.due_at) for one in known] == [
        ("2026-W43", "sent", at(AS_OF))
    ]
    assert again == ((), known)
    files = {path.suffix: path.read_bytes() for path in (folder / "reports").iterdir()}
    assert files == golden("quiet")


def test_a_failure_before_the_child_could_note_it_is_noted_and_tried_again_later(
    folder: Path,
) -> None:
    config = wiring.configured(folder / "config.toml")
    text = (folder / "config.toml").read_text()
    (folder / "config.toml").write_text("broken = ")

    with Store.open(config.store_url, now=NOW) as store:
        (said,) = deliver_due(config, store, NOW)
        at_once = deliver_due(config, store, NOW + 59)
        (failed,) = store.reader.deliveries()
        (folder / "config.toml").write_text(text)
        later = deliver_due(config, store, NOW + 60)
        (sent,) = store.reader.deliveries()

    assert said.startswith("report weekly 2026-W43: ")
    assert "config.toml:1" in said
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert (at_once, later) == ((), ())
    assert (sent.state, sent.attempts) == ("sent", 2)
