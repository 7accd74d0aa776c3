"""Reports that the collector hands over by itself: when due, once, and told when they cannot be."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from collecting_process import collecting, reader
from components.process import until
from odd_sources import runs, source

from collectors.store.deliveries import Delivery
from collectors.store.store import Store
from dashboard import wiring
from slo.spans import moment

SLO = '[[slo]]\nname = "shop"\nobjective = 99\nwindow = "1d"\nuptime = "state"\n'
LONG_AGO = 1_577_836_800
AT_NOON = ZoneInfo(f"Etc/GMT{moment(wiring.now()).hour - 12:+d}")  # west is plus there
"""Where it was noon when the tests began, so that no day begins under one of them."""


def a_report(name: str, folder: str = "reports") -> str:
    """A report about yesterday that is due each minute: once."""
    keys = f'name = "{name}"\nperiod = "day"\ncron = "* * * * *"\nfolder = "{folder}"\n'
    return f'[[report]]\n{keys}timezone = "{AT_NOON}"\nformats = ["markdown", "json"]\n'


def of_age(folder: Path) -> None:
    """A store that was there when the reports' time came."""
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=LONG_AGO):
        pass


def deliveries(folder: Path, name: str) -> tuple[Delivery, ...]:
    with reader(folder) as opened:
        return opened.deliveries(name)


def ended(folder: Path, name: str, state: str) -> bool:
    return [one.state for one in deliveries(folder, name)] == [state]


def test_a_report_that_is_due_is_handed_over_once_and_not_again_by_the_next_collector(
    tmp_path: Path,
) -> None:
    of_age(tmp_path)
    first, second = a_report("first"), a_report("second")
    with collecting(tmp_path, source(tmp_path, "shop"), SLO, first) as collector:
        until(lambda: ended(tmp_path, "first", "sent"), "the first report")
        collector.says("handed over  report=first")
        assert collector.ends() == 0
    issued = {path: path.stat().st_mtime_ns for path in (tmp_path / "reports").iterdir()}

    with collecting(tmp_path, source(tmp_path, "shop"), SLO, first, second) as collector:
        until(lambda: ended(tmp_path, "second", "sent"), "the second report")
        collector.says("handed over  report=second")
        assert collector.ends() == 0
        lines = [line for line in collector.said.splitlines() if "handed over" in line]
        assert ["report=first" in line for line in lines] == [True, False]

    (one,) = deliveries(tmp_path, "first")
    period = one.period
    today = moment(one.started_at).astimezone(AT_NOON).date()
    assert period == str(today - timedelta(days=1))
    assert (one.attempts, one.place) == (1, str(tmp_path / "reports"))
    names = {f"{name}-{period}.{end}" for name in ("first", "second") for end in ("md", "json")}
    assert {path.name for path in (tmp_path / "reports").iterdir()} >= names
    assert {path: path.stat().st_mtime_ns for path in issued} == issued
    assert "shop" in (tmp_path / "reports" / f"first-{period}.md").read_text()


def test_a_report_that_cannot_be_put_is_told_and_collecting_goes_on(tmp_path: Path) -> None:
    of_age(tmp_path)
    (tmp_path / "taken").write_text("a file")
    with collecting(
        tmp_path, source(tmp_path, "shop"), SLO, a_report("lost", "taken")
    ) as collector:
        until(lambda: ended(tmp_path, "lost", "failed"), "the failure")
        collector.says("not delivered")
        collector.says("collected  ")
        collector.has_run("shop", len(runs(tmp_path, "shop")) + 3)
        assert collector.ends() == 0

    (one,) = deliveries(tmp_path, "lost")
    assert (one.error or "").startswith(f"cannot write {tmp_path}/taken")
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_report_waits_for_a_source_that_has_not_been_collected(tmp_path: Path) -> None:
    of_age(tmp_path)
    hung = SLO.replace('"shop"', '"slow"') + 'source = "hung"\n'
    sound = SLO + 'source = "shop"\nservice = "sound"\n'
    sources = source(tmp_path, "hung", "hanging"), source(tmp_path, "shop")
    about_one = a_report("one") + 'service = "sound"\n'
    with collecting(tmp_path, *sources, hung, sound, about_one, a_report("all")) as collector:
        until(lambda: ended(tmp_path, "one", "sent"), "the report that is ready")
        collector.ends()

    assert deliveries(tmp_path, "all") == ()


def test_a_delivery_in_doubt_is_told_until_it_is_done_again(tmp_path: Path) -> None:
    of_age(tmp_path)
    with collecting(tmp_path, source(tmp_path, "shop"), SLO, a_report("first")) as collector:
        until(lambda: ended(tmp_path, "first", "sent"), "the report")
        collector.ends()
    with sqlite3.connect(tmp_path / "burnline.db") as store:
        store.execute("UPDATE deliveries SET state = 'started', started_at = ?", (LONG_AGO,))
    for path in (tmp_path / "reports").iterdir():
        path.unlink()

    with collecting(tmp_path, source(tmp_path, "shop"), SLO, a_report("first")) as collector:
        until(lambda: ended(tmp_path, "first", "sent"), "the report again")
        collector.ends()

    (one,) = deliveries(tmp_path, "first")
    assert one.attempts == 2
    assert len(list((tmp_path / "reports").iterdir())) == 2
