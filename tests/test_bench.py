"""The bench runs, on little data, and its caveat stands beside its ratios."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from components.presence import VICTORIA

ROOT = Path(__file__).resolve().parent.parent
PEERS = ("prometheus",) if VICTORIA.missing else ("prometheus", "victoria-metrics")


@pytest.mark.prometheus
@pytest.mark.postgres
def test_a_small_bench_measures_every_part_and_prints_its_caveat() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--services", "2", "--days", "2"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert re.search(r"^ingest, four levels, SQLite .* rows/s", done.stdout, re.MULTILINE)
    assert re.search(r"^ingest, four levels, PostgreSQL .* rows/s", done.stdout, re.MULTILINE)
    for peer in PEERS:
        assert re.search(rf"^  {peer} / burnline +\d+ x", done.stdout, re.MULTILINE), peer
    assert re.search(r"^burnline check, 2 SLOs, whole process +\d+ ms", done.stdout, re.MULTILINE)
    assert re.search(r"^backfill, 4 series x 2 d from Prometheus ", done.stdout, re.MULTILINE)
    assert "pre-aggregated deltas" in done.stdout


@pytest.mark.prometheus
@pytest.mark.postgres
def test_the_engines_that_are_compared_give_the_same_answer() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--services", "3", "--days", "3", "--only", "windows"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=True,
    )

    apart = re.findall(r"difference of a bad share, longest window +(\S+)", done.stdout)
    assert len(apart) == len(PEERS)
    assert all(float(each) < 1e-9 for each in apart)


def test_the_bench_of_evidence_prints_every_table_with_the_obvious_tests_beside() -> None:
    call = "from bench.evidence import on_known_truths; on_known_truths(thinned=100)"
    done = subprocess.run(
        [sys.executable, "-c", call],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert re.search(
        r"^uptime, 15 and 15 outages, 5 pairs +\S+ %  obvious: ", done.stdout, re.MULTILINE
    )
    assert re.search(
        r"^rates, 15 and 15 events, x 0.2, 50 pairs .* held: ", done.stdout, re.MULTILINE
    )
    assert re.search(
        r"^3 outages, sigma 1, 20 periods .* stated: 86.6 %", done.stdout, re.MULTILINE
    )
    # Closed form: tests/slo/evidence/checks/test_power.py counts 15 and a fifth out.
    assert re.search(r"^15 events before +78.8 %, ", done.stdout, re.MULTILINE)


def test_the_bench_of_backtests_replays_a_history_of_outages(tmp_path: Path) -> None:
    call = (
        "from pathlib import Path; from bench.backtest import of_many_outages;"
        f"of_many_outages(Path({str(tmp_path / 'outages')!r}), 1_795_362_000, outages=20, days=4)"
    )
    done = subprocess.run(
        [sys.executable, "-c", call],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert re.search(r"^backtest, 20 outages in 4 d of minutes +\S+ s  goal <= 5 s", done.stdout)
    assert re.search(r"^  advise svc_0000 +\S+ s", done.stdout, re.MULTILINE)
