"""Documents are read whatever they are made of, or refused in a sentence."""

from __future__ import annotations

import pytest
from hostile_words import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard.views.claims.making import claims_of
from dashboard.views.claims.marked import lines
from dashboard.views.claims.reading import MOST_BYTES, ClaimedRow, read
from slo.errors import InputError


def rows(text: str) -> tuple[ClaimedRow, ...]:
    return read(text.encode(), where="a.md").rows


def table(head: str, *body: str) -> str:
    columns = head.count("|") + 1
    return "\n".join([f"| {head} |", "|---" * columns + "|", *(f"| {row} |" for row in body), ""])


@pytest.mark.parametrize(
    "head",
    [
        "Metric | Before | After | Change",
        "KPI | Old | New | Improvement",
        "What | From | To | \u0394",
        "Area | Baseline | Now | %",
        "Measure | 2024 (legacy) | 2025 (cloud) | Difference",
        "| Was | Is | Gain",
        "**Metric** | _Before_ | `After` | Effect",
        "Kennzahl | Vorher | Nachher | Ver\u00e4nderung",
        "Indicator | Monolith | Today | Delta",
    ],
)
def test_columns_are_known_by_many_words(head: str) -> None:
    (row,) = rows(table(head, "p95 | 820 ms | 490 ms | -40 %"))

    assert (row.metric, row.before_text, row.after_text) == ("p95", "820 ms", "490 ms")
    assert row.change_text == "-40 %"


def test_columns_may_stand_in_any_order() -> None:
    (row,) = rows(table("Change | After | Metric | Before", "-40 % | 490 ms | p95 | 820 ms"))

    assert (row.metric, row.before_text, row.after_text) == ("p95", "820 ms", "490 ms")


@pytest.mark.parametrize("arrow", ["->", "\u2192", "\u2013", "to", "=>"])
@pytest.mark.parametrize("head", ["Metric | Before \u2192 after", "Metric | Result"])
def test_one_column_may_hold_both_values_and_the_change(head: str, arrow: str) -> None:
    (row,) = rows(table(head, f"Pipeline | 72 h {arrow} 8 h (-89 %)"))

    assert (row.before_text, row.after_text, row.change_text) == ("72 h", "8 h", "-89 %")
    assert row.before is not None
    assert row.before.base == 72 * 3_600


def test_a_head_or_a_name_lends_its_unit_to_numbers() -> None:
    (by_head,) = rows(table("Metric | Before (ms) | After (ms)", "p95 | 820 | 490"))
    (by_name,) = rows(table("Metric | Before | After", "Incidents per month | 2.5 | 0.5"))

    assert by_head.before is not None
    assert by_name.after is not None
    assert float(by_head.before.base) == 0.82
    assert by_name.after.unit.dimension.value == "rate"


def test_a_table_without_before_and_after_is_read_like_prose() -> None:
    document = read(table("Goal | Value", "Latency | < 500 ms").encode(), where="a.md")

    assert document.rows == ()
    assert [each.text for each in document.sentences] == ["Latency: < 500 ms"]
    assert "no columns of before and after" in document.remarks[0]


def test_sentences_keep_the_line_that_they_begin_on() -> None:
    text = "# Title\n\nFirst one. Second\none goes on. Third.\n\n- A point\n"

    found = [(each.text, each.line) for each in read(text.encode(), where="a.md").sentences]

    assert found == [
        ("Title", 1),
        ("First one.", 3),
        ("Second one goes on.", 3),
        ("Third.", 4),
        ("A point", 6),
    ]


def test_rows_keep_their_line() -> None:
    text = f"Words.\n\n{table('Metric | Before | After', 'a | 1 | 2', 'b | 3 | 4')}"

    assert [row.line for row in rows(text)] == [5, 6]


def test_code_is_no_prose_and_holds_no_claims() -> None:
    text = "```\n| Metric | Before | After |\n|---|---|---|\n| a | 1 | 2 |\nzero outages\n```\n"

    document = read(text.encode(), where="a.md")

    assert (document.rows, document.sentences) == ((), ())


def test_html_is_left_out_and_control_characters_are_dropped() -> None:
    text = table("Metric | Before | After", "<b>p95</b>\x1b[31m | 820\x07 ms | <i>490</i> ms")

    (row,) = rows(text)

    assert "\x1b" not in row.metric
    assert (row.before_text, row.after_text) == ("820 ms", "490 ms")


@pytest.mark.parametrize("body", ["a", "a | 1", "a | 1 | 2 | 3 | 4 | 5 | 6", " | | ", "| | | |"])
def test_a_broken_table_is_read_as_far_as_it_goes(body: str) -> None:
    found = rows(table("Metric | Before | After | Change", body))

    assert len(found) <= 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\xff", "no UTF-8"),
        (b"PK\x03\x04\x00\x00", "NUL"),
        ("Metric".encode("utf-16"), "no UTF-8"),
        (b"x" * (MOST_BYTES + 1), "more than 1,048,576 bytes"),
    ],
)
def test_what_is_no_document_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(raw, where="a.md")


def test_a_mark_of_order_at_the_beginning_is_no_character() -> None:
    text = table("Metric | Before | After", "a | 1 | 2")

    assert read(b"\xef\xbb\xbf" + text.encode(), where="a.md").rows == rows(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "*a " * 50_000,
        "> " * 20_000 + "a",
        "<" * 100_000,
        "`" * 50_000 + "a",
        "a " * 500_000,
        "| a " * 20_000 + "\n" + "|---" * 20_000 + "\n" + "| 1 " * 20_000,
        "9" * 1_000_000,
        "1 " * 400_000,
        "to " * 300_000,
        "1,1 -> " * 100_000,
        "no " * 300_000,
    ],
    ids=lambda text: text[:6],
)
def test_a_document_made_to_take_long_is_read_and_ends(text: str) -> None:
    # What grows with the square of this length would run into the suite's limit of two minutes.
    check = claims_of(read(text[:MOST_BYTES].encode(), where="a.md"))

    assert len(check.contradictions) <= 100


def test_only_so_many_rows_are_read_and_that_is_said() -> None:
    body = [f"metric {n} | 1 | 2" for n in range(1_200)]
    document = read(table("Metric | Before | After", *body).encode(), where="a.md")

    assert len(document.rows) == 1_000
    assert "first 1,000 rows" in document.remarks[0]


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_stay_words_in_the_marked_up_table(word: str) -> None:
    cell = word.replace("|", "\\|").replace("\n", " ")
    text = table("Metric | Before | After | Change", f"{cell} | {cell} | {cell} | {cell}")
    check = claims_of(read(f"{text}\n\n{word} was 820 ms.".encode().replace(b"\0", b""), where="a"))

    made = MarkdownIt("commonmark", {"html": True}).enable("table").parse("\n".join(lines(check)))

    kinds = {child.type for token in made for child in token.children or ()}
    kinds |= {token.type for token in made}
    assert not kinds & {"link_open", "image", "html_inline", "html_block"}
    assert sum(token.type == "tr_open" for token in made) == (len(check.claims) and 2)


@given(st.text(max_size=300))
def test_no_text_breaks_the_check(text: str) -> None:
    raw = text.replace("\x00", "").encode(errors="ignore")

    lines(claims_of(read(raw, where="a.md")))


@given(
    st.lists(
        st.lists(
            st.text(alphabet="0123456789.,%-+x hmsapq→–|", max_size=12), min_size=4, max_size=4
        ),
        max_size=5,
    )
)
def test_no_table_breaks_the_check(body: list[list[str]]) -> None:
    text = table("Metric | Before | After | Change", *(" | ".join(row) for row in body))

    lines(claims_of(read(text.encode(), where="a.md")))
