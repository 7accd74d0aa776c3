"""The words of an alert: what fails first, the deploy behind it, the factor last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alert_builders import an_alert
from alert_shop import Shop

from collectors.contract import Batch, Stream
from dashboard.config import Alerting
from dashboard.config.services import Service
from dashboard.views.alerts.telling import notice_of
from dashboard.views.counted.burning import burning
from dashboard.views.counted.figures import evaluate
from slo.alerting import AlertKind, Phase
from slo.facts import EventKind, EventRow
from slo.notices import Happening, Notice


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    found = Shop(tmp_path)
    yield found
    found.store.close()


def told(shop: Shop, happening: Happening = Happening.FIRING, **changed: object) -> Notice:
    """What is told of the shop's page at this moment."""
    (view,) = evaluate(shop.config.slos, shop.store.reader, as_of=shop.now, sources={})
    found = burning(view, shop.store.reader) if view.firing else None
    alert = replace(shop.page, **changed)
    return notice_of(alert, happening, view, found, shop.config, shop.now)


def test_the_first_line_says_what_fails_for_how_long_and_after_which_deploy(shop: Shop) -> None:
    deploy = EventRow(
        kind=EventKind.DEPLOYMENT,
        key="d1",
        at=shop.now - 60,
        observed_at=shop.now,
        fields={"version": "abc123"},
    )
    shop.store.ingest("ci", Stream("events"), Batch((deploy,)), (), now=shop.now)
    shop.burn(600)
    shop.judge()

    notice = told(shop)

    assert "50 % of requests failing for 10 min (allowed 0.1 %)" in notice.summary
    assert notice.summary.endswith("Started 1 min after deploy abc123.")
    assert "×" not in notice.summary


def test_the_factor_comes_last(shop: Shop) -> None:
    shop.burn()
    shop.judge()

    notice = told(shop)

    assert notice.lines[-1].startswith("Burns ")
    assert "×" not in "".join(notice.lines[:-1])


def test_links_lead_to_what_to_do_at_the_time_of_the_alert(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    name = shop.config.slos[0].service
    service = Service(name or "shop", team="payments", runbook="https://wiki/{service}?from={from}")
    slos = tuple(replace(slo, service=service.name) for slo in shop.config.slos)
    shop.config = replace(
        shop.config,
        slos=slos,
        services=(service,),
        alerting=Alerting(address="https://slo.example.org"),
    )

    notice = told(shop)

    links = dict(notice.links)
    assert links["Runbook"].startswith(f"https://wiki/{service.name}?from=20")
    assert links["burnline"] == "https://slo.example.org/now"
    assert links["Objective"] == "https://slo.example.org/objective?id=checkout"
    assert notice.team == "payments"


def test_the_end_says_how_long_it_went_on_and_what_is_left(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    began = shop.page.since

    over = {"phase": Phase.RESOLVED, "ended_at": began + 1_320}
    notice = told(shop, Happening.RESOLVED, **over)

    assert "over, after 22 min." in notice.summary
    assert "budget left." in notice.summary


def test_what_cannot_be_seen_is_said_to_be_unknown_and_kept(shop: Shop) -> None:
    shop.burn()
    shop.judge()

    notice = told(shop, Happening.STILL_FIRING, frozen_at=shop.now)

    assert any("nothing is known of the present" in line for line in notice.lines)


def test_what_is_told_says_when_it_began_and_at_which_moment_it_was_so(shop: Shop) -> None:
    shop.burn()
    shop.judge()

    said = "Began 14:02 UTC, first judged 14:10 UTC; as of 1 Jan 2026 14:10 UTC."
    assert said in told(shop).lines


def test_a_late_source_names_the_slos_that_cannot_be_judged(shop: Shop) -> None:
    stale = an_alert("shop", AlertKind.STALE, slos=("checkout", "login"))

    notice = notice_of(stale, Happening.FIRING, None, None, shop.config, shop.now)

    assert notice.summary == (
        "Source shop: no data since 12:00 UTC. 2 SLOs cannot be judged: checkout, login."
    )
    assert dict(notice.labels)["alertname"] == "SourceStale"
    assert notice.severity == "ticket"


def test_who_looks_after_it_is_named_and_handed_on(shop: Shop) -> None:
    shop.burn()
    shop.judge()

    notice = told(shop, Happening.STILL_FIRING, acknowledged_by="ada")

    assert "ada looks after it." in notice.lines
    assert notice.acknowledged_by == "ada"
