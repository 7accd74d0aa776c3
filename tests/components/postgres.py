"""A real PostgreSQL server: one a session, one fresh database a test."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from components.presence import POSTGRES
from components.process import Server, free_port, unprivileged_user

# What a test may lose in a power cut does not matter; a commit then costs no disk flush.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
}


class Postgres:
    """One server on 127.0.0.1, run by a user of its own because its programs refuse root."""

    def __init__(self, **settings: str) -> None:
        """Make the cluster in a folder that its user can reach (pytest's own folders are 0700)."""
        self.folder = Path(tempfile.mkdtemp(prefix="burnline-postgres-"))
        self.port = free_port()
        self._user = unprivileged_user()
        if self._user:
            shutil.chown(self.folder, self._user)
        self._databases = count(1)
        self._make_cluster()
        flags = [f"-c{key}={value}" for key, value in {**_SETTINGS, **settings}.items()]
        command = [str(_program("postgres")), f"-D{self.folder / 'data'}", "-h127.0.0.1"]
        socket = [f"-p{self.port}", f"-k{self.folder}"]
        self._server = Server(
            [*command, *socket, *flags], log=self.folder / "postgres.log", user=self._user
        )

    def _make_cluster(self) -> None:
        command = [str(_program("initdb")), "-D", str(self.folder / "data"), "-U", "burnline"]
        flags = ["-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        subprocess.run(
            [*command, *flags],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=self._user,
            extra_groups=[] if self._user else None,
        )

    @property
    def _home(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=burnline dbname=postgres"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._home, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> Postgres:
        """Run it; returns when it takes connections."""
        self._server.start(self._answers)
        return self

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"burnline_{next(self._databases)}"
        with psycopg.connect(self._home, autocommit=True) as session:
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://burnline@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Remove a database of ours, whoever is still connected to it."""
        name = sql.Identifier(url.rpartition("/")[2])
        with psycopg.connect(self._home, autocommit=True) as session:
            session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def stop(self) -> None:
        """End it at once and remove its folder."""
        self._server.stop(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


def _program(name: str) -> Path:
    path = POSTGRES.program(name)
    if path is None:
        raise FileNotFoundError(f"{name} is missing. {POSTGRES.how_to_get}")
    # It looks for its libraries beside the real file, not beside a link.
    return path.resolve()
