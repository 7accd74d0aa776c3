"""Corrections out of files: all problems at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import NOON
from small_shop import SOURCE, a_promise

from dashboard.config import Config, load
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.file import corrections_in
from slo.corrections import CorrectionKind, Scope
from slo.errors import ConfigError
from slo.recurrence import Recurrence
from slo.spans import Span

CONFIG = SOURCE + a_promise(objective="99", service='"shop"')
AS_MOMENTS = ' such as "2026-11-22T15:40:00Z", "2026-11-22T16:40+01:00" or "2026-11-22"'


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """One SLO."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return load(path, {}, with_sources=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the corrections are written."""
    return tmp_path / "corrections.toml"


def refused(path: Path, config: Config, text: str) -> ConfigError:
    """What is said of a file of corrections with that text."""
    path.write_text(text)
    with pytest.raises(ConfigError) as found:
        corrections_in(path, Aims(config))
    return found.value


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("since = 0001-01-01T00:00:00+14:00", "2: correction 1: since: lies before 2000"),
        ("since = 9999-12-31T23:59:59-14:00", "2: correction 1: since: lies beyond the year 2100"),
        ("since = 2100-12-31T23:00:00Z", "1: correction 1: it ends beyond the year 2100"),
    ],
)
def test_a_moment_beyond_the_calendar_is_refused_as_one_beside_it_is(
    path: Path, config: Config, keys: str, said: str
) -> None:
    rest = 'for = "2h"\nkind = "maintenance"\nall = true\nreason = "x"\nby = "Ada"\n'

    error = refused(path, config, f"[[correction]]\n{keys}\n{rest}")

    assert error.what == f"{path}:{said}"


def test_every_problem_of_a_file_is_told_at_once_with_its_line(path: Path, config: Config) -> None:
    error = refused(
        path,
        config,
        """stray = 1
[[correction]]
kind = "holiday"
all = true
since = 2026-01-01T00:00:00Z
for = "2h"
reason = "x"
by = "Ada"
[[correction]]
kind = "maintenance"
slo = ["chekout"]
since = 2026-01-01T00:00:00Z
for = "2h"
reason = "x"
by = "Ada"
[[correction]]
kind = "maintenance"
all = true
since = 2026-01-01T02:00:00
until = 2026-01-01T03:00:00Z
reason = "x"
by = "Ada"
[[correction]]
kind = "maintenance"
all = true
rrule = "FREQ=SECONDLY"
start = 2026-01-01T02:00:00
zone = "Europe/Berlin"
for = "2h"
reason = "x"
by = "Ada"
""",
    )

    said = error.what
    assert f"{path}:1: stray: unknown key" in said
    assert f"{path}:3: correction 1: kind: must be one of" in said
    assert f'{path}:11: correction 2: slo 1: no slo is called "chekout"' in said
    assert f"{path}:19: correction 3: since: has no time zone" in said
    assert f"{path}:23: correction 4: FREQ is one of" in said


def test_a_table_with_a_wrong_field_is_judged_for_the_rest_and_every_unknown_name_is_told(
    path: Path, config: Config
) -> None:
    error = refused(
        path,
        config,
        """[[correction]]
key = "twice"
kind = "holiday"
slo = ["zzz", 3, "chekout"]
service = ["bank"]
[[correction]]
key = "twice"
kind = "holiday"
all = true
""",
    )

    said = error.what
    assert f"{path}:3: correction 1: kind: must be one of" in said
    assert f'{path}:4: correction 1: slo 1: no slo is called "zzz"' in said
    assert f"{path}:4: correction 1: slo 2: must be text in quotes" in said
    assert f'{path}:4: correction 1: slo 3: no slo is called "chekout" (did you mean' in said
    assert f'{path}:5: correction 1: service 1: no service is called "bank"' in said
    assert f'correction 2: the key "twice" stands at {path}:1, too' in said
    assert "the options that `burnline correct --help` describes" in (error.mend or "")


def test_keys_that_do_not_go_together_are_told_beside_keys_that_are_wrong(
    path: Path, config: Config
) -> None:
    error = refused(
        path,
        config,
        """[[correction]]
kind = "nonsense"
slo = ["zz"]
since = 2026-10-21T00:00:00Z
until = 2026-10-20T00:00:00Z
reason = ""
by = "Ada"
[[correction]]
kind = "maintenance"
zone = "Europe/Berlin"
since = 2026-10-21T00:00:00Z
until = 2026-10-20T00:00:00Z
reason = "x"
by = "Ada"
[[correction]]
slo = 5
since = "soon"
until = 2026-10-20T00:00:00Z
""",
    )

    whole = "name what it is about: slo, service, or all; zone goes with rrule"
    later = "until must be later than since, by at most 366 days"
    said = error.what.removesuffix(AS_MOMENTS).splitlines()
    assert [line.removeprefix(f"{path}:") for line in said] == [
        f"1: correction 1: {later}",
        '2: correction 1: kind: must be one of "maintenance", "false-positive" or "data-error"',
        '3: correction 1: slo 1: no slo is called "zz"',
        "6: correction 1: reason: must not be empty",
        f"8: correction 2: {whole}; {later}",
        '15: correction 3: by: missing; add for example by = "Ada"',
        '15: correction 3: kind: missing; add for example kind = "maintenance"',
        '15: correction 3: reason: missing; add for example reason = "failover drill"',
        "16: correction 3: slo: must be a list [ … ]",
        "17: correction 3: since: 'soon' is not a moment",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[correction]", "is a list of tables; write [[correction]] with two brackets"),
        ("correction = 5", "must be tables; write [[correction]]"),
    ],
)
def test_what_is_no_list_of_corrections_is_refused_and_not_taken_for_none(
    path: Path, config: Config, text: str, said: str
) -> None:
    assert said in refused(path, config, text).what


def test_a_file_that_is_not_there_or_no_toml_is_refused_with_its_name(
    tmp_path: Path, config: Config
) -> None:
    (tmp_path / "bad.toml").write_text("[[correction")

    for name, why in (("none.toml", "no such file"), ("bad.toml", "not valid TOML")):
        with pytest.raises(ConfigError, match=f"{name}.*{why}"):
            corrections_in(tmp_path / name, Aims(config))


def test_a_file_says_one_stretch_and_one_that_comes_round(path: Path, config: Config) -> None:
    path.write_text(
        """[[correction]]
key = "drill"
kind = "false-positive"
slo = ["checkout"]
since = "2026-01-01T12:00:00Z"
until = 2026-01-01T13:30:00+01:00
reason = "the probe was broken"
by = "Ada"
[[correction]]
kind = "maintenance"
service = ["shop"]
rrule = "FREQ=WEEKLY;BYDAY=SU"
start = 2026-01-04T02:00:00
zone = "Europe/Berlin"
for = "2h"
reason = "patches"
by = "Ada"
"""
    )

    once, again = corrections_in(path, Aims(config))

    assert (once.key, once.kind) == ("drill", CorrectionKind.FALSE_POSITIVE)
    assert once.when == Span(NOON, NOON + 1_800)
    assert again.key.startswith("maintenance-")
    assert isinstance(again.when, Recurrence)
    assert (again.scope, again.when.length_s) == (Scope(services=("shop",)), 7_200)
