"""`burnline silence`, `acknowledge` and `alerts`: what people do about an alert, by hand."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from alert_builders import an_alert
from builders import NOON, minutes
from small_shop import SOURCE, a_promise
from verdict_builders import Ran, burnline, stored

from collectors.store.alert_book import NewNotice
from collectors.store.store import Reader, Store
from slo.alerting import AlertKind
from slo.silences import Scope

CONFIG = SOURCE + a_promise(service='"shop floor"')
WHY = ("--by", "ada", "--reason", "failover drill")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a config and a store."""
    (tmp_path / "config.toml").write_text(CONFIG)
    stored(tmp_path, minutes([9], [10], since=NOON))
    return tmp_path


@pytest.fixture
def url(folder: Path) -> str:
    """The URL of its store."""
    return f"sqlite:///{folder / 'burnline.db'}"


def silence(folder: Path, *words: str) -> Ran:
    return burnline("silence", *words, folder=folder)


def fires(url: str) -> None:
    """Have an alert of checkout be live, with one notice on its way."""
    with Store.open(url, now=NOON) as store:
        told = NewNotice(alert=an_alert().key, channel="pager", happening="firing", body={})
        blind = an_alert("shop", AlertKind.STALE, slos=("checkout",))
        store.alerts.evaluated([an_alert(), blind], [told], now=NOON)


def test_a_silence_holds_at_once_and_says_until_when(folder: Path, url: str) -> None:
    ran = silence(folder, "checkout", "--for", "2h", *WHY)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("silenced: checkout until ")
    assert ran.out.endswith("by ada: failover drill\n")
    with Reader.open(url) as reader:
        (kept,) = reader.alerts.silences(0)
        (entry,) = reader.audit_log()
    assert (kept.scope, kept.name, kept.span.length_s) == (Scope.SLO, "checkout", 7_200)
    assert (entry.action, entry.detail["author"]) == ("silence", "ada")


@pytest.mark.parametrize(
    ("words", "scope", "name"),
    [
        (("--service", "shop floor"), Scope.SERVICE, "shop floor"),
        (("--source", "shop"), Scope.SOURCE, "shop"),
        (("--all",), Scope.ALL, ""),
    ],
)
def test_a_silence_is_of_a_service_a_source_or_of_everything(
    folder: Path, url: str, words: tuple[str, ...], scope: Scope, name: str
) -> None:
    assert silence(folder, *words, "--for", "30m", *WHY).code == 0

    with Reader.open(url) as reader:
        (kept,) = reader.alerts.silences(0)
    assert (kept.scope, kept.name) == (scope, name)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("checkout", *WHY), "needs an end"),
        (("checkout", "--for", "2h", "--until", "2030-01-01", *WHY), "one of them"),
        (("--for", "2h", *WHY), "name one of slo, service, source and all"),
        (("checkout", "--all", "--for", "2h", *WHY), "name one of slo"),
        (("checkout", "--for", "2h", "--reason", "drill"), "Missing option --by: "),
        (("checkout", "--for", "2h", "--by", "ada"), "Missing option --reason: "),
        (("checkout", "--for", "2h"), "Missing option --by and --reason: "),
        (("--end", "a1b2c3"), "Missing option --by: say who ends it"),
        (("checkout", "--end", "a1b2c3", "--by", "ada"), "name nothing beside it but --by"),
        (("--list", "--end", "a1b2c3"), "name nothing beside it"),
        (("chekout", "--for", "2h", *WHY), 'did you mean "checkout"?'),
        (("checkout", "--until", "2020-01-01", *WHY), "lies in the past"),
        (("checkout", "--for", "91d", *WHY), "at most 90 days"),
        (("checkout", "--for", "soon", *WHY), "for:"),
        (("checkout", "--for", "2h", "--by", "a\x1b[2J", "--reason", "x"), "printable"),
    ],
)
def test_a_silence_that_means_none_is_refused_and_changes_nothing(
    folder: Path, url: str, words: tuple[str, ...], said: str
) -> None:
    ran = silence(folder, *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    with Reader.open(url) as reader:
        assert reader.alerts.silences(0) == ()


def test_silences_are_listed_and_ended_by_their_keys(folder: Path) -> None:
    assert silence(folder, "--list").out == "Nothing is silenced.\n"
    silence(folder, "checkout", "--for", "2h", *WHY)
    (listed,) = orjson.loads(silence(folder, "--list", "--json").out)["silences"]
    assert (listed["scope"], listed["name"], listed["by"]) == ("slo", "checkout", "ada")
    assert "failover drill" in silence(folder, "--list").out

    ended = silence(folder, "--end", listed["key"], "--by", "bob")

    assert (ended.code, ended.out) == (0, f"ended: {listed['key']}\n")
    assert silence(folder, "--list").out == "Nothing is silenced.\n"
    again = silence(folder, "--end", listed["key"], "--by", "bob")
    assert (again.code, again.out) == (2, "")
    assert "is in force or to come" in again.err


def test_what_fires_is_acknowledged_under_a_name_and_shown_so(folder: Path, url: str) -> None:
    fires(url)

    ran = burnline("acknowledge", "checkout", "--by", "ada", folder=folder)
    shown = burnline("alerts", "checkout", folder=folder, COLUMNS="200")

    assert (ran.code, ran.out) == (0, "ada looks after checkout\n")
    assert "fires since 1 Jan 2026 12:00 UTC" in shown.out
    assert "ada looks after it since" in shown.out


def test_only_what_is_live_can_be_acknowledged(folder: Path, url: str) -> None:
    calm = burnline("acknowledge", "checkout", "--by", "ada", folder=folder)
    fires(url)
    wrong = burnline("acknowledge", "chekout", "--by", "ada", folder=folder)

    assert (calm.code, wrong.code) == (2, 2)
    assert "nothing asks for anyone now" in calm.err
    assert 'did you mean "checkout"?' in wrong.err


def test_alerts_name_what_is_late_and_what_it_leaves_without_figures(
    folder: Path, url: str
) -> None:
    fires(url)

    told = orjson.loads(burnline("alerts", "--json", folder=folder).out)

    page, late = sorted(told["alerts"], key=lambda one: one["kind"])
    assert (told["schema"], page["phase"], page["acknowledged_by"]) == (
        "burnline.alerts/1",
        "firing",
        None,
    )
    assert (late["subject"], late["slos"], late["severity"]) == ("shop", ["checkout"], "ticket")


def test_without_any_alert_the_command_says_so(folder: Path, url: str) -> None:
    with Store.open(url, now=NOON) as store:
        store.alerts.evaluated([], [], now=NOON)

    ran = burnline("alerts", folder=folder)

    said = "Nothing asked for anyone when all was last judged, at 1 Jan 2026 12:00 UTC."
    assert (ran.code, ran.out) == (0, f"Alerts\n    {said}\n")


@pytest.mark.parametrize("words", [("alerts", "chekout"), ("alerts", "--json", "chekout")])
def test_a_name_that_nobody_has_is_no_calm(folder: Path, words: tuple[str, ...]) -> None:
    ran = burnline(*words, folder=folder)

    assert (ran.code, ran.out) == (2, "")
    assert 'did you mean "checkout"?' in ran.err


def test_a_list_of_silences_is_of_all_and_says_so(folder: Path) -> None:
    ran = silence(folder, "--list", "checkout")

    assert ran.code == 2
    assert "--list shows every silence" in ran.err
