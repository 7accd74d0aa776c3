"""YAML is read as text that knows its line; what would run, unfold or repeat itself is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.errors import InputError
from slo.formats.documents import MOST_BYTES, MOST_LEVELS, pieces


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        pieces(text, "slo.yaml")
    return caught.value


def bomb(levels: int) -> str:
    """Nine names for each line above it: nine to the power of the levels in the end."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for n in range(1, levels):
        names = ", ".join([f"*a{n - 1}"] * 9)
        lines.append(f"a{n}: &a{n} [{names}]")
    return "\n".join(lines)


def test_an_alias_bomb_is_refused_where_it_unfolds_too_far_and_takes_no_memory() -> None:
    error = refused(bomb(60))

    assert error.what == "unfolds to more than 200,000 pieces"
    assert error.where == "slo.yaml:6"


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system ['true']",
        "a: !!python/name:os.system",
        "!ruby/object:Gem {}",
        "a: !!binary aGk=",
    ],
)
def test_a_tag_that_would_make_an_object_is_refused_and_nothing_is_run(text: str) -> None:
    assert "carries the tag" in refused(text).what
    assert refused(text).where == "slo.yaml:1"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_what_is_nested_without_end_is_refused_before_the_stack_is_used_up(opening: str) -> None:
    assert refused(opening * 100_000).what == f"is nested deeper than {MOST_LEVELS} levels"


def test_a_file_larger_than_any_slo_file_is_not_even_parsed() -> None:
    assert refused("a: " + "x" * MOST_BYTES).what.startswith("is larger than 2,000,000 bytes")


def test_a_recursive_alias_and_one_of_nothing_are_refused() -> None:
    assert refused("a: &a [*a]").what == "names *a, which nothing before it is"
    assert refused("a: *b").what == "names *b, which nothing before it is"


def test_a_key_that_stands_twice_is_refused_with_both_lines() -> None:
    error = refused("spec:\n  target: 1\n  window: 2\n  target: 3\n")

    assert (error.what, error.where) == ("has 'target' twice, first on line 2", "slo.yaml:4")


@pytest.mark.parametrize(
    ("text", "line"), [("a: [1\nb: 2\n", 2), ("a: b: c", 1), ("a:\n\t- b", 2), ("\x00", 1)]
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    error = refused(text)

    assert error.what.startswith("is no YAML")
    assert error.where in {f"slo.yaml:{line}", f"slo.yaml:{line + 1}", "slo.yaml"}


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused_in_a_sentence(text: str) -> None:
    with suppress(InputError):
        assert all(piece.line >= 1 for piece in pieces(text, "slo.yaml"))


def test_scalars_stay_what_was_written_and_nothing_becomes_a_truth_value_or_a_float() -> None:
    (found,) = pieces("a: 99.950\nb: on\nc: 1:30\nd: 0777\ne: ~\nf: 'null'\ng:", "x")

    said = [found.said(key) for key in "abcdefg"]

    assert said == ["99.950", "on", "1:30", "0777", None, "null", None]


def test_every_piece_knows_its_line_and_path_through_lists_documents_and_anchors() -> None:
    text = "x: &x {q: 1}\nslos:\n  - name: a\n    sli: *x\n---\n- b: 1\n- c: 2\n"

    first, second, third = pieces(text, "f.yml")
    name, query = first.at("slos"), first.at("x", "q")

    assert name is not None
    assert isinstance(name.content, tuple)
    assert (name.content[0].at("name").line, name.content[0].at("name").path) == (3, "slos[0].name")
    assert (query.line, query.path) == (1, "x.q")
    assert [(one.line, one.path) for one in (second, third)] == [(6, "[0]"), (7, "[1]")]


def test_a_merged_mapping_gives_what_its_own_does_not_say() -> None:
    (found,) = pieces("base: &b {a: 1, b: 2}\nall: {<<: *b, b: 3}\n", "x")

    assert (found.said("all", "a"), found.said("all", "b")) == ("1", "3")


def test_json_is_read_as_the_yaml_that_it_is() -> None:
    (found,) = pieces('{"spec": {"goal": 0.999, "list": ["a"]}}', "x.json")

    assert found.said("spec", "goal") == "0.999"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("? [a, b]\n: c", "has a key that is no text"),
        ("a: {<<: words}", "merges (<<) what is no mapping"),
        ("a: &x !!set {}", "carries the tag"),
    ],
)
def test_what_no_slo_file_says_is_refused(text: str, said: str) -> None:
    assert said in refused(text).what


def test_a_piece_tells_in_few_words_what_it_is() -> None:
    (found,) = pieces(f"a:\nb: [1]\nc: {{d: 1}}\ne: '{'long ' * 40}'", "x")

    shown = [piece.shown for key in "abce" if (piece := found.at(key)) is not None]

    assert shown[:3] == ["nothing", "a list", "a mapping"]
    assert shown[3] == '"' + ("long " * 12) + '…"'
