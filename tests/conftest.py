"""Fixtures of the whole suite: the shared folder, real servers, and what a lack of them means."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from components.lacks import MISSING, lacking
from components.postgres import Postgres
from components.presence import FOR_TESTS
from components.process import free_port as any_free_port
from components.prometheus import Prometheus
from hypothesis import settings

# A law holds or it does not, however busy the machine is; pytest-timeout ends what hangs.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent
StartPrometheus = Callable[..., Prometheus]
LONG = ("test_alerts_live", "end_to_end", "test_bench", "test_packaging", "collectors/store")
"""Parts of the names of long files, the longest first."""
MEMORY, ROOM_BYTES = Path("/dev/shm"), 6 * 2**30


def pytest_configure() -> None:
    """Keep the folders of the tests in memory, where there is room: no commit waits for a disk."""
    with suppress(OSError):
        has_room = shutil.disk_usage(MEMORY).free > ROOM_BYTES
        if has_room and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, so that none is last."""
    items.sort(key=lambda item: [part not in item.nodeid for part in LONG])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Hold back a test whose marker names a component that this machine lacks."""
    for name, part in FOR_TESTS.items():
        if item.get_closest_marker(name) and part.missing:
            lacking(f"{name}. {part.how_to_get}")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say loudly at the end what did not run for want of a component or of the shared folder."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if MISSING in text:
            reason = text.removeprefix("Skipped: ")
            reasons[reason] = reasons.get(reason, 0) + 1
    if reasons:
        terminalreporter.section("NOT TESTED", red=True, bold=True)
    for reason, tests in sorted(reasons.items()):
        terminalreporter.line(f"{tests} tests did not run: {reason}", red=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real histories, payloads and oracles."""
    folder = Path(os.environ.get("BURNLINE_SHARED", ROOT.parent / "shared")).resolve()
    if not (folder / "oracles").is_dir():
        lack = f"the folder of real data at {folder}. Name it in BURNLINE_SHARED"
        lacking(lack, fatal=os.environ.get("CI") == "true")
    return folder


@pytest.fixture
def free_port() -> int:
    """A TCP port of the loopback on which nothing listens."""
    return any_free_port()


def _factory(base: Path) -> Iterator[StartPrometheus]:
    started: list[Prometheus] = []

    def start(**options: object) -> Prometheus:
        server = Prometheus(base / f"prometheus-{len(started)}", **options)  # type: ignore[arg-type]
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def prometheus(tmp_path: Path) -> Iterator[StartPrometheus]:
    """Starts real servers for one test: `prometheus(openmetrics=…, scrape=…, every=…)`."""
    yield from _factory(tmp_path)


@pytest.fixture(scope="module")
def prometheus_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartPrometheus]:
    """The same for servers that the tests of one file share."""
    yield from _factory(tmp_path_factory.mktemp("prometheus"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real server for the session."""
    server = Postgres().start()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a fresh database on the real server."""
    url = postgres.database()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's program."""
    found = FOR_TESTS["chromium"].program("chromium")
    assert found is not None, "mark the test with @pytest.mark.chromium"
    return found
