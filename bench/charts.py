"""How long a browser takes to draw twenty charts of thirty days, and what they weigh."""

from __future__ import annotations

import statistics
import sys
import time
from functools import partial
from pathlib import Path

from components.presence import FOR_TESTS
from components.process import Server, answers, free_port
from page_browser import QUIET
from playwright.sync_api import Browser, WebSocket, sync_playwright

from bench import store
from bench.measured import say
from bench.traffic import TOTAL, Traffic
from collectors.store.store import Store

_SCRIPT = Path(__file__).with_name("twenty.py")
_DRAWN = "document.querySelectorAll('.js-plotly-plot .scatterlayer .trace').length >= 20"
_QUIET_SERVER = ("--server.headless=true", "--browser.gatherUsageStats=false")


def twenty(folder: Path, traffic: Traffic) -> None:
    """The second and later loads of the page: the first one brings the frontend too."""
    chromium = FOR_TESTS["chromium"].program("chromium")
    if chromium is None:
        say("twenty charts", "missing", FOR_TESTS["chromium"].how_to_get)
        return
    folder.mkdir()
    config, url = folder / "config.toml", f"sqlite:///{folder / 'burnline.db'}"
    with Store.open(url, now=traffic.until) as opened:
        ready = list(store.batches(traffic, range(traffic.services)))
        store.take_in(opened, ready, traffic.until)
    config.write_text(store.config(url, traffic.names(), TOTAL), encoding="utf-8")
    port = free_port()
    page = f"http://127.0.0.1:{port}"
    listens = (
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--server.fileWatcherType=none",
    )
    words = ["run", str(_SCRIPT), *listens, *_QUIET_SERVER, "--", str(config), str(traffic.until)]
    command = [sys.executable, "-m", "streamlit", *words]
    server = Server(command, log=folder / "charts.log")
    server.start(partial(answers, f"{page}/_stcore/health"))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
            loads = [_load(browser, page) for _ in range(4)][1:]
            browser.close()
    finally:
        server.stop()
    say(
        "page with 20 charts of 30 d, drawn",
        f"{statistics.median(s for s, _ in loads):.2f} s",
        "goal <= 1.5 s",
    )
    say("  over the websocket", f"{loads[0][1] / 1e6:.2f} MB", "goal <= 0.5 MB")


def _load(browser: Browser, url: str) -> tuple[float, int]:
    """Seconds until all is drawn, and the bytes that came."""
    came: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: came.append(len(frame)))

    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.on("websocket", listen)
    begin = time.perf_counter()
    page.goto(url)
    page.wait_for_function(_DRAWN)
    spent_s = time.perf_counter() - begin
    page.close()
    return spent_s, sum(came)
