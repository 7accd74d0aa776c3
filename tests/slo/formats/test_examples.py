"""Every example file of the other projects imports, or is refused for the reason that they give."""

from __future__ import annotations

from pathlib import Path

import pytest

from slo.formats import registry
from slo.formats.contract import Ledger, Weight

MINUTE = (
    '27 spec.timeWindow[0].duration: calendar periods are 1w, 1M, 1Q and 1Y, not "1m";'
    " m is a minute in OpenSLO, M a month"
)
Expected = tuple[tuple[str, ...], tuple[str, ...]]

ANY = 'type "Any" stands for any service that holds the data; name a Prometheus'
OTHER = 'type "{}" is not a kind of source that is read here; Prometheus is'

# By file: the SLOs that it gives, and each refusal as line, path and the beginning of its reason.
EXPECTED: dict[str, Expected] = {
    "sloth/getting-started.yml": (("myservice-requests-availability",), ()),
    "sloth/home-wifi.yml": (
        ("home-wifi-good-wifi-client-satisfaction", "home-wifi-risk-wifi-client-satisfaction"),
        (),
    ),
    "sloth/google-28d.yaml": ((), ()),
    "sloth/google-30d.yaml": ((), ()),
    "sloth/openslo-getting-started.yml": (("sloth-slo-my-service",), ()),
    "pyrra/nginx.yaml": (("nginx-api-errors", "nginx-api-latency"), ()),
    "pyrra/prometheus-http.yaml": (("prometheus-api-query",), ()),
    "pyrra/prometheus-probe-success.yaml": (("prometheus-blackbox-probe-success",), ()),
    "pyrra/pyrra-connect-errors.yaml": (("pyrra-connect-errors",), ()),
    "pyrra/pyrra-connect-latency.yaml": (
        (),
        ("15 spec.indicator.latencyNative: native histograms are not read; record {record:",),
    ),
    "slo-generator/slo_config_v2.yaml": (
        (),
        ('25 spec.backend: backend "cloud_monitoring" is not one that is read here',),
    ),
    "slo-generator/slo_report_v2.json": (
        (),
        ("1 : is a report that slo-generator gave, not a definition",),
    ),
    "openslo/budgeting-method/occurences-slo.yaml": (
        (),
        (f"17 spec.indicator.spec.thresholdMetric.metricSource: {ANY}",),
    ),
    "openslo/budgeting-method/ratio-timeslices.yaml": (
        (),
        (
            f"18 spec.indicator.spec.ratioMetric.good.metricSource: {ANY}",
            f"23 spec.indicator.spec.ratioMetric.total.metricSource: {ANY}",
        ),
    ),
    "openslo/budgeting-method/timeslices-slo.yaml": (
        (),
        (
            MINUTE,
            f"18 spec.indicator.spec.ratioMetric.good.metricSource: {ANY}",
            f"23 spec.indicator.spec.ratioMetric.total.metricSource: {ANY}",
        ),
    ),
    "openslo/treat-low-traffic-as-equally-important/timeslices-slo.yaml": (
        (),
        (
            f"16 spec.indicator.spec.ratioMetric.good.metricSource: {ANY}",
            f"21 spec.indicator.spec.ratioMetric.total.metricSource: {ANY}",
        ),
    ),
    "openslo/gosdk/slos.yaml": (("web-availability",), ()),
    "openslo/gosdk/slis.yaml": (
        (),
        (
            f"18 [0].spec.ratioMetric.good.metricSource: {OTHER.format('Datadog')}",
            f"24 [0].spec.ratioMetric.total.metricSource: {OTHER.format('Datadog')}",
            f"44 [1].spec.ratioMetric.bad.metricSource: {OTHER.format('AppDynamics')}",
            f"51 [1].spec.ratioMetric.total.metricSource: {OTHER.format('AppDynamics')}",
            "96 [3].spec: it is not a gauge alone, or its mean over a range; record it as {record:",
        ),
    ),
    "openslo/gosdk/services.yaml": ((), ('13 [1]: "example-service" is already defined at',)),
    "openslo/gosdk/data_sources.yaml": ((), (f"28 [1].spec.type: {OTHER.format('Datadog')}",)),
    "openslo/gosdk/alert_conditions.yaml": ((), ()),
    "openslo/gosdk/alert_policies.yaml": ((), ()),
    "openslo/gosdk/alert_notification_targets.yaml": ((), ()),
}


def test_every_example_there_is_stands_in_this_file(shared: Path) -> None:
    folder = shared / "examples"
    there = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.suffix in {".yml", ".yaml", ".json"}
    }

    assert there == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_imports_or_is_refused_with_its_line_path_and_reason(
    shared: Path, name: str
) -> None:
    ledger = Ledger()
    text = (shared / "examples" / name).read_text()

    held = registry.read({name: text}, ledger)

    slos, reasons = EXPECTED[name]
    assert tuple(carried.slo.name for carried in held.slos) == slos
    refused = [one for one in ledger.findings if one.weight is Weight.REFUSED]
    told = [f"{one.line} {one.path}: {one.what}" for one in refused]
    assert len(told) == len(reasons), told
    for said, reason in zip(told, reasons, strict=True):
        assert said.startswith(reason)
    # A file of which nothing is taken says why, if only that something else refers to it.
    assert held.slos or held.services or held.sources or ledger.findings


def test_the_files_of_the_sdk_together_are_one_slo_with_its_service_and_source(
    shared: Path,
) -> None:
    ledger = Ledger()
    files = sorted((shared / "examples/openslo/gosdk").glob("*.yaml"))

    held = registry.read({path.name: path.read_text() for path in files}, ledger)

    assert [carried.slo.name for carried in held.slos] == ["web-availability"]
    assert [owner.labels for owner in held.services] == [
        (("env", "prod"), ("team", "team-a, team-b"))
    ]
    assert [(one.name, one.address) for one in held.sources] == [
        ("prometheus", "http://prometheus.example.com")
    ]
    # Keys of other services stand in the file, and in nothing that is said about it.
    assert not any("my-api-key" in str(one) for one in ledger.findings)
