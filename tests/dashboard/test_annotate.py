"""`burnline annotate`: a remark beside the figures, at once, or a sentence why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import NOON, minutes
from small_shop import SOURCE, a_promise
from verdict_builders import Ran, burnline, stored

from collectors.store.store import Reader
from slo.facts import EventKind, EventRow

CONFIG = SOURCE + a_promise(service='"checkout"')
AT = "2026-01-01T13:00:00+01:00"


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


def annotations(url: str) -> dict[str, EventRow]:
    with Reader.open(url) as reader:
        return {event.key: event for event in reader.events(EventKind.ANNOTATION)}


def annotate(folder: Path, *words: str) -> Ran:
    return burnline("annotate", *words, folder=folder)


def test_the_command_writes_at_once_with_the_entry_of_the_audit_log(folder: Path, url: str) -> None:
    before = set(annotations(url))
    ran = annotate(folder, "by hand", "--service", "checkout", "--at", AT, "--by", "ada")
    (key,) = set(annotations(url)) - before

    assert (ran.code, ran.out, ran.err) == (0, "noted for checkout: by hand\n", "")
    event = annotations(url)[key]
    assert (event.at, event.ended_at, event.fields) == (
        NOON,
        None,
        {"text": "by hand", "by": "ada"},
    )
    with Reader.open(url) as reader:
        assert reader.audit_log()[-1].detail["text"] == "by hand"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x", "--at", "2026-01-01T12:00"), "time zone"),
        (("x", "--service", "chekout"), 'did you mean "checkout"?'),
        (("x", "--until", AT), "until: needs `at`"),
        (("",), "text"),
        (("a\x1b[2Jb",), "printable"),
    ],
)
def test_the_command_refuses_what_means_no_annotation(
    folder: Path, url: str, words: tuple[str, ...], said: str
) -> None:
    before = annotations(url)
    ran = annotate(folder, *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert annotations(url) == before


def test_markup_in_an_annotation_is_kept_as_text(folder: Path, url: str) -> None:
    text = "<script>alert(1)</script> =1+1 ![](http://evil.example)"
    assert annotate(folder, text).code == 0

    assert text in {str(event.fields["text"]) for event in annotations(url).values()}


CLOUD = """
[[migration]]
name = "cloud"
before = [2025-01-01, 2025-07-01]
after = [2025-10-01, 2026-04-01]
[[migration.metric]]
id = "incidents"
kind = "event_rate"
events = "incident"
[[migration.metric]]
id = "releases"
kind = "event_rate"
events = "release"
"""


def newest_fields(url: str, before: set[str]) -> dict[str, object]:
    (key,) = set(annotations(url)) - before
    return dict(annotations(url)[key].fields)


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        (("incidents",), "incidents"),
        (("releases", "incidents", "releases"), "incidents,releases"),
        (("all",), "all"),
        (("incidents", "all"), "all"),
    ],
)
def test_what_an_annotation_breaks_is_kept_with_it_and_in_the_audit_log(
    folder: Path, url: str, named: tuple[str, ...], kept: str
) -> None:
    (folder / "config.toml").write_text(CONFIG + CLOUD)
    before = set(annotations(url))

    breaks = [word for name in named for word in ("--breaks", name)]
    ran = annotate(folder, "the feed changed", "--at", AT, *breaks)

    assert (ran.code, ran.err) == (0, "")
    assert newest_fields(url, before) == {"text": "the feed changed", "breaks": kept}
    with Reader.open(url) as reader:
        assert reader.audit_log()[-1].detail["breaks"] == kept


def test_an_annotation_without_a_metric_breaks_nothing(folder: Path, url: str) -> None:
    before = set(annotations(url))

    assert annotate(folder, "a remark").code == 0

    assert newest_fields(url, before) == {"text": "a remark"}


@pytest.mark.parametrize(
    ("config", "name", "said"),
    [
        (CONFIG + CLOUD, "incident", 'did you mean "incidents"?'),
        (CONFIG + CLOUD, "a,b", "breaks.0: must be"),
        (CONFIG + CLOUD, "", "breaks.0: must be"),
        (CONFIG, "incidents", "metrics of a [[migration]], or all"),
    ],
)
def test_an_annotation_breaks_only_metrics_that_there_are(
    folder: Path, url: str, config: str, name: str, said: str
) -> None:
    (folder / "config.toml").write_text(config)
    before = annotations(url)

    ran = annotate(folder, "the feed changed", "--breaks", name)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert annotations(url) == before
