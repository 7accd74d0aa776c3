"""What is taken over stands in config.toml so that it promises exactly what was read."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from promise_strategies import can_fire, slos

from dashboard.config import load
from dashboard.proposals.carried_over import fragment, whole
from slo.formats import registry
from slo.formats.contract import (
    Carried,
    Definitions,
    Finding,
    Ledger,
    Origin,
    Owner,
    Weight,
)
from slo.objective import Slo

SOURCES = tuple(Origin(name=name, kind="prometheus", address="http://p/") for name in "pq")


def loaded(text: str) -> tuple[Slo, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(text)
        return load(path, {}).slos


@settings(max_examples=30)
@given(slos())
def test_every_promise_is_read_back_from_the_configuration_as_it_was(slo: Slo) -> None:
    plain = replace(slo, notify=(), budget_policy="", group_by=(), breakdown=())
    if not all(can_fire(plain, row) for row in plain.policy or ()):
        plain = replace(plain, policy=None)

    (found,) = loaded(whole(Definitions(slos=(Carried(slo=plain),), sources=SOURCES)))

    assert found == plain


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_title_description_or_finding_ends_a_comment(title: str, said: str) -> None:
    finding = Finding("f", 1, said, said, Weight.LEFT_OUT)
    owner = Owner(name="a", title=title, description=said)
    origin = Origin(name="p", kind="prometheus", title=title, description=said)
    held = Definitions(services=(owner,), sources=(origin,))
    policies = ((title, ()),)

    for one in (held, replace(held, policies=policies)):
        found = tomllib.loads(whole(one))

        assert [each["name"] for each in found["service"]] == ["a"]
        assert found["source"] == [
            {"name": "p", "kind": "prometheus", "url": "http://127.0.0.1:9090"}
        ]
    assert str(finding)


@pytest.mark.parametrize(
    "name",
    [
        "sloth/getting-started.yml",
        "sloth/home-wifi.yml",
        "pyrra/nginx.yaml",
        "pyrra/prometheus-http.yaml",
        "pyrra/prometheus-probe-success.yaml",
        "pyrra/pyrra-connect-errors.yaml",
        "openslo/gosdk/slos.yaml",
        "sloth/openslo-getting-started.yml",
    ],
)
def test_an_example_that_imports_is_a_configuration_that_loads(shared: Path, name: str) -> None:
    held = registry.read({name: (shared / "examples" / name).read_text()}, Ledger())

    found = loaded(whole(held))

    assert [replace(slo, source="") for slo in found] == [each.slo for each in held.slos]


def test_services_that_only_slos_name_are_written_where_any_is(shared: Path) -> None:
    text = "".join(
        (shared / "examples/openslo/gosdk" / name).read_text()
        for name in ("slos.yaml", "services.yaml")
    )

    held = registry.read({"all.yaml": text}, Ledger())

    found = tomllib.loads(fragment(held))
    assert [each["name"] for each in found["service"]] == ["example-service", "web"]
    assert loaded(whole(held))


def test_the_sources_that_a_file_defines_stand_in_its_fragment(shared: Path) -> None:
    text = (shared / "examples/openslo/gosdk/data_sources.yaml").read_text()

    held = registry.read({"a.yaml": text}, Ledger())

    assert tomllib.loads(fragment(held)) == {
        "source": [
            {"name": "prometheus", "kind": "prometheus", "url": "http://prometheus.example.com"}
        ]
    }


def test_a_composite_of_openslo_is_a_configuration_that_loads_with_its_members() -> None:
    query = "{metricSource: {type: Prometheus, spec: {query: 'sum(%s)'}}}"
    ratio = f"{{ratioMetric: {{bad: {query % 'e'}, total: {query % 'r'}}}}}"
    members = "".join(
        f"  - {{displayName: {name}, target: 0.99, compositeWeight: {weight}, indicator:"
        f" {{metadata: {{name: i}}, spec: {ratio}}}}}\n"
        for name, weight in (("browse", "0.1"), ("pay", "2.75"))
    )
    text = (
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: shop}\nspec:\n  service: s\n"
        "  budgetingMethod: Occurrences\n  timeWindow: [{duration: 28d, isRolling: true}]\n"
        f"  objectives:\n{members}"
    )
    held = registry.read({"a.yaml": text}, Ledger())

    found = loaded(whole(held))

    assert [slo.name for slo in found] == ["shop-browse", "shop-pay", "shop"]
    assert [slo.indicator for slo in found] == [each.slo.indicator for each in held.slos]
    assert found[2].composed == found[:2]
