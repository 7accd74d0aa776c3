"""One process's config while its files change: kept when they break, renewed when they are mended."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from components.process import until

from dashboard.config import Config, load
from dashboard.configured import Configured
from slo.errors import ConfigError

SLO = '[[slo]]\nname = "{name}"\nobjective = 99\ntotal = "requests"\n'
SOURCE = '[[source]]\nkind = "files"\nname = "shop"\n[[source.file]]\npath = "r.csv"\nholds = "requests"\n'


def put(path: Path, text: str) -> None:
    """Replace the file as editors do, by renaming: another inode even within one tick."""
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.write_text(text)
    fresh.rename(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A config that includes whatever lies in slo.d."""
    path = tmp_path / "config.toml"
    (tmp_path / "slo.d").mkdir()
    put(path, f'include = ["slo.d/*.toml"]\n{SOURCE}{SLO.format(name="first")}')
    return path


def loader(path: Path) -> Callable[[], Config]:
    return lambda: load(path, {}, with_sources=False)


def names(configured: Configured) -> list[str]:
    return [slo.name for slo in configured.current.slos]


def test_a_first_config_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        Configured(loader(tmp_path / "config.toml"))


def test_a_changed_file_is_in_force_after_a_look_and_the_next_look_finds_nothing_new(
    file: Path,
) -> None:
    configured = Configured(loader(file))
    put(file, SOURCE + SLO.format(name="second"))

    assert configured.look()
    assert names(configured) == ["second"]
    assert not configured.look()


def test_files_that_stay_as_they_are_are_not_read_again(file: Path) -> None:
    read: list[str] = []

    def counting() -> Config:
        read.append("once")
        return loader(file)()

    configured = Configured(counting)
    looks = [configured.look() for _ in range(5)]

    assert looks == [False] * 5
    assert len(read) <= 2


def test_a_file_that_breaks_leaves_the_config_in_force_and_is_a_problem_until_mended(
    file: Path,
) -> None:
    sound = file.read_text()
    configured = Configured(loader(file))
    put(file, sound.replace("objective", "objectve"))

    assert not configured.look()
    assert names(configured) == ["first"]
    assert configured.problem is not None
    assert "objectve" in configured.problem.what

    put(file, sound)
    assert not configured.look()
    assert configured.problem is None


def test_a_file_that_vanishes_leaves_the_config_in_force(file: Path) -> None:
    configured = Configured(loader(file))
    file.unlink()

    assert not configured.look()
    assert configured.problem is not None
    assert "no such file" in configured.problem.what
    assert names(configured) == ["first"]


def test_an_included_file_counts_when_it_comes_changes_and_goes(file: Path) -> None:
    more = file.parent / "slo.d" / "more.toml"
    configured = Configured(loader(file))

    put(more, SLO.format(name="second"))
    assert configured.look()
    assert names(configured) == ["first", "second"]

    put(more, SLO.format(name="third"))
    assert configured.look()
    assert names(configured) == ["first", "third"]

    more.unlink()
    assert configured.look()
    assert names(configured) == ["first"]


def test_a_broken_file_that_is_included_for_the_first_time_is_seen_when_it_is_mended(
    file: Path,
) -> None:
    other = file.parent / "other.toml"
    put(other, "[[slo]\n")
    configured = Configured(loader(file))
    put(file, f'include = ["other.toml"]\n{SOURCE}{SLO.format(name="first")}')
    assert not configured.look()

    put(other, SLO.format(name="second"))

    assert configured.look()
    assert names(configured) == ["first", "second"]


def test_a_broken_file_that_stays_as_it_is_is_not_read_at_every_look(file: Path) -> None:
    read: list[str] = []

    def counting() -> Config:
        read.append("once")
        return loader(file)()

    configured = Configured(counting)
    put(file, "[[slo]\n")
    looks = [configured.look() for _ in range(20)]

    assert looks == [False] * 20
    assert len(read) <= 3


def test_what_mends_a_config_from_outside_of_its_files_is_noticed(file: Path) -> None:
    lacks = [True]

    def lacking() -> Config:
        if lacks[0] and len(lacks) > 1:
            raise ConfigError("no such secret", where="here", mend="write it")
        return loader(file)()

    configured = Configured(lacking)
    lacks.append(True)
    configured.reload()
    assert configured.problem is not None
    lacks[0] = False
    until(lambda: configured.look() or configured.problem is None, "another try")

    assert configured.problem is None


def test_a_file_that_changes_while_it_is_read_is_read_again(file: Path) -> None:
    meddling = [SLO.format(name="second"), SLO.format(name="third")]

    def meddled() -> Config:
        found = loader(file)()
        if meddling:
            put(file, SOURCE + meddling.pop(0))
        return found

    configured = Configured(meddled)
    while configured.look():
        pass

    assert names(configured) == ["third"]


def test_told_to_reload_it_reads_the_same_bytes_again_since_secrets_may_have_changed(
    file: Path,
) -> None:
    configured = Configured(loader(file))
    before = configured.current

    assert configured.reload()
    assert configured.current is not before
    assert configured.current.digest == before.digest


def test_a_change_within_the_same_size_and_second_is_seen(file: Path) -> None:
    configured = Configured(loader(file))
    configured.look()
    seen = file.stat()

    put(file, file.read_text().replace("first", "other"))
    os.utime(file, ns=(seen.st_mtime_ns, seen.st_mtime_ns))

    assert configured.look()
    assert names(configured) == ["other"]
