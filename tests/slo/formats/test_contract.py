"""What every format must do, whichever it is; a new one is held to it by being there."""

from __future__ import annotations

from pathlib import Path

import pytest

from slo.errors import InputError
from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger, Owner, Weight
from slo.formats.documents import pieces
from slo.indicator import Combined, Composite, Ratio
from slo.objective import Objective, Slo
from slo.spans import RollingWindow

FORMATS = {name: registry.load(name) for name in registry.names()}
READ = {name: each for name, each in FORMATS.items() if each.read is not None}
WRITTEN = {name: each for name, each in FORMATS.items() if each.write is not None}
MONTH = RollingWindow(30 * 86_400)

MINIMAL = {
    "openslo": "{apiVersion: openslo/v1, kind: SLO, metadata: {name: a}, spec: {}}",
    "pyrra": "{apiVersion: pyrra.dev/v1alpha1, kind: ServiceLevelObjective}",
    "sloth": "{version: prometheus/v1, service: a, slos: [{}]}",
    "slo-generator": "{apiVersion: sre.google.com/v2, kind: ServiceLevelObjective}",
}


def an_slo(name: str = "checkout") -> Slo:
    objective = Objective.from_percent("99.9")
    return Slo(name, "shop", objective, MONTH, "p", Ratio("r", bad="e"))


def test_every_format_reads_or_writes_and_is_named_as_people_type_it() -> None:
    assert set(READ) == {"openslo", "pyrra", "slo-generator", "sloth"}
    assert set(WRITTEN) == {"openslo", "prometheus"}
    assert all(each.title for each in FORMATS.values())


def test_a_format_that_there_is_not_names_the_nearest_one() -> None:
    with pytest.raises(InputError) as caught:
        registry.load("slothh")

    assert 'there is no format "slothh" (did you mean "sloth"?)' in caught.value.what


@pytest.mark.parametrize("name", READ)
def test_an_empty_definition_is_refused_with_all_that_it_lacks_at_once(name: str) -> None:
    ledger = Ledger()

    held = registry.read({"a.yaml": MINIMAL[name]}, ledger)

    assert held.slos == ()
    refused = [one for one in ledger.findings if one.weight is Weight.REFUSED]
    assert len(refused) >= 2, ledger.findings
    assert all((one.file, one.line) == ("a.yaml", 1) for one in refused)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize(
    "text", ["just words", "[1, 2]", "[[[]]]", "{spec: [], metadata: 3}", "''"]
)
def test_whatever_stands_there_is_told_in_findings_and_never_raises(name: str, text: str) -> None:
    ledger = Ledger()

    held = registry.read({"a.yaml": text}, ledger, name=name)

    assert held.slos == ()
    assert any(one.weight is Weight.REFUSED for one in ledger.findings)


@pytest.mark.parametrize("name", READ)
def test_each_document_is_claimed_by_its_own_format_alone(name: str) -> None:
    (piece,) = pieces(MINIMAL[name], "a")

    assert [each for each, one in READ.items() if one.claims(piece)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "{apiVersion: openslo/v1, kind: SLO, metadata: {name: a}, spec: {surprise: 1}}",
        "{apiVersion: pyrra.dev/v1alpha1, kind: ServiceLevelObjective, spec: {surprise: 1}}",
        "{version: prometheus/v1, service: a, slos: [{name: b, sli: {surprise: 1, events: {}}}]}",
        "{apiVersion: sre.google.com/v2, kind: ServiceLevelObjective, spec: {surprise: 1}}",
    ],
)
def test_a_key_that_nobody_knows_is_named_and_never_dropped(text: str) -> None:
    ledger = Ledger()

    registry.read({"a.yaml": text}, ledger)

    (left,) = [one for one in ledger.findings if one.path.endswith("surprise")]
    assert (left.weight, left.what) == (Weight.LEFT_OUT, "is not a key that is read here")


@pytest.mark.parametrize("name", WRITTEN)
def test_what_has_no_words_in_a_format_is_named_and_the_rest_is_written(name: str) -> None:
    composite = Slo(
        "both", "", Objective.from_percent(99), MONTH, "", Composite(Combined.WORST_MEMBER, ("a",))
    )
    held = Definitions(slos=(Carried(slo=composite), Carried(slo=an_slo())))
    ledger, write = Ledger(), WRITTEN[name].write
    assert write is not None

    text = write(held, ledger)

    assert "both" not in text
    assert "checkout" in text
    assert [(one.weight, one.what.partition(":")[0]) for one in ledger.findings] == [
        (Weight.REFUSED, 'slo "both"')
    ]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_definitions_are_the_same_bytes_and_no_name_ends_a_line(name: str) -> None:
    hostile = "a\u2028: {{ .x }} 'b' \"c\" # d"
    held = Definitions(
        slos=(Carried(slo=an_slo(hostile), description="x: [\n- *a {{ nope"),),
        services=(Owner(name="shop", runbook="https://runs/{service}?a={{b}}&since={from}"),),
    )
    write = WRITTEN[name].write
    assert write is not None

    text = write(held, Ledger())

    assert text == write(held, Ledger())
    assert pieces(text, "a.yaml")


def test_two_files_that_promise_under_one_name_are_told_apart_by_their_lines(shared: Path) -> None:
    text = (shared / "examples/sloth/getting-started.yml").read_text()
    ledger = Ledger()

    held = registry.read({"a.yml": text, "b.yml": text}, ledger)

    assert len(held.slos) == 1
    (refused,) = [one for one in ledger.findings if one.weight is Weight.REFUSED]
    assert str(refused).startswith("b.yml:9: slos[0]: refused:")
    assert "is the name of the SLO at a.yml:9" in refused.what


def test_a_file_of_no_format_is_refused_with_the_formats_there_are() -> None:
    ledger = Ledger()

    registry.read({"a.yaml": "apiVersion: v1\nkind: Pod\n"}, ledger)

    (refused,) = ledger.findings
    assert refused.what == (
        "is of no format that is read here (apiVersion 'v1', kind 'Pod');"
        " these are: OpenSLO, Pyrra, slo-generator, Sloth"
    )


@pytest.mark.parametrize("text", ["", "---\n---\n", "# nothing\n", "[]"])
def test_a_file_that_holds_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        registry.read({"a.yaml": text, "b.yaml": text}, Ledger())

    assert (caught.value.what, caught.value.where) == ("holds nothing", "a.yaml, b.yaml")


def test_a_format_that_is_only_written_cannot_be_read() -> None:
    with pytest.raises(InputError) as caught:
        registry.read({"a.yaml": "groups: []"}, Ledger(), name="prometheus")

    assert caught.value.what == "Prometheus rules can be written, not read"
