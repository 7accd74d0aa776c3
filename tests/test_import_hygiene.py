"""Asked of a fresh interpreter: a layer loads only what it may, and light commands stay light."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from itertools import chain, takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"streamlit", "pandas", "plotly", "scipy", "matplotlib"}
WORLD = {
    "sqlalchemy",
    "alembic",
    "requests",
    "urllib3",
    "pydantic",
    "click",
    "sqlite3",
    "structlog",
}
OTHERS = {"prometheus_api_client", "apscheduler"}
ALL = HEAVY | WORLD | OTHERS | {"collectors", "dashboard"}

LAYERS = {
    "slo": ALL,
    "collectors.store": HEAVY | OTHERS | {"requests", "dashboard", "collectors.sources"},
    "collectors.sources": (HEAVY - {"pandas"}) | {"dashboard", "sqlalchemy", "collectors.store"},
    "dashboard.views": HEAVY | OTHERS | {"requests"},
    "dashboard.config": HEAVY | OTHERS | {"sqlalchemy"},
}

WEIGHING = (
    "slo.evidence",
    "dashboard.views.claims",
    "dashboard.views.delivery",
    "dashboard.views.migration",
    "dashboard.views.machines.claims",
    "dashboard.views.machines.delivery",
    "dashboard.views.machines.migration",
    "dashboard.views.machines.uptime",
)
"""What weighs evidence, and alone pays for scipy."""


def modules_of(package: str) -> list[str]:
    """The package and every module below it, by the files there are."""
    folder = ROOT / package.replace(".", "/")
    below = pkgutil.walk_packages([str(folder)], prefix=f"{package}.")
    return [package, *(module.name for module in below)]


def loaded_by(imports: list[str]) -> set[str]:
    """Every module that a fresh interpreter holds after the imports."""
    code = f"import sys, {', '.join(imports)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(("package", "forbidden"), LAYERS.items(), ids=LAYERS)
def test_a_layer_never_loads_what_stands_above_or_beside_it(
    package: str, forbidden: set[str]
) -> None:
    light = [name for name in modules_of(package) if not name.startswith(WEIGHING)]

    assert loaded_by(light) & forbidden == set()
    assert loaded_by(modules_of(package)) & (forbidden - {"scipy"}) == set()


def test_the_command_line_starts_without_any_heavy_library() -> None:
    assert loaded_by(["dashboard.cli"]) & (HEAVY | OTHERS) == set()


def test_naming_the_source_kinds_imports_none_of_them() -> None:
    code = "from collectors import registry; assert registry.knows('files'); registry.kinds()"
    loaded = f"import sys; {code}; print(*(m for m in sys.modules if '.sources.' in m))"

    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []


def test_reading_the_store_loads_nothing_of_what_writes_it() -> None:
    writing = {"ingest", "derived.deriver", "merge", "opening.migrate", "points", "rows", "tallies"}

    loaded = loaded_by(["collectors.store.reader"])

    assert loaded & {f"collectors.store.{name}" for name in writing} == set()
    assert "alembic" not in loaded


def test_judging_loads_neither_sqlalchemy_nor_numpy() -> None:
    slow = {"sqlalchemy", "numpy", "asyncio", "alembic", "apprise", "dateutil", "yaml", "requests"}

    assert loaded_by(["dashboard.commands.check"]) & slow == set()


def test_a_file_without_channels_policies_and_reports_loads_none_of_their_tables() -> None:
    loaded = loaded_by(["dashboard.config"])

    named = ("channels", "channel_table", "policies", "reports", "report_table", "migrations")
    assert loaded & {f"dashboard.config.{name}" for name in named} == set()
    assert "dashboard.notify" not in loaded


def unreasoned(path: Path) -> list[str]:
    """Where imports within a function begin that neither a comment above nor one behind explains."""
    lines = path.read_text(encoding="utf-8").splitlines()
    late = [number for number, line in enumerate(lines) if "noqa: PLC0415" in line]
    starts = [number for number in late if number - 1 not in late]
    found = []
    for start in starts:
        block = takewhile(lambda line: "noqa: PLC0415" in line, lines[start:])
        is_explained = any("PLC0415 - " in line for line in block)
        if not is_explained and not lines[start - 1].lstrip().startswith("#"):
            found.append(f"{path}:{start + 1}")
    return found


def test_an_import_within_a_function_says_why_it_waits(tmp_path: Path) -> None:
    bare = tmp_path / "bare.py"
    bare.write_text("def f():\n    import a  # noqa: PLC0415\n    import b  # noqa: PLC0415\n")
    product = chain.from_iterable(
        (ROOT / name).rglob("*.py") for name in ("slo", "collectors", "dashboard", "tools", "bench")
    )

    assert unreasoned(bare) == [f"{bare}:2"]
    assert [place for path in product for place in unreasoned(path)] == []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux counts threads so")
def test_the_shell_starts_no_threads_for_linear_algebra() -> None:
    code = (
        "import atexit, os, sys\n"
        "def tell():\n"
        "    import numpy\n"
        "    print(len(os.listdir('/proc/self/task')))\n"
        "atexit.register(tell)\n"
        "sys.argv = ['burnline', '--version']\n"
        "from dashboard.cli import main; main()\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split()[-1] == "1"
