"""The demo as people start it: a command in an empty folder, a page, verdicts, an end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from components.burnline import MAIN
from components.process import free_port, until
from demo_facts import NOW, SEED
from page_browser import DESK, Open, inked
from page_server import served
from verdict_builders import ROOT, Ran, burnline

from dashboard import wiring
from dashboard.demo import beforehand
from dashboard.demo.folder import Folder
from dashboard.views.addresses import objective_address

MONTH_DAYS = 31
MOMENT = "2026-11-22T17:52:00Z"
PICTURES = {
    "now": "/now",
    "objectives": "/objectives",
    "objective": objective_address("checkout-availability"),
    "delivery": "/delivery",
}
# What is there once the page is: a chart, or the choices above a table.
DRAWN = {"objectives": "table", "delivery": '[data-testid="stSelectbox"] input >> nth=1'}


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was begun at a fixed moment, its recent weeks collected."""
    folder = tmp_path_factory.mktemp("present") / "demo"
    story = Folder(folder).begin(NOW, seed=SEED, days=MONTH_DAYS, port=8501)
    config = wiring.configured(folder / "config.toml")
    with wiring.writer(config) as store:
        beforehand.say(config, store, story, folder / "corrections.toml")
    ran = burnline("collect", "--once", "--source", "generated", folder=folder)
    assert ran.code == 0, ran.err
    return folder


def check(folder: Path) -> Ran:
    return burnline("check", "--json", "--as-of", MOMENT, folder=folder)


def test_at_its_start_one_promise_pages_one_has_a_ticket_and_every_kind_of_trouble_is_there(
    present: Path,
) -> None:
    slos = {slo["name"]: slo for slo in check(present).json["slos"]}

    by_now = {name: slo["now"] for name, slo in slos.items() if slo["now"] != "quiet"}
    assert by_now == {
        "checkout-availability": "paging",
        "payments-success": "ticket",
        "mobile-app-start": "frozen",
        "burnline-uptime": "frozen",
    }
    left = {name: slo["budget_remaining"] for name, slo in slos.items() if slo["budget_remaining"]}
    assert {name for name, share in left.items() if share < 0} == {"login-latency"}
    assert {name for name, share in left.items() if 0 <= share < 0.25} == {
        "payments-success",
        "mobile-bff-availability",
    }
    members = {one["name"]: one["now"] for one in slos["payments-success"]["members"]}
    assert members == {
        "payments-success/card": "ticket",
        "payments-success/sepa": "quiet",
        "payments-success/wallet": "quiet",
    }
    assert slos["burnline-uptime"]["state"] == "NO_DATA"
    assert slos["statement-export"]["burn_rates"]["1h"] is None


def test_all_its_figures_say_that_they_are_generated_but_those_of_burnline_itself(
    present: Path,
) -> None:
    made_up = {
        slo["name"]: any("generated" in reason for reason in slo["reasons"])
        for slo in check(present).json["slos"]
    }

    assert [name for name, is_made_up in made_up.items() if not is_made_up] == ["burnline-uptime"]


def test_five_sundays_of_maintenance_are_taken_out_and_shown_beside(present: Path) -> None:
    (ledger,) = (slo for slo in check(present).json["slos"] if slo["name"] == "ledger-uptime")

    # 5 x 25 min of maintenance and 10 min of outage in 30 days, of which 1 in 1,000 s is allowed.
    assert ledger["budget_remaining"] == pytest.approx(1 - 600 / (2_592_000 - 7_500) * 1_000)
    assert ledger["as_measured"]["budget_remaining"] == pytest.approx(1 - 8_100 / 2_592)
    assert ledger["as_measured"]["corrected_s"] == 7_500


def test_the_composite_is_as_good_as_the_worse_of_its_two(present: Path) -> None:
    slos = {slo["name"]: slo for slo in check(present).json["slos"]}

    whole, worse = slos["opening-the-app"], slos["mobile-bff-availability"]
    assert whole["sli"] == worse["sli"] < slos["api-availability"]["sli"]
    # Its members may fail twice as often as the worse of them alone.
    assert 1 - whole["budget_remaining"] == pytest.approx((1 - worse["budget_remaining"]) / 2)


def test_an_hour_later_the_new_minutes_are_collected_and_nothing_was_revised(
    present: Path, tmp_path: Path
) -> None:
    later = tmp_path / "demo"
    shutil.copytree(present, later)
    Folder(later).begin(NOW + 3_600, seed=SEED, days=MONTH_DAYS, port=8501)

    ran = burnline("collect", "--once", "--source", "generated", folder=later)

    assert ran.code == 0, ran.err
    assert re.search(r"generated: [\d,]+ new, [\d,]+ known", ran.out)
    # The incident of the start is told again when it is over.
    assert re.findall(r"([\d,]+) (?:revised|in conflict)", ran.out) in ([], ["1"])


@pytest.fixture(scope="module")
def pages(present: Path) -> Iterator[str]:
    """The pages of the demo at its start, for ever."""
    with served(present / "config.toml", "--as-of", MOMENT) as url:
        yield url


@pytest.mark.chromium
@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_the_readme_are_drawn_from_the_demo(
    name: str, pages: str, look: Open, tmp_path: Path
) -> None:
    picture = Path(os.environ.get("BURNLINE_PICTURES", tmp_path)) / f"{name}.png"

    seen = look(pages + PICTURES[name])
    seen.page.locator(DRAWN.get(name, ".js-plotly-plot .main-svg")).first.wait_for()
    seen.page.screenshot(path=picture, animations="disabled")

    assert seen.misdeeds == []
    assert inked(picture, DESK) > 0.02
    assert inked(ROOT / "docs" / "pictures" / f"{name}.png", DESK) > 0.02
    assert f"docs/pictures/{name}.png" in (ROOT / "README.md").read_text()


@dataclass(frozen=True, slots=True)
class Running:
    """A demo in a process of its own."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=120) as answer:
            return bytes(answer.read())

    def ends(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """`burnline demo` in an empty folder with an empty home."""
    port = free_port()
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    env = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    options = ["--port", str(port), "--days", "1"]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [*MAIN, "demo", *options],
            cwd=tmp_path / "work",
            env=env | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=said,
            stderr=said,
        )
    try:
        yield Running(process, tmp_path / "work" / "burnline-demo", port)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def came(reached: Callable[[], object]) -> None:
    until(lambda: _is(reached), "what was waited for")


def _is(reached: Callable[[], object]) -> bool:
    try:
        return bool(reached())
    except OSError:
        return False


def states(running: Running) -> dict[str, str]:
    ran = burnline("check", "--json", folder=running.folder)
    return {slo["name"]: slo["state"] for slo in json.loads(ran.out)["slos"]} if ran.out else {}


def measured(running: Running, table: str) -> int:
    """How much is stored of the real page: a latency only where it answered."""
    counting = f"SELECT count(*) FROM {table} JOIN series ON series.id = series_id WHERE source = ?"
    store = f"file:{running.folder / 'burnline.db'}?mode=ro"
    with closing(sqlite3.connect(store, uri=True, timeout=120)) as connection:
        (count,) = connection.execute(counting, ("this-burnline",)).fetchone()
    return int(count)


def test_it_needs_no_configuration_shows_generated_and_measured_and_ends_when_told(
    running: Running, tmp_path: Path
) -> None:
    came(lambda: running.get("/healthz"))
    came(lambda: states(running).get("checkout-availability") == "OK")
    came(lambda: measured(running, "samples"))
    # The page was up before it was asked for the first time.
    assert measured(running, "observations") <= measured(running, "samples")

    assert running.ends() == 0
    said = (tmp_path / "said").read_text()
    assert f"http://127.0.0.1:{running.port}" in said
    assert "burnline init --from-prometheus URL --write" in said
    assert "Traceback" not in said
    assert list((tmp_path / "home").iterdir()) == []


def test_a_taken_port_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [*MAIN, "demo", "--dir", "demo", "--port", port]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == 2
    assert f"port {port} of 127.0.0.1 is taken" in ran.stderr
    assert "fix: burnline demo --dir demo --port " in ran.stderr
    assert list(tmp_path.iterdir()) == []
