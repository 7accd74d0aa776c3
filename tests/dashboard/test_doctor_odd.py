"""`burnline doctor` and kinds of sources that no product would ship: it ends, and tells no secret."""

from __future__ import annotations

from pathlib import Path

from odd_sources import CANARY, register, runs, source
from verdict_builders import ROOT, burnline

_CODE = """
import os, sys
from pathlib import Path
from dashboard.shell.examining import examined
from dashboard.views.upkeep.doctor import lines

print("\\n".join(lines(examined(Path("config.toml"), 1_795_363_200, deadline_s=1.0))), flush=True)
os._exit(0)
"""


def odd(folder: Path) -> str:
    """The search path on which the odd kinds are installed."""
    register(folder)
    return f"{ROOT}:{ROOT / 'tests'}:{folder}"


def test_a_source_that_raises_what_it_should_not_is_a_defect_without_its_text(
    tmp_path: Path,
) -> None:
    (tmp_path / "config.toml").write_text(
        source(tmp_path, "shop", "broken") + source(tmp_path, "sound")
    )

    ran = burnline("doctor", folder=tmp_path, PYTHONPATH=odd(tmp_path))

    assert 'WRONG  source "shop"   a defect: unexpected ValueError at odd_sources.py:' in ran.out
    assert 'ok     source "sound"  answers: 1 stream, 1 rows in a first look' in ran.out
    assert CANARY not in ran.out + ran.err
    assert ran.code == 1
    assert len(runs(tmp_path, "sound")) == 1


def test_a_source_that_never_comes_back_is_left_behind_and_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        source(tmp_path, "shop", "hanging") + source(tmp_path, "sound")
    )

    ran = burnline(folder=tmp_path, code=_CODE, PYTHONPATH=odd(tmp_path))

    assert 'WRONG  source "shop"   not done within 1 s; the rest of it was not looked at' in ran.out
    assert "-> see why: burnline collect --once --source shop" in ran.out
    assert 'ok     source "sound"  answers' in ran.out
