"""What stands on the page of a migration: each measure's words, signs and steps, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from drawn_migration import bare, moved, renamed, the_mock_up
from hostile_words import HOSTILE

from dashboard.charts.markup import Markup, join
from dashboard.charts.migration import besides, evidence_table, explained, migration_head
from dashboard.charts.migration_progress import progress_table
from dashboard.views.migration.model import Progress
from dashboard.views.migration.told import Told
from dashboard.views.pages.migration import MigrationPage, no_migration
from slo.evidence.terms import Flag, GoalResult, Verdict

WORDS = the_mock_up().told


def plain(made: Markup) -> str:
    """The words of the markup, as they are read."""
    words = re.sub(r"<[^>]+>", "", made.replace("</td>", " ").replace("</th>", " "))
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("&lt;", "<").replace("&gt;", ">")


def row_of(made: Markup, name: str) -> str:
    """The markup of one row."""
    rows = re.findall(r"<tr.*?</tr>", made)
    return next(row for row in rows if name in row)


def drawn(page: MigrationPage) -> Markup:
    """Everything of the page that is markup."""
    progress = page.report.progress
    return join(
        migration_head(page.told, page.fresh),
        evidence_table(page.told),
        besides(page.told.besides),
        None if progress is None else progress_table(progress, "UTC"),
        explained(page.told),
    )


def with_row(**changed: object) -> Told:
    """The report of one row, changed."""
    return replace(WORDS, rows=(replace(WORDS.rows[0], **changed),))  # type: ignore[arg-type]


def test_the_head_holds_both_lines_of_the_verdict_the_periods_and_which_look_it_is() -> None:
    page = the_mock_up()

    head = plain(migration_head(page.told, page.fresh))

    assert "6 improved, 1 worse, 1 no evidence of change, 1 not enough data" in head
    assert "Goals: 3 met, 4 met but not certain" in head
    assert "is left out of both" in head
    assert "figures to 22 Nov 2026 00:00 UTC" in head
    assert "final look, as planned" in head


def test_made_up_figures_are_called_so_beside_the_verdict() -> None:
    said = replace(WORDS, generated="generated figures of generated-history")

    assert "generated figures of generated-history" in plain(migration_head(said, ()))
    assert 'class="made"' not in migration_head(WORDS, ())


def test_a_row_says_before_after_change_range_evidence_goal_and_coverage_in_this_order() -> None:
    row = plain(Markup(row_of(evidence_table(WORDS), "API latency")))

    order = ("820 ms", "490 ms", "−40 %", "−44 to −36 %", "improved", "met, not", "100 % · 98 %")
    places = [row.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("verdict", "sign"),
    [
        (Verdict.IMPROVED, "better"),
        (Verdict.WORSE, "worse"),
        (Verdict.NO_EVIDENCE, "dash g"),
        (Verdict.SAME, "same g"),
        (Verdict.NOT_ENOUGH, "open g"),
        (Verdict.NOT_COMPARABLE, "snap g"),
        (Verdict.INSIDE, "snap g"),
        (Verdict.BEYOND, "worse"),
        (Verdict.NOT_TESTED, "snap g"),
    ],
)
def test_every_verdict_is_a_sign_and_its_word_and_only_what_is_worse_is_red(
    verdict: Verdict, sign: str
) -> None:
    made = evidence_table(with_row(verdict=verdict, evidence=(verdict.value, "")))

    assert f'<span class="st {sign}">{verdict.value}</span>' in made


@pytest.mark.parametrize(
    ("result", "sign"),
    [
        (GoalResult.MET, "met"),
        (GoalResult.NOT_CERTAIN, "maybe"),
        (GoalResult.MISSED, "missed"),
        (GoalResult.UNKNOWN, "open g"),
    ],
)
def test_a_goal_is_a_sign_and_a_word_apart_from_the_evidence(result: GoalResult, sign: str) -> None:
    made = evidence_table(
        with_row(goal_result=result, goal=(result.value, "< 500 ms"), verdict=Verdict.NO_EVIDENCE)
    )

    assert f'<span class="st {sign}">{result.value}</span>' in made
    assert '<span class="st dash g">' in made


def test_every_verdict_and_every_goal_of_the_report_has_a_sign() -> None:
    assert len({*Verdict}) == 9
    assert len({*GoalResult}) == 4


def test_warnings_stand_below_the_evidence() -> None:
    flags = (Flag.TREND, Flag.TRAFFIC)

    row = plain(evidence_table(with_row(flags=flags, evidence=("improved", "86 → 13 min"))))

    assert f"86 → 13 min · trend · {Flag.TRAFFIC.value}" in row


def test_a_unit_that_both_figures_share_can_be_left_out_once_and_a_percentage_cannot() -> None:
    made = evidence_table(WORDS)

    assert '820<span class="u"> ms</span>' in row_of(made, "API latency")
    assert 'class="u"' not in row_of(made, "Uptime")
    assert 'class="u"' not in evidence_table(with_row(before=("2 d", ""), after=("8.1 h", "")))


def test_p_values_and_steps_stand_in_the_folds_alone() -> None:
    assert "p = 0.0005" not in plain(evidence_table(WORDS))
    assert plain(explained(WORDS)).count("p = 0.0005") == len(WORDS.rows)


def test_the_notes_lead_to_the_arithmetic() -> None:
    said = replace(WORDS, notes=("Ten measures tested; figures in explain.", "A <b> note."))

    made = evidence_table(said)

    assert 'in <a href="#explain" target="_self">explain</a>. A &lt;b&gt; note.' in made
    assert 'id="explain"' in explained(WORDS)


def test_rows_without_steps_have_no_fold() -> None:
    assert explained(bare().told) == ""


def test_a_report_in_which_nothing_was_found_is_a_table_of_dashes() -> None:
    made = plain(drawn(bare()))

    assert made.count("not enough data nothing measured") == len(WORDS.rows)
    assert "95 % range" not in made
    assert "None" not in made


def test_a_step_back_is_named_where_it_was_and_for_who_cannot_see_it() -> None:
    whole = the_mock_up().report.progress
    assert whole is not None
    line = moved("checkout", 3, 9)
    shares = [*(Fraction(one, 100) for one in (0, 5, 25, 2, 1, 25, 50)), Fraction(1)]
    back = replace(line, days=tuple(zip([at for at, _ in line.days], shares, strict=False)))

    made = progress_table(Progress(whole.span, whole.whole, (back,)), "UTC")

    assert plain(made).count("back to 1 %, 9 Apr") == 1
    assert 'alt="all traffic: ' in made
    assert made.replace("\N{NO-BREAK SPACE}", " ").count("back to 1 %, 9 Apr") == 3


def test_each_service_says_when_all_of_it_had_moved_or_how_far_it_is() -> None:
    whole = the_mock_up().report.progress
    assert whole is not None
    begun = replace(moved("late", 3, 9), moved_on=None, days=((0, None), *moved("x", 3, 60).days))
    silent = replace(moved("silent", 3, 9), moved_on=None, days=((0, None),))
    made = progress_table(Progress(whole.span, whole.whole, (begun, silent)), "UTC")

    assert "23 May" in plain(Markup(row_of(made, "all traffic")))
    assert "50 % on 23 May" in plain(Markup(row_of(made, "late")))
    assert plain(Markup(row_of(made, "silent"))).endswith("– ")
    assert 'alt="silent: no traffic was counted"' in made


class Tags(HTMLParser):
    """The tags and the addresses of a page."""

    def __init__(self, page: Markup) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.keys: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.keys |= {key for key, _ in attrs}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_a_configuration_become_no_markup(name: str) -> None:
    usual, hostile = (Tags(drawn(page)) for page in (the_mock_up(), renamed(the_mock_up(), name)))

    assert hostile.tags <= usual.tags
    assert hostile.keys <= usual.keys


def test_without_a_migration_the_page_says_what_to_write() -> None:
    notice = no_migration("/etc/burnline/config.toml")

    assert notice.is_paste
    assert notice.lines[0] == "[[migration]]"
    assert notice.where == "/etc/burnline/config.toml"
