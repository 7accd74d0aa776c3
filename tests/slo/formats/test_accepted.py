"""What is read of hostile or odd files is small, quick, and named as configurations name things."""

from __future__ import annotations

import pytest

from slo.errors import InputError
from slo.formats import registry
from slo.formats.contract import Definitions, Ledger
from slo.formats.documents import pieces

EVENTS = (
    "{events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'}}"
)


def sloth(
    service: str = "shop", name: str = "a", objective: str = "99.9", sli: str = EVENTS
) -> str:
    slo = f"{{name: {name}, objective: {objective}, sli: {sli}}}"
    return f"version: prometheus/v1\nservice: {service}\nslos: [{slo}]\n"


def read(text: str) -> tuple[Definitions, list[str]]:
    ledger = Ledger()
    held = registry.read({"a.yml": text}, ledger)
    return held, [str(one) for one in ledger.findings]


def test_slos_of_a_service_that_is_refused_are_no_slos_of_none() -> None:
    held, told = read(sloth(service=r'"s\e[31m"'))

    assert (held.slos, held.services) == ((), ())
    assert any("service: refused: must be 1 to 120 printable" in line for line in told)


def test_a_name_that_is_too_long_once_its_service_stands_before_it_is_refused() -> None:
    held, told = read(sloth(service="s" * 100, name="n" * 100))

    assert held.slos == ()
    (refused,) = [line for line in told if ": refused: " in line]
    assert refused.startswith("a.yml:3: slos[0]: refused: SLO ")
    assert len(refused) < 250


@pytest.mark.parametrize("objective", ["99." + "9" * 26, "99." + "9" * 5_000])
def test_an_objective_of_more_digits_than_a_configuration_takes_is_refused(objective: str) -> None:
    held, told = read(sloth(objective=objective))

    assert held.slos == ()
    (refused,) = [line for line in told if ": refused: " in line]
    assert "must have at most 12 digits" in refused
    assert len(refused) < 250


def test_zeros_at_the_end_are_no_digits() -> None:
    held, _ = read(sloth(objective="99.9" + "0" * 50))

    assert str(held.slos[0].slo.objective.percent) == "99.9"


def test_a_query_that_is_too_long_is_named_and_not_echoed() -> None:
    long = (
        "{events: {error_query: 'max("
        + "e" * 200_000
        + "[{{.window}}])', total_query: 't[{{.window}}]'}}"
    )
    _, told = read(sloth(sli=long))

    assert any("the query is longer than 20,000 characters" in line for line in told)
    assert max(map(len, told)) < 5_000


def test_a_key_as_long_as_no_key_is_is_the_beginning_of_a_path() -> None:
    text = f"? {'k' * 500_000}\n: {{{', '.join(f'a{n}: 1' for n in range(20_000))}}}\n"
    (whole,) = pieces(text, "a.yml")

    inside = next(iter(whole.content.values()))  # type: ignore[union-attr]
    assert inside.path == "k" * 60 + "…"
    assert max(len(one.path) for one in inside.content.values()) < 80


def test_a_long_key_that_stands_twice_is_not_echoed() -> None:
    with pytest.raises(InputError) as caught:
        pieces(f"? {'k' * 50_000}\n: 1\n? {'k' * 50_000}\n: 2\n", "a.yml")

    assert "twice, first on line " in caught.value.what
    assert len(caught.value.what) < 120


def test_each_of_many_documents_of_no_format_is_told_once() -> None:
    held, told = read("---\n".join(f"a: {n}\n" for n in range(20_000)))

    assert held.slos == ()
    assert len(told) == 20_000
