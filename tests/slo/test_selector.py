"""A selector has one canonical text, and means what PromQL means by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.selector import Matcher, Selector

NAMES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True)
MATCHERS = st.builds(Matcher, NAMES, st.sampled_from(["=", "!="]), st.text(max_size=12))


@given(NAMES, st.lists(MATCHERS, max_size=4))
def test_the_canonical_text_reads_back_as_the_same_selector(
    name: str, matchers: list[Matcher]
) -> None:
    selector = Selector(name, tuple(sorted(matchers)))

    assert Selector.parse(str(selector)) == selector


@given(st.permutations(['a="1"', 'b=~"x.*"', "c!='3'"]), st.sampled_from(["", " "]))
def test_order_quotes_and_blanks_make_no_other_selector(inner: list[str], blank: str) -> None:
    text = f"up{blank}{{{blank}{f'{blank},{blank}'.join(inner)}{blank}}}{blank}"

    assert str(Selector.parse(text)) == 'up{a="1",b=~"x.*",c!="3"}'


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("up", "up"),
        ("up{}", "up"),
        ('up{job="a",}', 'up{job="a"}'),
        (r'up{path="C:\\dir",q="\"",n="\n",t="\t"}', 'up{n="\\n",path="C:\\\\dir",q="\\"",t="\t"}'),
        ("job:up:sum", "job:up:sum"),
    ],
)
def test_a_selector_is_read_with_its_escapes(text: str, canonical: str) -> None:
    assert str(Selector.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not a selector"),
        ('{job="a"}', "is not a selector"),
        ("rate(up[5m])", "is not a selector"),
        ("up[5m]", "is not a selector"),
        ("up / down", "is not a selector"),
        ("up{job}", "cannot read the labels"),
        ('up{job="a" env="b"}', "expected a comma"),
        ('up{job=~"("}', "pattern of job"),
        ("up{job=a}", "cannot read the labels"),
    ],
)
def test_what_is_no_plain_selector_is_refused_with_the_place(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Selector.parse(text)


@pytest.mark.parametrize(
    ("text", "labels", "matches"),
    [
        ('up{job="a"}', {"job": "a"}, True),
        ('up{job="a"}', {"job": "b"}, False),
        ('up{job="a"}', {}, False),
        ('up{job=""}', {}, True),
        ('up{job!="a"}', {}, True),
        ('up{job!="a"}', {"job": "a"}, False),
        ('up{job=~"a|b"}', {"job": "b"}, True),
        ('up{job=~"a"}', {"job": "ab"}, False),
        ('up{job!~"a.*"}', {"job": "ab"}, False),
        ('up{job!~"a.*"}', {"job": "b"}, True),
    ],
)
def test_matchers_treat_an_absent_label_as_empty_and_patterns_as_whole(
    text: str, labels: dict[str, str], matches: bool
) -> None:
    assert Selector.parse(text).matches("up", labels) is matches


def test_another_metric_is_never_meant() -> None:
    assert not Selector.parse("up").matches("down", {})
