"""What a correction covers of an uptime is the same on *Delivery & incidents* as in its budget."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivery_builders import at
from delivery_store import AS_OF, CONFIG, kept, scene_of, states

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from dashboard.config import load
from dashboard.shell.correcting.aims import Aims
from dashboard.views.counted.figures import evaluate
from dashboard.views.delivery.outages import watched_of
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import Status
from slo.spans import Span
from slo.splits import splits_of

MORE = """
[[slo]]
name = "front"
service = "auth"
objective = 99
source = "shop"
uptime = 'probe{service="checkout"}'
[[slo]]
name = "both"
objective = 99
composite = "union-of-bad-slices"
members = ["front", "checkout uptime"]
[[slo]]
name = "fleet"
objective = 99
source = "shop"
uptime = 'probe'
group_by = ["service"]
"""
LOOKS = {
    at("2026-11-20T00:00"): Status.UP,
    at("2026-11-20T12:00"): Status.DOWN,
    at("2026-11-20T18:00"): Status.UP,
    at("2026-11-21T00:00"): Status.UP,
}
OUTAGE = Span(at("2026-11-20T12:00"), at("2026-11-20T18:00"))
WHOLE = Span(at("2026-11-19"), AS_OF)
DOWN, EXCUSED = (0.75, [""]), (1, ["maintenance"])
"""Six of 24 hours are seen down: so they count, or all of them are corrected."""


@pytest.mark.parametrize(
    ("named", "front", "member"),
    [
        ("checkout uptime", EXCUSED, DOWN),
        ("front", EXCUSED, DOWN),
        ("both", EXCUSED, DOWN),
        ("fleet", DOWN, EXCUSED),
        ("fleet/checkout", DOWN, EXCUSED),
    ],
)
def test_every_uptime_of_the_probe_that_is_corrected_follows_whoever_is_named(
    tmp_path: Path, named: str, front: tuple[float, list[str]], member: tuple[float, list[str]]
) -> None:
    folder = kept(tmp_path, config=CONFIG + MORE)
    config = load(folder / "config.toml", {}, with_sources=False)
    with Store.open(config.store_url, now=AS_OF) as store:
        asked = [each for slo in config.slos for each in (slo.indicator, *splits_of(slo))]
        store.ingest("shop", Stream("probes"), Batch((states(LOOKS),)), tuple(asked), now=AS_OF)
        drill = Correction(
            key="drill",
            kind=CorrectionKind.MAINTENANCE,
            scope=Scope(slos=(named,)),
            when=OUTAGE,
            reason="a drill",
            author="Ada",
        )
        targets = Aims(config, store.reader).targets(drill.scope)
        store.corrections.put(drill, targets, actor="Ada", now=AS_OF)

    with scene_of(folder) as scene:
        views = evaluate(config.slos, scene.reader, as_of=AS_OF, sources={})
        found = {}
        for view in (*views[:2], *views[3].parts):
            seen = watched_of(scene, view.slo, WHOLE)
            known = seen.stretches(seen.corrected).downtime(WHOLE)
            up = 1 - sum(known.outages_s) / known.observed_s
            found[view.name] = (up, [one.excused for one in seen.outages])
            assert view.sli == up

    assert found == {"checkout uptime": front, "front": front, "fleet/checkout": member}
