"""`burnline slo import` of files with problems: all of them are told at once, each in its place."""

from __future__ import annotations

from pathlib import Path

from verdict_builders import burnline


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return name


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"\xff\xd8\xff")

    missing = burnline("slo", "import", "no.yaml", folder=tmp_path)
    picture = burnline("slo", "import", "picture.yaml", folder=tmp_path)

    assert (missing.code, missing.out) == (2, "")
    assert "at:  no.yaml" in missing.err
    assert (picture.code, picture.out) == (2, "")
    assert "is no text in UTF-8" in picture.err


def test_all_problems_of_all_files_are_told_at_once_with_line_and_path(tmp_path: Path) -> None:
    sloth = write(
        tmp_path,
        "sloth.yml",
        "version: prometheus/v1\nservice: a\nslos:\n"
        "  - name: b\n    objective: 100\n    sli:\n      events:\n"
        "        error_query: rate(e[{{.window}}])\n"
        "        total_query: sum(rate(t[{{.window}}]))\n",
    )
    pyrra = write(
        tmp_path,
        "pyrra.yml",
        "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: c}\n"
        "spec:\n  target: '0.99'\n  window: 12\n  indicator: {ratio: {total: {metric: t}}}\n",
    )

    ran = burnline("slo", "import", sloth, pyrra, folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    told = ran.err.splitlines()
    assert [line.partition(": refused")[0] for line in told] == [
        "pyrra.yml:5: spec.target",
        "pyrra.yml:6: spec.window",
        "pyrra.yml:7: spec.indicator.ratio",
        "sloth.yml:5: slos[0].objective",
        "sloth.yml:8: slos[0].sli.events",
    ]
    rule = '{record: "b:error_ratio", expr: "(rate(e[5m])) / (sum(rate(t[5m])))"}'
    assert f"record it as {rule}" in ran.err


SOUND = (
    "version: prometheus/v1\nservice: a\nslos:\n"
    "  - name: b\n    objective: 99\n    sli:\n      events:\n"
    "        error_query: sum(rate(e[{{.window}}]))\n"
    "        total_query: sum(rate(t[{{.window}}]))\n"
)


def test_files_that_cannot_be_read_hide_no_problem_of_the_others(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "sound.yml", SOUND),
        write(tmp_path, "low.yml", SOUND.replace("objective: 99", "objective: 0")),
        write(tmp_path, "twice.yml", SOUND.replace("    sli", "    objective: 9\n    sli")),
        "gone.yml",
        write(tmp_path, "open.yml", "slos: [\n"),
    ]

    ran = burnline("slo", "import", *files, "--out", "slo.toml", folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert not (tmp_path / "slo.toml").exists()
    head, *told = ran.err.splitlines()
    assert head.startswith("burnline: nothing is taken over while a file cannot be read")
    assert [line.partition(": ")[0] for line in told[:4]] == [
        "gone.yml",
        "twice.yml:6",
        "open.yml:2",
        "low.yml:5",
    ]
    assert "has 'objective' twice, first on line 5" in told[1]
    assert "slos[0].objective: refused: objective must be a percentage above 1" in told[3]
    assert told[4] == "  at:  gone.yml, twice.yml:6, open.yml:2"
    assert told[5].startswith("  fix: ")
    assert "sound.yml" not in ran.err


def test_a_file_that_cannot_be_read_beside_sound_ones_is_told_as_it_is_alone(
    tmp_path: Path,
) -> None:
    sound = write(tmp_path, "sound.yml", SOUND)
    twice = write(tmp_path, "twice.yml", SOUND.replace("    sli", "    objective: 9\n    sli"))

    alone = burnline("slo", "import", twice, folder=tmp_path)
    beside = burnline("slo", "import", sound, twice, folder=tmp_path)

    assert (beside.code, beside.out, beside.err) == (2, "", alone.err)
    assert alone.err.startswith("burnline: has 'objective' twice, first on line 5\n")
