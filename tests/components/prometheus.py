"""A real Prometheus: loaded with a history by promtool, or scraping a target of the test."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from components.presence import PROMETHEUS
from components.process import Server, answers, free_port


class Prometheus:
    """One server on 127.0.0.1 with a folder of its own; it keeps port and data over a restart."""

    def __init__(
        self,
        folder: Path,
        *,
        openmetrics: Path | None = None,
        blocks: str = "8760h",
        scrape: Mapping[str, str] | None = None,
        every: str = "1s",
        arguments: tuple[str, ...] = (),
    ) -> None:
        """Prepare the folder.

        Args:
            folder: where its configuration, data and log go.
            openmetrics: a history to load before the start, plain or gz.
            blocks: how long its blocks may get.
            scrape: job name -> host:port of what it scrapes at /metrics.
            every: the scrape interval.
            arguments: further command-line flags.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "prometheus.yml").write_text(_configuration(scrape or {}, every))
        if openmetrics is not None:
            load(openmetrics, folder, blocks)
        self._server = Server(self._command(arguments), log=folder / "prometheus.log")

    def _command(self, arguments: tuple[str, ...]) -> list[str | Path]:
        return [
            _program("prometheus"),
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'tsdb'}",
            "--storage.tsdb.retention.time=20y",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--web.enable-lifecycle",
            "--web.enable-admin-api",
            "--log.level=warn",
            *arguments,
        ]

    def start(self) -> Prometheus:
        """Run it; returns when it says that it is ready."""
        self._server.start(lambda: answers(f"{self.url}/-/ready"))
        return self

    def stop(self) -> None:
        """End it; its data stays."""
        self._server.stop()

    def restart(self) -> None:
        """Stop and start it on the same port with the same data."""
        self.stop()
        self.start()


def load(openmetrics: Path, folder: Path, blocks: str) -> None:
    """Make TSDB blocks of an OpenMetrics history under `folder/tsdb`."""
    plain = folder / "history.openmetrics"
    opener = gzip.open if openmetrics.suffix == ".gz" else open
    with opener(openmetrics, "rb") as packed, plain.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    # Blocks of two hours, its default, take a minute for three years: it reads the input anew
    # for each of them.
    how = ["tsdb", "create-blocks-from", f"--max-block-duration={blocks}", "openmetrics"]
    command = [str(_program("promtool")), *how, str(plain), str(folder / "tsdb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise RuntimeError(f"promtool could not load {openmetrics}: {done.stderr or done.stdout}")
    plain.unlink()


def _program(name: str) -> Path:
    path = PROMETHEUS.program(name)
    if path is None:
        raise FileNotFoundError(f"{name} is missing. {PROMETHEUS.how_to_get}")
    return path


def _configuration(scrape: Mapping[str, str], every: str) -> str:
    jobs = "".join(
        f"  - job_name: {job}\n    static_configs: [{{targets: ['{target}']}}]\n"
        for job, target in scrape.items()
    )
    interval = f"{{scrape_interval: {every}, scrape_timeout: {every}}}"
    return f"global: {interval}\n" + (f"scrape_configs:\n{jobs}" if jobs else "")
