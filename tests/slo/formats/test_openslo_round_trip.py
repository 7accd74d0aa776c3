"""A way through OpenSLO and back loses nothing that OpenSLO can say, nor what it cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from promise_strategies import can_fire, slos

from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger, Origin, Owner, Weight
from slo.indicator import Latency, Ratio
from slo.objective import Objective, Slo
from slo.spans import RollingWindow

OPENSLO = registry.load("openslo")
SOURCES = (
    Origin(name="p", kind="prometheus", address="http://127.0.0.1:9090"),
    Origin(name="q", kind="prometheus"),
)


def there_and_back(held: Definitions) -> tuple[Definitions, Ledger]:
    ledger = Ledger()
    assert OPENSLO.write is not None
    text = OPENSLO.write(held, ledger)
    return registry.read({"slo.yaml": text}, ledger), ledger


@settings(max_examples=40)
@given(slos())
def test_every_promise_comes_back_from_openslo_as_it_was(slo: Slo) -> None:
    rows = tuple(row for row in slo.policy or () if can_fire(slo, row))
    promised = replace(slo, policy=rows or None)

    held, ledger = there_and_back(Definitions(slos=(Carried(slo=promised),), sources=SOURCES))

    assert [carried.slo for carried in held.slos] == [promised]
    assert [str(one) for one in ledger.findings if one.weight is not Weight.NOTED] == []


@pytest.mark.parametrize("name", ["openslo/gosdk/slos.yaml", "sloth/openslo-getting-started.yml"])
def test_an_example_that_was_read_and_written_is_read_as_the_same(shared: Path, name: str) -> None:
    first = registry.read({name: (shared / "examples" / name).read_text()}, Ledger())

    again, ledger = there_and_back(first)

    assert [each.slo for each in again.slos] == [each.slo for each in first.slos]
    told = [(each.title, each.description, each.labels) for each in again.slos]
    assert told == [(each.title, each.description, each.labels) for each in first.slos]
    assert not any(one.weight is Weight.REFUSED for one in ledger.findings)


def test_services_and_sources_come_back_with_their_links_and_without_secrets() -> None:
    owner = Owner(
        name="Web Shop",
        title="The shop",
        description="what people buy in",
        team="payments",
        owner="Ann",
        notify=("pager", 'mail, "late"'),
        labels=(("tier", "1"),),
        runbook="https://runs/{service}",
        dashboard="https://boards/?from={from}",
        logs="https://logs/",
    )

    held, _ = there_and_back(Definitions(services=(owner,), sources=SOURCES))

    assert held.services == (owner,)
    assert held.sources == SOURCES


def test_files_rows_and_samples_come_back_from_their_own_kind_of_source() -> None:
    files = Origin(name="f", kind="files")
    objective, month = Objective.from_percent(99), RollingWindow(30 * 86_400)
    kinds = (
        Ratio('requests{service="a"}'),
        Latency(0.5, samples="seconds", only_if='up{job="a"}'),
    )
    written = tuple(
        Carried(slo=Slo(f"s{n}", "", objective, month, "f", one)) for n, one in enumerate(kinds)
    )

    held, ledger = there_and_back(Definitions(slos=written, sources=(files,)))

    assert [each.slo for each in held.slos] == [each.slo for each in written]
    (left,) = [one for one in ledger.findings if one.weight is not Weight.NOTED]
    assert left.what == "a source of kind files is written by hand, with its files"


def test_two_names_that_openslo_cannot_tell_apart_stay_two() -> None:
    objective, month = Objective.from_percent(99), RollingWindow(30 * 86_400)
    written = tuple(
        Carried(slo=Slo(name, "", objective, month, "p", Ratio("r", bad="e")))
        for name in ("Checkout EU", "checkout eu", "checkout-eu")
    )

    held, _ = there_and_back(Definitions(slos=written, sources=SOURCES))

    assert [each.slo.name for each in held.slos] == ["Checkout EU", "checkout eu", "checkout-eu"]
