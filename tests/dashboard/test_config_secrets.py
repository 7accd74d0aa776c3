"""Secrets come from the environment or a file, only where needed, and are shown nowhere."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from config_builders import EIGHT_LINES, SOURCE, configured, problems

from collectors.sources.prometheus import Options
from dashboard.config import Config, load

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def test_a_secret_comes_from_the_environment_and_is_shown_nowhere() -> None:
    text = f'store = {{ env = "STORE" }}\n{SOURCE}token = {{ env = "TOKEN" }}\n'
    text += 'headers = { X-Scope-OrgID = "team-a", Authorization = { env = "TOKEN" } }\n'
    env = {"TOKEN": "hunter2", "STORE": "postgresql+psycopg://me:hunter2@db/x"}

    config = configured(text, env=env)

    options = config.sources[0].options
    assert isinstance(options, Options)
    assert options.token is not None
    assert options.token.get_secret_value() == "hunter2"
    assert options.headers["Authorization"].get_secret_value() == "hunter2"
    assert options.headers["X-Scope-OrgID"].get_secret_value() == "team-a"
    assert config.store_url.endswith("@db/x")
    assert "hunter2" not in repr(config) + str(config) + repr(options) + options.model_dump_json()


def test_a_secret_file_is_read_beside_the_configuration_without_its_last_line_end() -> None:
    Path("token").write_text("hunter2\n")
    Path("token").chmod(0o600)

    options = configured(SOURCE + 'token = { file = "token" }\n').sources[0].options

    assert isinstance(options, Options)
    assert options.token is not None
    assert options.token.get_secret_value() == "hunter2"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('token = "hunter2"', "a secret is never written out here"),
        ("token = 5", "is a secret; write"),
        ('token = { env = "UNSET" }', "the environment variable UNSET is not set"),
        ('token = { evn = "TOKEN" }', "is a secret; write"),
        ('token = { env = "TOKEN", file = "x" }', "names both env and file"),
        ('token = { file = "gone" }', "cannot be read: No such file or directory"),
        ('token = { file = "." }', "is not a plain file"),
        ('token = { file = "open" }', "can be read by others (mode 644); chmod 600 open"),
        ('token = { file = "empty" }', "is empty"),
        ('token = { file = "binary" }', "is not text"),
        ('headers = { Authorization = "hunter2" }', "headers.Authorization: a secret is never"),
        ('headers = { X-Api-Key = "hunter2" }', "headers.X-Api-Key: a secret is never"),
    ],
)
def test_a_secret_that_is_written_out_or_cannot_be_had_is_a_problem_without_it(
    written: str, said: str
) -> None:
    for name, content, mode in (
        ("open", b"hunter2", 0o644),
        ("empty", b"\n", 0o600),
        ("binary", b"\xff\xfe", 0o600),
    ):
        Path(name).write_bytes(content)
        Path(name).chmod(mode)

    found = problems(f"{SOURCE}{written}\n", env={"TOKEN": "x"})

    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("config.toml:4: ")
    assert "hunter2" not in found[0]


def test_a_command_that_asks_no_source_needs_none_of_their_secrets() -> None:
    Path("config.toml").write_text(EIGHT_LINES.replace("url", 'token = { env = "UNSET" }\nurl'))

    config = load(Path("config.toml"), {}, with_sources=False)

    assert config.sources[0].options is None
    assert config.sources[0].indicators == (config.slos[0].indicator,)


def test_only_the_sources_that_are_asked_need_their_secrets() -> None:
    other = SOURCE.replace("[[source]]", '[[source]]\nname = "other"\ntoken = { env = "UNSET" }')
    Path("config.toml").write_text(SOURCE + other)

    config = load(Path("config.toml"), {}, with_sources=lambda name, _kind: name == "prometheus")

    assert [source.options is None for source in config.sources] == [False, True]


def test_a_source_that_is_not_asked_is_not_pickled_with_its_secret() -> None:
    config = load_without_sources()

    assert b"hunter2" not in pickle.dumps(config)


def load_without_sources() -> Config:
    Path("config.toml").write_text(SOURCE + 'token = { env = "TOKEN" }\n')
    return load(Path("config.toml"), {"TOKEN": "hunter2"}, with_sources=False)
