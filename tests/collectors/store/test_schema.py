from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from builders import NOON, incident, minutes, samples, states
from sqlalchemy import inspect, update

from collectors.contract import Batch, Stream
from collectors.store import exclusions
from collectors.store.engine_tables import metadata
from collectors.store.opening import asking, creation, engine, migrate, schema
from collectors.store.store import Reader, Store
from collectors.store.tables import identity as identity_table
from slo.errors import StoreError

LIVE = Stream("requests")
NEXT = '''
"""Adds a column."""
{imports}
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

def upgrade() -> None:
    op.add_column("series", sa.Column("note", sa.Text))
    {then}
'''


def fill(store: Store) -> str:
    facts = (minutes([1, 2], [2, 3]), states("uud"), samples([0.1]), incident())
    store.ingest("shop", LIVE, Batch(facts), (), now=NOON)
    return store.reader.figures_digest()


def set_version(store: Store, number: int) -> None:
    with store._database.writing() as connection:
        connection.execute(update(identity_table).values(schema_version=number))


def test_the_migrated_schema_is_the_declared_one(store: Store) -> None:
    with store._database.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, metadata)

    assert [d for d in differences if "alembic_version" not in str(d)] == []


def test_a_store_of_a_newer_schema_is_refused_by_writer_and_reader(store_url: str) -> None:
    with Store.open(store_url, now=NOON) as store:
        before = fill(store)
        set_version(store, 9)

    for open_it in (lambda: Store.open(store_url, now=NOON), lambda: Reader.open(store_url)):
        with pytest.raises(StoreError, match="created by version 9 of the schema; this burnline"):
            open_it()

    with unchecked(store_url) as store:
        assert store.reader.figures_digest() == before


def unchecked(store_url: str) -> Store:
    url = engine.parsed(store_url)
    return Store(engine.writer(url), Reader(asking.opened(store_url)))


def with_step(monkeypatch: pytest.MonkeyPatch, folder: Path, then: str, imports: str = "") -> None:
    steps = folder / "migrations"
    shutil.copytree(migrate._FOLDER, steps, dirs_exist_ok=True)
    (steps / "versions" / "v0005_note.py").write_text(NEXT.format(then=then, imports=imports))
    monkeypatch.setattr(migrate, "_FOLDER", steps)
    for module in (creation, schema, migrate):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 5)


def test_an_older_store_is_migrated_with_every_figure_as_it_was(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(store_url, now=NOON) as store:
        before = fill(store)
    with_step(monkeypatch, tmp_path, "pass")

    with pytest.raises(StoreError, match="has version 4 of the schema; this burnline needs 5"):
        Reader.open(store_url)
    with Store.open(store_url, now=NOON) as store:
        after = store.reader.figures_digest()

    assert after == before
    with Reader.open(store_url) as reader:
        assert reader.figures_digest() == before


def test_the_store_is_backed_up_before_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    with Store.open(f"sqlite:///{path}", now=NOON) as store:
        before = fill(store)
    with monkeypatch.context() as changed:
        with_step(changed, tmp_path, "pass")
        Store.open(f"sqlite:///{path}", now=NOON).close()

    with Store.open(f"sqlite:///{path}.v4-backup", now=NOON) as backup:
        assert backup.reader.figures_digest() == before


def test_a_step_that_loses_rows_or_fails_changes_nothing(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(store_url, now=NOON) as store:
        before = fill(store)

    with monkeypatch.context() as changed:
        with_step(changed, tmp_path, 'op.execute("DELETE FROM events")')
        with pytest.raises(StoreError, match="the migration would lose rows of events"):
            Store.open(store_url, now=NOON)

    with Store.open(store_url, now=NOON) as store:
        assert store.reader.figures_digest() == before


def test_a_kill_in_the_middle_of_a_step_leaves_the_old_store(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(store_url, now=NOON) as store:
        before = fill(store)
    with monkeypatch.context() as changed:
        kill = "os.kill(os.getpid(), signal.SIGKILL)"
        with_step(changed, tmp_path, kill, imports="import os, signal")
        steps = migrate._FOLDER
    code = (
        "from pathlib import Path; from collectors.store.opening import creation, engine, migrate, schema\n"
        f"migrate._FOLDER = Path({str(steps)!r})\n"
        "creation.SCHEMA_VERSION = schema.SCHEMA_VERSION = migrate.SCHEMA_VERSION = 5\n"
        f"from collectors.store.store import Store; Store.open({store_url!r}, now={NOON})"
    )

    killed = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path.cwd())

    assert killed.returncode == -9
    with Store.open(store_url, now=NOON) as store:
        assert store.reader.figures_digest() == before


def test_a_second_opening_finds_the_store_and_does_not_make_it_anew(store_url: str) -> None:
    with Store.open(store_url, now=NOON) as store:
        before = fill(store)

    with Store.open(store_url, now=NOON + 60) as again:
        assert again.reader.figures_digest() == before


@pytest.fixture(params=[1, 2, 3])
def older_store(
    request: pytest.FixtureRequest, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, int, str]:
    """The URL of a store that an earlier schema's own steps made, its version, and its figures."""
    version: int = request.param
    with monkeypatch.context() as back_then:
        steps = tmp_path / "then"
        shutil.copytree(migrate._FOLDER, steps)
        for step in (steps / "versions").glob("v[0-9]*.py"):
            if int(step.name[1:5]) > version:
                step.unlink()
        back_then.setattr(migrate, "_FOLDER", steps)
        # Neither schema knew corrections, nor did who filled a store of it.
        back_then.setattr(exclusions, "live_in", lambda *_: ())
        for module in (creation, schema, migrate):
            back_then.setattr(module, "SCHEMA_VERSION", version)
        with Store.open(store_url, now=NOON) as store:
            digest = fill(store)
    return store_url, version, digest


def test_a_store_of_an_earlier_schema_is_brought_up_with_every_figure_as_it_was(
    older_store: tuple[str, int, str],
) -> None:
    url, version, before = older_store
    with pytest.raises(StoreError, match=f"has version {version} of the schema"):
        Reader.open(url)

    with Store.open(url, now=NOON) as store, store._database.writing() as connection:
        tables = set(inspect(connection).get_table_names())

    assert tables - {"alembic_version"} == set(metadata.tables)
    with Reader.open(url) as reader:
        assert reader.figures_digest() == before
