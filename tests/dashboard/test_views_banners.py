"""What stands above every page, each in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOON
from small_shop import SOURCE

from collectors.store.ground import Ground
from collectors.store.leases import Standing
from collectors.store.opening.space import Space
from collectors.store.reader import Reader
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.upkeep.banners import Banner, above, banners_of
from dashboard.views.upkeep.scene import Scene
from slo.errors import ConfigError

CONFIG = SOURCE
SOUND = Ground(Path("s.db"), "a", "a", True, True, True, 10, Space(10**12, 10**12))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store without facts."""
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as opened:
        yield opened


def said(
    folder: Path,
    *,
    as_of: int = NOON,
    config: str = CONFIG,
    fixed: bool = False,
    ground: Ground | None = SOUND,
) -> tuple[Banner, ...]:
    """The banners on the folder's store."""
    path = folder / "config.toml"
    path.write_text(config)
    loaded = load(path, {}, with_sources=False)
    with Reader.open(f"sqlite:///{folder}/burnline.db") as reader:
        return banners_of(Scene(loaded, reader, as_of, fixed, ground))


def digest(folder: Path) -> str:
    (folder / "config.toml").write_text(CONFIG)
    return load(folder / "config.toml", {}, with_sources=False).digest


def test_all_is_said_by_silence_while_the_collector_beats(store: Store, tmp_path: Path) -> None:
    store.take_lease("a", 7, "ops", Standing(digest(tmp_path)), now=NOON - 9)

    assert said(tmp_path) == ()


@pytest.mark.usefixtures("store")
def test_who_never_ran_a_collector_misses_none(tmp_path: Path) -> None:
    assert said(tmp_path) == ()


def test_a_collector_that_is_not_seen_any_more_is_told_with_the_moment_figures_stop(
    store: Store, tmp_path: Path
) -> None:
    store.take_lease("a", 7, "ops", Standing(digest(tmp_path)), now=NOON - 180)

    (banner,) = said(tmp_path)

    assert banner.what == "Collector not seen for 3 min: figures stop at 11:57 UTC."
    assert banner.mend == (
        "Look at process 7 on ops; where it is gone, `burnline up` starts another."
    )


def test_a_collector_is_missed_within_two_of_the_shortest_intervals(
    store: Store, tmp_path: Path
) -> None:
    store.take_lease("a", 7, "ops", Standing(digest(tmp_path)), now=NOON)

    assert said(tmp_path, as_of=NOON + 29) == ()
    assert said(tmp_path, as_of=NOON + 30) != ()


def test_a_fixed_moment_is_said_to_be_and_tells_nothing_of_how_it_stands_now(
    store: Store, tmp_path: Path
) -> None:
    wrong = Standing("f" * 12, config_problem="config.toml:3: a: b", paused="Disk full")
    store.take_lease("a", 7, "ops", wrong, now=NOON - 5)
    full = replace(SOUND, space=Space(10**6, 10**9))

    (banner,) = said(tmp_path, fixed=True, ground=full)

    assert banner == Banner("As of 1 Jan 2026 12:00 UTC, not live.", is_note=True)


def test_who_ended_the_collector_and_collects_once_at_a_time_is_not_warned(
    store: Store, tmp_path: Path
) -> None:
    store.take_lease("a", 7, "ops", Standing(""), now=NOON - 900)
    store.release_lease("a", now=NOON - 600)
    (ended,) = said(tmp_path)
    store.record(RunRecord("shop", NOON - 60, NOON - 59))

    assert ended.what == "Collector ended in good order: figures stop at 11:50 UTC."
    assert said(tmp_path) == ()


def test_paused_collecting_is_told_in_the_collectors_own_words(
    store: Store, tmp_path: Path
) -> None:
    words = "Disk full: collecting is paused since 14:02 UTC. Free 64 MB or more"
    store.take_lease("a", 7, "ops", Standing(digest(tmp_path), paused=words), now=NOON - 5)
    full = replace(SOUND, space=Space(10**6, 10**9))

    assert [one.what for one in said(tmp_path, ground=full)] == [words]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("free_bytes", "words"),
    [
        (10 * 2**20, "Disk full: 10 MB are left, and nothing is written below 64 MB."),
        (200 * 2**20, "Disk low: 210 MB are left for the store."),
    ],
)
def test_little_room_on_the_disk_is_told_before_and_when_nothing_is_written(
    tmp_path: Path, free_bytes: int, words: str
) -> None:
    (banner,) = said(tmp_path, ground=replace(SOUND, space=Space(free_bytes, 10**12)))

    assert banner.what == words


def test_two_configurations_are_told_apart_by_their_digests(store: Store, tmp_path: Path) -> None:
    store.take_lease("a", 7, "ops", Standing("f" * 12), now=NOON - 5)

    (banner,) = said(tmp_path)

    assert banner.what == (
        f"The collector works by configuration ffffff, these pages by {digest(tmp_path)[:6]}."
    )
    assert "`kill -HUP 7`" in banner.mend


def test_a_collector_that_keeps_its_old_configuration_says_why(
    store: Store, tmp_path: Path
) -> None:
    problem = 'config.toml:12: slo "checkout": latency: must be greater than 0\nanother'
    store.take_lease("a", 7, "ops", Standing("f", config_problem=problem), now=NOON - 5)

    (banner,) = said(tmp_path)

    assert banner.what == (
        'Line 12 of config.toml: slo "checkout": latency: must be greater than 0, and 1 more;'
        " the collector keeps the configuration from before."
    )


def test_a_file_that_is_not_in_force_is_told_once_for_pages_and_collector(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG + "this is no TOML\n")
    with pytest.raises(ConfigError) as caught:
        load(path, {}, with_sources=False)
    broken = caught.value
    standing = Standing("f", config_problem=broken.what)
    store.take_lease("a", 7, "ops", standing, now=NOON - 5)
    generated = Banner("Generated")

    (both,) = above(said(tmp_path), broken)
    (alone, other) = above([generated], broken)

    assert both.what == (
        "Line 7 of config.toml is not valid TOML (expected '=' after a key in a key/value pair);"
        " pages and collector keep the configuration from before."
    )
    assert both.mend == ""
    assert alone.what.endswith("; pages keep the configuration from before.")
    assert other is generated
    assert above([generated], None) == (generated,)


def test_more_than_one_problem_of_a_file_is_counted() -> None:
    error = ConfigError("/etc/config.toml:3: a: unknown key\nb\nc", where="config.toml", mend="")

    (banner,) = above((), error)

    assert banner.what.startswith("Line 3 of config.toml: a: unknown key, and 2 more; pages keep")
    assert banner.mend == "`burnline doctor` lists all of them."


@pytest.mark.usefixtures("store")
def test_made_up_figures_are_said_to_be_and_how_to_come_by_ones_own(tmp_path: Path) -> None:
    made_up = CONFIG.replace('name = "shop"', 'name = "shop"\ngenerated = true')
    real = CONFIG.replace('"shop"', '"real"')

    (alone,) = said(tmp_path, config=made_up)
    (among,) = said(tmp_path, config=made_up + real)

    assert (alone.what, alone.is_note) == (
        "Generated figures: nothing here was measured.",
        True,
    )
    assert "burnline init --from-prometheus" in alone.mend
    assert among.what == "What shop tells is generated."


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ("shop real shop", "2 of 3 objectives show generated figures."),
        ("shop shop", "All 2 objectives show generated figures."),
        ("shop", "The objective shows generated figures."),
    ],
)
def test_it_is_objectives_that_are_counted(tmp_path: Path, sources: str, words: str) -> None:
    made_up = CONFIG.replace('name = "shop"', 'name = "shop"\ngenerated = true')
    slos = "".join(
        f'[[slo]]\nname = "{i}"\nobjective = 99\nsource = "{name}"\ntotal = "r{i}"\n'
        for i, name in enumerate(sources.split())
    )

    (banner,) = said(tmp_path, config=made_up + CONFIG.replace('"shop"', '"real"') + slos)

    assert banner.what == words


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("second", "words"), [("shop", "All 3"), ("real", "2 of 3")])
def test_a_composite_counts_as_made_up_where_a_member_of_it_is(
    tmp_path: Path, second: str, words: str
) -> None:
    made_up = CONFIG.replace('name = "shop"', 'name = "shop"\ngenerated = true')
    slos = "".join(
        f'[[slo]]\nname = "{name}"\nobjective = 99\nsource = "{source}"\ntotal = "r"\n'
        for name, source in (("a", "shop"), ("b", second))
    )
    whole = (
        '[[slo]]\nname = "c"\nobjective = 99\ncomposite = "worst-member"\nmembers = ["a", "b"]\n'
    )
    real = CONFIG.replace('"shop"', '"real"')

    (banner,) = said(tmp_path, config=made_up + real + slos + whole)

    assert banner.what == f"{words} objectives show generated figures."
