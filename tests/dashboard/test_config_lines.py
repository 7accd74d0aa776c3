"""Every key of a TOML text has the line on which it is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.config.lines import Lines, Place

HARD = r'''# a comment with [brackets] and "quotes"
include = [ # why
    "a.toml", # , ]
    'b]#.toml',
]
text = """
[not.a.table]
key = "no key" \""" # no comment
"""
"quoted.key" = 1
literal = \'\'\'
it\'s [[not]] one\'\'\'\'\'
dotted . "two words".x = 1979-05-27 07:32:00 # a date with a blank

[[slo]] # first
name = "a"
inline = { env = "X", deep = { y = [1, { z = 2 }] } }

  [slo.sub]
  key = -1.5e3

[[slo.alert]]
long = "1h"

[[slo.alert]]
long = "6h"
[[slo]]
name = "b"
quotes = """"one" two"""""
empty = ""
none = [ ]
[tables.deep.er]
x = true
[tables]
y = \'\\\'
'''.replace("\\'", "'")


def places(value: object, at: Place = ()) -> Iterator[Place]:
    """Every place that tomllib finds."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        yield (*at, key)
        yield from places(inner, (*at, key))


def test_every_place_that_tomllib_finds_has_a_line_and_no_other_has() -> None:
    found = Lines.of(HARD).places

    assert found == set(places(tomllib.loads(HARD)))


@pytest.mark.parametrize(
    ("place", "written"),
    [
        (("include", 1), "    'b]#.toml',"),
        (("quoted.key",), '"quoted.key" = 1'),
        (("dotted", "two words", "x"), "dotted ."),
        (("slo", 0), "[[slo]] # first"),
        (("slo", 0, "inline", "deep", "y", 1, "z"), "inline ="),
        (("slo", 0, "sub", "key"), "  key = -1.5e3"),
        (("slo", 0, "alert", 1, "long"), 'long = "6h"'),
        (("slo", 1), "[[slo]]"),
        (("slo", 1, "empty"), "empty ="),
        (("tables",), "[tables]"),
        (("tables", "deep", "er", "x"), "x = true"),
    ],
)
def test_a_key_is_found_on_the_line_where_it_is_written(place: Place, written: str) -> None:
    line = HARD.splitlines()[Lines.of(HARD).at(*place) - 1]

    assert line.startswith(written)


def test_a_key_that_is_not_written_has_the_line_of_the_table_it_is_missing_from() -> None:
    lines = Lines.of("x = 1\n[[slo]]\n[[slo]]\nname = 'b'\n")

    assert lines.at("slo", 1, "objective") == 3
    assert lines.at("nothing", "here") == 1


def test_windows_line_ends_count_as_one_line_each() -> None:
    assert Lines.of("a = 1\r\n\r\nb = '''x\r\ny'''\r\nc = 2\r\n").at("c") == 5


KEYS = st.text(st.sampled_from("ab \"'#.[]=\\é"), max_size=4)
TEXTS = st.text(st.sampled_from("ab \"'#.[]={},\\\n"), max_size=8)


def basic(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@st.composite
def strings(draw: st.DrawFn) -> str:
    text = draw(TEXTS)
    if draw(st.booleans()):
        return basic(text)
    escaped = text.replace("\\", "\\\\").replace('"""', '""\\"')
    return '"""\n' + (escaped[:-1] + '\\"' if escaped.endswith('"') else escaped) + '"""'


SCALARS = st.one_of(strings(), st.sampled_from(["1", "-2.5", "true", "2026-01-01 10:00:00", "''"]))


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joint = st.sampled_from([", ", " ,\n  ", ", # ] comment\n"])
    return st.builds(
        lambda items, by: f"[{by.join(items)}{by if items else ''}]", st.lists(values), joint
    )


def inline_tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.dictionaries(KEYS, values, max_size=3)
    return pairs.map(
        lambda found: "{ " + ", ".join(f"{basic(k)} = {v}" for k, v in found.items()) + " }"
    )


VALUES = st.recursive(SCALARS, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=6)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A valid document of two array tables with nested and dotted keys between comments."""
    written = []
    for header in draw(
        st.lists(st.sampled_from(["[[slo]]", "[[slo.'al ert']]", "[[source]]"]), max_size=5)
    ):
        written += [header, *draw(st.lists(st.sampled_from(["", "# [x] = '''", "\t"]), max_size=2))]
        pairs = draw(st.dictionaries(KEYS, VALUES, max_size=3))
        written += [f'{basic("k" + key)} = {value}  # "' for key, value in pairs.items()]
        written += [f"dotted.{basic(key)}.x = 1" for key in pairs]
    return "\n".join(["'top' = 1", *written])


@given(documents())
def test_the_scan_agrees_with_tomllib_on_any_valid_document(text: str) -> None:
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # [[slo.'al ert']] before [[slo]] is a table of its own kind

    assert Lines.of(text).places == set(places(parsed))
