"""What was once taken without a word, or refused with a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest
from components.nobody import as_nobody

from dashboard.config import Config, load
from slo.errors import ConfigError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def configured(text: str) -> Config:
    Path("config.toml").write_text(text, encoding="utf-8")
    return load(Path("config.toml"), {}, with_sources=False)


def problem(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        configured(text)
    (found,) = caught.value.what.split("\n")
    return found


@pytest.mark.parametrize("key", ["runbook", "dashboard", "logs"])
@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//wiki/x",
        "wiki/x",
        "https:",
        "https://[",
        "https://wiki/ onclick=x",
        "java\\nscript:x",
        "https://wiki/\\nx",
    ],
)
def test_a_link_of_a_service_leads_to_http_or_https_alone(key: str, link: str) -> None:
    said = f'config.toml:3: service "shop": {key}: must be an address that begins with https://'

    assert problem(f'[[service]]\nname = "shop"\n{key} = "{link}"\n').startswith(said)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "http://wiki/{service}?from={from}&to={to}",
        "HTTPS://wiki:8443/x",
        "https://{service}.x/",
    ],
)
def test_a_link_may_hold_what_is_filled_in_later(link: str) -> None:
    (service,) = configured(f'[[service]]\nname = "shop"\nrunbook = "{link}"\n').services

    assert service.runbook == link


@pytest.mark.parametrize("name", ["config.toml", "./config.toml", "d/../config.toml", "link.toml"])
def test_a_file_that_includes_itself_is_refused_on_its_line(name: str) -> None:
    Path("d").mkdir()
    Path("link.toml").symlink_to("config.toml")

    said = f'config.toml:2: include 1: "{name}": is this file itself; take it out'

    assert problem(f'timezone = "UTC"\ninclude = ["{name}"]\n') == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/dev/zero", "is not a plain file"),
        (".", "is not a plain file"),
        ("gone.toml", "no such file"),
        ("config.toml/x", "cannot be read: Not a directory"),
        ("circle", "cannot be read: Too many levels of symbolic links"),
        ("x\\u0000", "no such file"),
    ],
)
def test_an_include_that_cannot_be_read_says_what_it_is(name: str, said: str) -> None:
    Path("circle").symlink_to("circle")

    assert problem(f'include = ["{name}"]\n').endswith(f": {said}")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('{ file = "x", env = "Y" }', "names both env and file; a secret comes from one of them"),
        ('{ evn = "Y" }', 'is a secret; write { env = "NAME" } or { file = "path" }'),
        ('{ env = "UNSET" }', "the environment variable UNSET is not set"),
        ("5", "must be a database URL such as"),
    ],
)
def test_a_store_from_a_reference_is_judged_as_a_reference(written: str, said: str) -> None:
    assert problem(f"store = {written}\n").startswith(f"config.toml:1: store: {said}")


def test_a_configuration_in_a_closed_folder_says_that_the_folder_is(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)

    with as_nobody(), pytest.raises(ConfigError, match="closed is closed to it"):
        load(closed / "config.toml", {})
