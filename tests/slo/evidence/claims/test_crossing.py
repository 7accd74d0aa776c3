"""Figures of one document that cannot both hold are named, and only those."""

from __future__ import annotations

import pytest

from slo.evidence.claims.crossing import Contradiction, Crossing, contradictions
from slo.evidence.claims.statements import Sentence, statements
from slo.evidence.claims.subjects import subject


def crossed(*texts: str) -> tuple[Contradiction, ...]:
    sentences = [Sentence(text, line) for line, text in enumerate(texts, start=1)]
    return contradictions(list(statements(sentences)), sentences)


def kinds(*texts: str) -> list[Crossing]:
    return [found.kind for found in crossed(*texts)]


def test_uptime_over_four_months_contradicts_no_outages_by_fifty_three_minutes() -> None:
    (found,) = crossed(
        "In these 4 months uptime was 99.97 %.", "There were zero customer-impacting outages."
    )

    assert found.kind is Crossing.DOWN_DESPITE_ZERO
    assert found.amount is not None
    # 0.0003 of four twelfths of 365.2425 days.
    assert float(found.amount) == pytest.approx(0.0003 * 4 / 12 * 365.2425 * 1_440)
    assert (found.first.line, found.second_line, found.months) == (1, 2, 4)
    assert "99.97 %" in found.first.quote
    assert "zero customer-impacting outages" in found.second_quote


def test_half_an_incident_a_month_is_two_in_four_months_and_not_none() -> None:
    (found,) = crossed(
        "We now see 0.5 incidents a month.", "Four months without a customer-impacting incident."
    )

    assert (found.kind, found.amount) == (Crossing.EVENTS_DESPITE_ZERO, 2)


def test_one_figure_for_two_services_is_named() -> None:
    assert kinds("The API p95 was 820 ms.", "Checkout p95 was 820 ms before.") == [
        Crossing.TWO_THINGS
    ]


def test_monthly_and_quarterly_releases_are_two_figures_for_one_thing() -> None:
    assert kinds("Releases were monthly.", "Before, releases were quarterly.") == [
        Crossing.TWO_FIGURES
    ]


def test_a_deployment_frequency_in_hours_is_no_frequency() -> None:
    assert kinds("Goal: deployment frequency below 12 hours.") == [Crossing.FREQUENCY_IN_TIME]
    assert kinds("Goal: deployment frequency at least weekly.") == []


def test_two_changes_of_the_pipeline_are_named_and_two_roundings_of_one_are_not() -> None:
    assert kinds("Pipeline time: -80 %.", "Our pipeline is 89 % faster.") == [Crossing.TWO_CHANGES]
    assert kinds("Pipeline time: -89 %.", "Pipeline time: -88.9 %.") == []
    assert kinds("Pipeline time: -89 %.", "Pipeline time: +89 %.") == [Crossing.TWO_CHANGES]


@pytest.mark.parametrize(
    "texts",
    [
        ("Uptime is 100 %.", "There were zero outages."),
        ("Uptime was 99.8 % before.", "Since the move there were zero outages."),
        ("The API p95 is 490 ms.", "The API p95 was 820 ms."),
        ("The API p95 is 490 ms.", "Checkout p95 is 320 ms."),
        ("The API p95 is 490 ms.", "The API p99 is 900 ms."),
        # A figure of one digit is no coincidence, and one thing may be told twice.
        ("The API p95 was 5 s.", "Checkout p95 was 5 s before."),
        ("The API p95 was 820 ms.", "The API p95 was 820 ms before."),
        ("Builds take 10 min now.", "The checkout page takes 10 s now."),
        ("Latency is 5 s now.", "Restarts take 5 s now."),
        ("Releases went from 4 to 12 a quarter.", "Releases were 4 a quarter before."),
        ("Incidents: 0 a month now.", "There were no incidents."),
        ("Pipeline: -80 %.", "The pipeline is now 9x faster."),
        ("Pipeline: -80 %.", "The pipeline takes 8 h now."),
        ("Incidents fell by 80 %.", "Deployments rose by 334 %."),
        ("",),
    ],
)
def test_what_can_both_hold_is_not_named(texts: tuple[str, ...]) -> None:
    assert kinds(*texts) == []


def test_one_pair_told_twice_in_other_words_is_one_thing() -> None:
    assert kinds("API p95: 820 ms → 490 ms.", "Gateway p95 fell from 820 ms to 490 ms.") == []
    assert kinds("API p95: 820 ms → 490 ms.", "Search p95 fell from 820 ms to 320 ms.") == [
        Crossing.TWO_THINGS
    ]


def test_a_step_names_before_and_after() -> None:
    (before, after) = statements([Sentence("Checkout p95 fell from 820 ms to 320 ms.", 3)])

    assert (before.role.value, after.role.value) == ("before", "after")
    assert (before.about, before.line) == (subject("checkout p95"), 3)


def test_figures_without_a_kind_are_no_statements() -> None:
    assert list(statements([Sentence("In 2025 we moved 12 services of 3 teams.", 1)])) == []


def test_ten_thousand_figures_are_read_and_a_hundred_findings_told() -> None:
    texts = [f"The pipeline now takes {n} hours." for n in range(10, 510)]

    assert len(crossed(*texts)) == 100


def test_a_sentence_without_end_is_read_up_to_its_limit() -> None:
    assert kinds("uptime " * 50_000 + "99.97 %") == []
