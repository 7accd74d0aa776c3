"""What a migration measures is collected and derived like what is promised."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from migration_builders import BESIDE, COST, FILES, INCIDENTS, LATENCY, PERIODS, PROMETHEUS
from verdict_builders import burnline

from collectors.store.store import Reader
from dashboard import wiring
from dashboard.config import load

GAUGES = """\
[[source]]
name = "shop"
kind = "files"
[[source.file]]
path = "cost.csv"
holds = "gauges"
name = "cost"
"""
ROWS = (
    "at,value\n2025-01-01T12:00:00Z,900\n2025-01-01T12:01:00Z,-3\n2025-01-02T12:00:00Z,0\n"
    "2025-11-01T12:00:00Z,1000000000\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a cost that only a migration reads."""
    (tmp_path / "config.toml").write_text(GAUGES + PERIODS + COST + 'better = "lower"\n')
    (tmp_path / "cost.csv").write_text(ROWS)
    return tmp_path


def rules(folder: Path) -> set[str]:
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return {one.key.rule for one in reader.series() if one.key.name == "cost"}


@pytest.mark.parametrize("words", [("collect", "--once"), ("import", "cost.csv")])
def test_a_gauge_that_only_a_migration_reads_is_derived_whoever_brings_it(
    folder: Path, words: tuple[str, ...]
) -> None:
    assert burnline(*words, folder=folder).code == 0

    assert rules(folder) == {"", "<=inf"}


def test_a_measure_that_is_configured_later_is_derived_from_what_is_stored(folder: Path) -> None:
    whole = (folder / "config.toml").read_text()
    (folder / "config.toml").write_text(GAUGES)
    assert burnline("collect", "--once", folder=folder).code == 0
    assert rules(folder) == {""}

    (folder / "config.toml").write_text(whole)
    assert burnline("collect", "--once", folder=folder).code == 0

    assert rules(folder) == {"", "<=inf"}


def test_a_prometheus_is_asked_once_for_what_measures_and_promises_share(tmp_path: Path) -> None:
    slo = '[[slo]]\nname = "a"\nobjective = 99\nsamples = \'request_seconds{service="api"}\'\n'
    path = tmp_path / "config.toml"
    path.write_text(PROMETHEUS + slo + 'latency = "1s"\n' + PERIODS + LATENCY + BESIDE)

    (source,) = load(path, {}).sources

    assert [stream.name for stream in wiring.lane(source).collector.streams] == [
        'samples request_seconds{service="api"}',
        'samples request_seconds{side="old"}',
        'samples request_seconds{side="new"}',
    ]


def loaded(folder: Path, text: str) -> set[str]:
    """Every module that a fresh interpreter holds once it has read the configuration."""
    (folder / "config.toml").write_text(text)
    code = (
        "import sys; from pathlib import Path; from dashboard.config import load;"
        "load(Path(sys.argv[1]), {}, with_sources=False); print(*sys.modules)"
    )
    command = [sys.executable, "-c", code, str(folder / "config.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_without_a_migration_no_kind_of_measure_is_loaded(tmp_path: Path) -> None:
    found = loaded(tmp_path, FILES + "[delivery]\ncount_rollbacks = true\n")

    assert not {name for name in found if name.startswith("dashboard.measures.kinds")}
    assert not {name for name in found if name.startswith("slo.evidence")}
    assert "dashboard.config.migrations" not in found


def test_a_migration_loads_the_kinds_it_names_and_no_statistics(tmp_path: Path) -> None:
    found = loaded(tmp_path, FILES + PERIODS + INCIDENTS)

    kinds = {name for name in found if name.startswith("dashboard.measures.kinds.")}
    assert kinds == {"dashboard.measures.kinds.event_rate"}
    assert not found & {"scipy", "sqlalchemy", "pandas"}
