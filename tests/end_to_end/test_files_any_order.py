"""Files in any order and split, on either engine, give the same store."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from file_builders import NOW, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_histories import INCIDENTS, PROBES, latency, load, uptime

from collectors.files.table import FileTable
from collectors.store.store import Store
from slo.indicator import Indicator


def pieces(rows: Sequence[str], folder: Path, seed: int, parts: int) -> list[Path]:
    """The rows of a file without its header, shuffled over files of their own, some twice."""
    chance = random.Random(seed)
    head, body = rows[0], list(rows[1:])
    chance.shuffle(body)
    edges = sorted(chance.sample(range(1, len(body)), parts - 1))
    paths = []
    for number, (since, until) in enumerate(zip([0, *edges], [*edges, None], strict=True)):
        path = folder / f"part-{seed}-{number}.csv"
        path.write_text("".join([head, *body[since:until]]))
        paths.append(path)
    chance.shuffle(paths)
    return [*paths, chance.choice(paths)]


@pytest.mark.parametrize("held", ["probes", "incidents", "requests"])
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000), parts=st.integers(2, 6))
def test_files_in_any_order_any_split_and_twice_give_the_same_store(
    tmp_path_factory: pytest.TempPathFactory, shared: Path, held: str, seed: int, parts: int
) -> None:
    folder = tmp_path_factory.mktemp("any-order")
    text, how, wanted = sample_of(held, shared)
    whole = folder / "whole.csv"
    whole.write_text("".join(text))
    digests = []

    for number, paths in enumerate(([whole], pieces(text, folder, seed, parts))):
        with Store.open(f"sqlite:///{folder}/{number}.db", now=NOW) as store:
            for path in paths:
                assert load(store, [path], how, wanted).error is None
            digests.append(store.reader.figures_digest())

    assert digests[0] == digests[1]


def sample_of(held: str, shared: Path) -> tuple[list[str], FileTable, list[Indicator]]:
    """Some hundred real rows (or made up ones that disagree), and how to read them."""
    if held == "probes":
        with gzip.open(shared / "data" / "probes_4hse" / "probes.csv.gz", "rt") as packed:
            rows = packed.readlines()
        chosen = [rows[0], *(row for row in rows[1:] if ",www," in row or ",docs," in row)][:400]
        return chosen, table(**PROBES), [uptime("www"), latency("www"), uptime("docs")]
    if held == "incidents":
        with (shared / "data" / "incidents_gcp" / "incidents_raw_union.csv").open() as text:
            return text.readlines()[:500], table(**INCIDENTS), []
    good = [f"{NOW - 60 * (i % 150)},s{i % 3},{i % 7},{7 + i % 2}\n" for i in range(300)]
    return ["at,service,good,total\n", *good], table(holds="requests", every="5m"), []


@pytest.mark.postgres
@pytest.mark.parametrize("held", ["probes", "incidents", "requests"])
def test_both_engines_make_the_same_figures_of_the_same_files(
    tmp_path: Path, shared: Path, postgres_url: str, held: str
) -> None:
    text, how, wanted = sample_of(held, shared)
    path = tmp_path / "whole.csv"
    path.write_text("".join(text))
    digests = []

    for url in (f"sqlite:///{tmp_path}/burnline.db", postgres_url):
        with Store.open(url, now=NOW) as store:
            assert load(store, [path], how, wanted).error is None
            digests.append(store.reader.figures_digest())

    assert digests[0] == digests[1]
