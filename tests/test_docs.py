"""What the papers promise exists: commands, targets, keys, words, pins."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dashboard import cli
from dashboard.config import load
from tools import reference

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
GLOSSARY = re.findall(
    r"^\|.*\| `([\w.]+)` \|$", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE
)
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def commands(group: click.Group | None = None, above: str = "") -> Iterator[str]:
    """Every command there is, with the groups above it."""
    if group is None:
        group = cli._shell()
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        else:
            yield above + name


def test_every_command_there_is_stands_in_the_readme() -> None:
    missing = [name for name in commands() if f"`burnline {name}" not in README]

    assert missing == []


def test_every_command_in_the_readme_exists() -> None:
    known = set(commands())
    typed = "".join(re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
    named = re.findall(r"^burnline (?:--config \S+ )?([a-z]+)", typed, re.MULTILINE)
    named += re.findall(r"`burnline ([a-z][a-z ]*[a-z])", README)

    assert named
    assert [name for name in named if name not in known] == []


def test_every_make_target_in_the_papers_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name for paper in PAPERS for name in re.findall(r"\bmake ([a-z-]+)`", paper.read_text())
    }

    assert {"run", "test", "check", "bench"} <= targets
    assert named - targets == set()


def test_the_two_commands_that_do_everything_open_the_readme() -> None:
    first = README.partition("```sh\n")[2].partition("```")[0]

    assert README.index("```sh") < 30
    assert re.findall(r"^make (\w+)", first, re.MULTILINE) == ["run", "test"]


def test_make_help_names_every_target_that_one_types() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    for target in ("run", "test", "check", "fix", "test-fast", "cover", "bench", "build"):
        assert re.search(rf"^make {target} +\S", shown.stdout, re.MULTILINE)


def test_the_reference_of_the_configuration_is_the_one_its_models_give() -> None:
    assert reference.PATH.read_text() == reference.text(), "run: make reference"


def test_every_key_of_the_configuration_says_what_it_means() -> None:
    silent = re.findall(r"^\| `(\w+)` \| (?!tables).*\|  \|$", reference.text(), re.MULTILINE)

    assert silent == []


def test_the_eight_lines_of_the_readme_are_a_whole_configuration(tmp_path: Path) -> None:
    lines = README.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "config.toml").write_text(lines)

    config = load(tmp_path / "config.toml", {})

    assert len([line for line in lines.splitlines() if line]) == 8
    assert [slo.name for slo in config.slos] == ["checkout-latency"]


def test_the_migration_of_the_readme_can_be_configured(tmp_path: Path) -> None:
    lines = README.partition("## Did a migration work?\n\n```toml\n")[2].partition("```")[0]
    source = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
    (tmp_path / "config.toml").write_text(source + lines)

    (migration,) = load(tmp_path / "config.toml", {}).migrations

    assert len(migration.metrics) == 5


def test_the_shipped_configuration_is_accepted_whole_and_makes_nothing_up() -> None:
    config = load(ROOT / "config.toml", {})

    assert len(config.slos) >= 2
    assert not any(source.is_generated for source in config.sources)


@pytest.mark.parametrize("name", GLOSSARY)
def test_a_word_of_the_glossary_exists_in_the_code(name: str) -> None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return
    pytest.fail(f"no module of {name} exists")


def test_the_glossary_has_its_words() -> None:
    assert len(GLOSSARY) >= 15


def test_a_word_of_the_glossary_stands_there_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    terms = [
        term.strip()
        for cell in re.findall(r"^\| (.+?) \| .* \| `[\w.]+` \|$", text, re.MULTILINE)
        for term in cell.split(",")
    ]

    assert [term for term in dict.fromkeys(terms) if terms.count(term) > 1] == []


def test_whatever_can_be_added_goes_where_the_readme_says_and_is_held_to_what_it_says() -> None:
    rows = re.findall(
        r"^\| an? [^|]+ \| `([\w./]+)` \| `(\w+) ?[=(`].*\| `([\w./]+)` \|$", README, re.MULTILINE
    )
    assert len(rows) == 14

    for place, name, held_by in rows:
        pattern = re.sub(r"KIND|NAME", "*", place)
        files = [path for path in ROOT.glob(pattern) if path.name != "__init__.py"]
        registered = [path for path in files if re.search(rf"\b{name}\b", path.read_text())]
        assert registered, f"{place} holds no {name}"
        assert (ROOT / held_by).exists(), held_by


def test_the_fast_tests_leave_out_everything_that_needs_a_component() -> None:
    markers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"][
        "markers"
    ]
    command = subprocess.run(
        ["make", "-n", "test-fast"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    (left_out,) = re.findall(r'-m "not \((.*)\)"', command)

    assert {each.partition(":")[0] for each in markers} == set(left_out.split(" or "))


def test_the_links_inside_the_papers_lead_somewhere() -> None:
    for paper in PAPERS:
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", paper.read_text()):
            assert (paper.parent / link).exists(), f"{paper.name}: {link}"


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    kinds = set(re.findall(r"^### (\w+)", text, re.MULTILINE))

    assert "## [Unreleased]" in text
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_decision_has_a_date_a_choice_a_reason_and_what_would_change_it() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| 2")]

    assert len(rows) >= 15
    assert [row for row in rows if row.replace("\\|", "").count("|") != 5] == []


def test_the_examples_in_every_layer_are_run_with_the_tests() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    shipped = tool["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert set(shipped) <= set(tool["pytest"]["ini_options"]["testpaths"])
    assert "--doctest-modules" in tool["pytest"]["ini_options"]["addopts"]


def test_every_declared_dependency_is_pinned_and_no_pin_names_an_address() -> None:
    text = (ROOT / "constraints.txt").read_text()
    pins = {
        canonicalize_name(line.partition("==")[0]) for line in text.splitlines() if "==" in line
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [
        *project["project"]["dependencies"],
        *(need for extra in project["project"]["optional-dependencies"].values() for need in extra),
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]

    assert not re.search(r"://|@|--", text)
    assert {canonicalize_name(Requirement(each).name) for each in declared} - pins == set()
