"""Of which alerts a silence keeps quiet, and for how long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alert_builders import an_alert
from builders import HOUR_S, NOON

from slo.alerting import Alert, AlertKind
from slo.silences import Scope, Silence, silence_of
from slo.spans import Span


def silence(scope: Scope = Scope.ALL, name: str = "", **other: object) -> Silence:
    span = Span(NOON, NOON + HOUR_S)
    made = Silence(
        key="s1",
        scope=scope,
        name=name,
        span=span,
        author="ada",
        reason="drill",
        created_at=NOON,
    )
    return replace(made, **other)  # type: ignore[arg-type]


BLIND = an_alert("prometheus", AlertKind.STALE, slos=("checkout", "login"))


@pytest.mark.parametrize(
    ("made", "about", "service", "covers"),
    [
        (silence(), an_alert(), "", True),
        (silence(), BLIND, "", True),
        (silence(Scope.SLO, "checkout"), an_alert(), "", True),
        (silence(Scope.SLO, "checkout"), an_alert("checkout/GET"), "", True),
        (silence(Scope.SLO, "checkout"), an_alert("checkout-latency"), "", False),
        (silence(Scope.SLO, "checkout"), BLIND, "", False),
        (
            silence(Scope.SLO, "checkout"),
            an_alert("prometheus", AlertKind.STALE, slos=("checkout",)),
            "",
            True,
        ),
        (silence(Scope.SERVICE, "shop"), an_alert(), "shop", True),
        (silence(Scope.SERVICE, "shop"), an_alert(), "", False),
        (silence(Scope.SOURCE, "prometheus"), BLIND, "", True),
        (silence(Scope.SOURCE, "prometheus"), an_alert("prometheus"), "", False),
    ],
)
def test_a_silence_covers_what_it_names_and_nothing_that_only_begins_alike(
    made: Silence, about: Alert, service: str, covers: bool
) -> None:
    assert made.covers(about, service) is covers


def test_a_silence_always_ends_and_ends_sooner_where_it_is_revoked() -> None:
    whole, cut = silence(), silence(revoked_at=NOON + 60)

    assert [whole.holds_at(NOON + n) for n in (-1, 0, HOUR_S - 1, HOUR_S)] == [
        False,
        True,
        True,
        False,
    ]
    assert [cut.holds_at(NOON + n) for n in (59, 60)] == [True, False]
    assert silence(revoked_at=NOON + 9 * HOUR_S).until == NOON + HOUR_S


@pytest.mark.parametrize(("scope", "name"), [(Scope.ALL, "checkout"), (Scope.SLO, "")])
def test_a_silence_about_all_and_something_or_about_nothing_is_refused(
    scope: Scope, name: str
) -> None:
    with pytest.raises(ValueError, match="cannot be named"):
        silence(scope, name)


def test_of_several_silences_the_one_that_ends_last_is_named() -> None:
    short = silence(key="short", span=Span(NOON, NOON + 60))
    found = silence_of(an_alert(), "", [short, silence(key="long")], NOON)

    assert found is not None
    assert found.key == "long"
    assert silence_of(an_alert(), "", [short], NOON + 60) is None


def test_a_source_that_leaves_nothing_blind_is_under_no_silence_of_an_slo() -> None:
    nothing = an_alert("prometheus", AlertKind.STALE)

    assert not silence(Scope.SLO, "checkout").covers(nothing, "shop")
