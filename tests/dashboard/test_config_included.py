"""Included files, and where the paths in a configuration start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_builders import SLO, SOURCE, configured, problems

from collectors.sources.prometheus import Options
from dashboard.config import load

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def test_included_files_add_their_tables_and_keep_their_own_names_and_lines() -> None:
    Path("slo.d").mkdir()
    Path("slo.d/a.toml").write_text(SLO + 'uptime = "a"\n')
    Path("slo.d/b.toml").write_text("\n" + SLO.replace('"a"', '"b"') + 'uptime = "{"\n')

    found = problems('include = ["slo.d/*.toml"]\n' + SOURCE)

    assert found == [
        'slo.d/b.toml:5: slo "b": uptime: \'{\' is not a selector such as name{label="value"}'
    ]


def test_a_file_included_twice_counts_once_and_a_pattern_may_match_none() -> None:
    Path("a.toml").write_text(SLO + 'uptime = "a"\n')

    config = configured('include = ["a.toml", "*.toml", "none.d/*.toml"]\n' + SOURCE)

    assert [slo.name for slo in config.slos] == ["a"]


def test_an_included_file_may_not_move_the_store_or_include_more() -> None:
    Path("a.toml").write_text('store = "sqlite:///x.db"\ninclude = ["b.toml"]\n')

    found = problems('include = ["a.toml"]\n' + SOURCE)

    assert found == [
        "a.toml:1: store: stands in config.toml alone",
        "a.toml:2: include: stands in config.toml alone",
    ]


def test_the_store_lies_beside_the_configuration_not_beside_the_user(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "config.toml").write_text('store = "sqlite:///data/x.db"\n' + SOURCE)

    config = load(folder / "config.toml", {})

    assert config.store_url == f"sqlite:///{folder / 'data/x.db'}"


def test_the_digest_changes_with_any_file_and_with_nothing_else() -> None:
    Path("a.toml").write_text(SLO + 'uptime = "a"\n')
    text = 'include = ["a.toml"]\n' + SOURCE

    first, again = configured(text).digest, configured(text).digest
    Path("a.toml").write_text(SLO + 'uptime = "b"\n')

    assert first == again
    assert configured(text).digest != first


def test_the_paths_of_a_files_source_start_from_the_folder_of_the_configuration(
    tmp_path: Path,
) -> None:
    text = '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "gauges"\n'

    options = configured(text, name=str(tmp_path / "config.toml")).sources[0].options

    assert options is not None
    assert Path(options.model_dump()["root"]) == tmp_path


def test_the_certificates_of_a_source_are_looked_for_beside_the_configuration(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "ca.pem").touch()

    config = configured(SOURCE + 'ca_file = "ca.pem"\n', name=str(folder / "config.toml"))

    options = config.sources[0].options
    assert isinstance(options, Options)
    assert options.ca_file == str(folder / "ca.pem")
