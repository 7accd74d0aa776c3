"""Every problem of a configuration is told at once, each with its line and its mend."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from config_builders import SLO, SOURCE, problems

from dashboard.config import load
from slo.errors import ConfigError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def test_every_problem_of_every_table_is_told_at_once_in_the_order_of_the_lines() -> None:
    found = problems(
        """\
timezone = "Europe/Berln"
stroe = "x"
[[source]]
kind = "prometeus"
every = 5
[[slo]]
name = "checkout-latency"
objectve = 95
objective = 0.9995
histogram = 'x{job="checkout"}'
latency = "0ms"
[[slo]]
name = "b"
objective = 100
total = "x{"
good = "x"
bad = "y"
window = "1mo"
[[slo.alert]]
severity = "pgae"
budget = 2
long = "1h"
short = "5"
[[slo]]
name = "b"
objective = "95"
combine = "some"
[service]
name = "x"
"""
    )

    assert [problem.split(": ")[0] for problem in found] == [
        f"config.toml:{line}"
        for line in (1, 2, 4, 5, 8, 9, 11, 14, 15, 17, 18, 20, 23, 24, 25, 26, 27, 28)
    ]
    assert 'config.toml:2: stroe: unknown key (did you mean "store"?)' in found
    assert (
        'config.toml:8: slo "checkout-latency": objectve: unknown key'
        ' (did you mean "objective"?)' in found
    )
    assert 'config.toml:11: slo "checkout-latency": latency: must be greater than 0' in found


ONE_PROBLEM = [
    (
        "",
        SLO + 'uptime = "a"',
        'config.toml:1: slo "a": nothing to measure it with; add a [[source]]',
    ),
    (
        SOURCE,
        '[[slo]]\nname = "a"\nuptime = "a"',
        "objective: missing; add for example objective = 99.9",
    ),
    (
        SOURCE,
        SLO + 'uptime = "a"\nsource = "prometeus"',
        'no source is called "prometeus" (did you mean "prometheus"?)',
    ),
    (SOURCE, SLO + 'total = "rate(a[5m])"', "is not a selector"),
    (SOURCE, SLO + 'total = "a"\nabsent = "zero"', "neither is written"),
    (SOURCE, SLO + 'total = "a"\ngood = "b"\nbad = "c"', "write good or bad, not both"),
    (SOURCE, SLO + 'total = "a"\nlatency = "1s"', "latency: does not go with total"),
    (SOURCE, SLO + 'histogram = "a"', 'latency: missing; add for example latency = "500ms"'),
    (
        SOURCE,
        SLO + 'histogram = "a"\nlatency = 500',
        'latency: must be text in quotes such as "500ms"',
    ),
    (SOURCE, SLO + 'histogram = "a"\nlatency = "500"', 'has no unit; write for example "500s"'),
    (SOURCE, SLO + 'uptime = "a"\ntotal = "b"', "uptime: measures something else than total"),
    (SOURCE, SLO, "measures nothing; add histogram, samples, points, total, uptime"),
    (SOURCE, SLO + 'uptime = "a"\nwindow = "5m"', "of 1h or more"),
    (SOURCE, SLO + 'uptime = "a"\nwindow = "monht"', 'or "week", "month", "quarter", "year"'),
    (SOURCE, SLO + 'uptime = "a"\nwindow = "99999w"', "20 years or less"),
    (SOURCE, SLO + 'uptime = "a"\ntimezone = "../../etc/passwd"', "is not an IANA time zone"),
    (SOURCE, SLO + 'uptime = "a"\ntimezone = "Europe"', "is not an IANA time zone"),
    (SOURCE, SLO.replace("99.9", "nan") + 'uptime = "a"', "objective: must be a percentage"),
    (SOURCE, SLO.replace("99.9", "1e-999999999") + 'uptime = "a"', "beyond all measure"),
    (SOURCE, SLO.replace("99.9", "99." + "9" * 4_400) + 'uptime = "a"', "at most 12 digits"),
    (SOURCE, SLO.replace("99.9", "true") + 'uptime = "a"', "must be a percentage such as 99.95"),
    (SOURCE, SLO.replace("99.9", "100") + 'uptime = "a"', "there is no budget to burn"),
    (SOURCE, SLO.replace("99.9", "0.9995") + 'uptime = "a"', "write objective = 99.95"),
    (SOURCE, SLO.replace('"a"', '" a"') + 'uptime = "a"', "without outer blanks"),
    (SOURCE, SLO.replace('"a"', '"a\\u001b"') + 'uptime = "a"', "printable characters"),
    (
        SOURCE,
        "[[slo]]\nname = 5\nobjective = 99\nuptime = 'a'",
        "slo 1: name: must be text in quotes",
    ),
    (SOURCE, SOURCE, '"prometheus" is also the name of the source at config.toml:1; add name'),
    (
        SOURCE,
        "[[source]]\nname = 'x'\nkind = 'nothing'",
        'unknown kind "nothing"; there are: files, ',
    ),
    (SOURCE, "[[source]]\nname = 'x'", 'kind: missing; add for example kind = "prometheus"'),
    (SOURCE, "[[source]]\nname = 'x'\nkind = 'prometheus'", "url: missing"),
    (SOURCE, "backfil = '3d'", 'backfil: unknown key (did you mean "backfill"?)'),
    (SOURCE, "every = '0s'", "every: must be greater than 0"),
    (SOURCE, "every = '1.5s'", "is not a whole number of seconds"),
    ("slo = 5\n", SOURCE, "slo: must be tables; write [[slo]]"),
    ("store = 'mysql://x'\n", SOURCE, "must be a database URL"),
    ("store = 'postgresql://me:hunter2@db/x'\n", SOURCE, "holds a password"),
    ("include = 5\n", SOURCE, "include: must be a list"),
    ("include = ['http://evil/x.toml']\n", SOURCE, "include 1: must be the path of a file"),
    ("include = ['gone.toml']\n", SOURCE, '"gone.toml": no such file'),
    (
        SOURCE,
        "[[service]]\nname = 'shop'\n" + SLO + "uptime = 'a'\nservice = 'shp'",
        'did you mean "shop"?',
    ),
    (
        SOURCE,
        "[[service]]\nname = 'x'\n[[service]]\nname = 'x'",
        '"x" is already defined at config.toml:4',
    ),
    (
        SOURCE,
        SLO + "uptime = 'a'\n[[slo.alert]]\nseverity='page'\nbudget=2\nlong='5m'\nshort='1h'",
        "alert 1.short: must be shorter than long",
    ),
    (
        SOURCE,
        SLO + "uptime = 'a'\n[[slo.alert]]\nseverity='page'\nbudget=nan\nlong='1h'\nshort='5m'",
        "alert 1.budget: must be a percentage",
    ),
    (
        SOURCE,
        SLO
        + "uptime = 'a'\n[[slo.alert]]\nseverity='page'\nlnog='1h'\nbudget=2\nlong='1h'\nshort='5m'",
        'alert 1.lnog: unknown key (did you mean "long"?)',
    ),
    (SOURCE, "x = [", "not valid TOML"),
    (SOURCE, "url = 'twice'", "not valid TOML: cannot overwrite a value"),
    (SOURCE, "deep = " + "[" * 5_000 + "]" * 5_000, "nests its tables too deeply"),
    (SOURCE, "huge = " + "9" * 5_000, "beyond all measure"),
]


@pytest.mark.parametrize(
    ("head", "tail", "said"), ONE_PROBLEM, ids=[case[2][:40] for case in ONE_PROBLEM]
)
def test_one_mistake_is_one_problem_that_says_how_to_mend_it(
    head: str, tail: str, said: str
) -> None:
    found = problems(f"{head}{tail}\n")

    assert len(found) == 1
    assert said in found[0]
    assert "hunter2" not in found[0]


def test_syntax_is_told_by_its_line_even_at_the_end_of_the_text() -> None:
    assert problems("a = 1\nb = = 2\n")[0].startswith("config.toml:2: not valid TOML")
    assert problems('a = 1\nb = """x\n')[0].startswith("config.toml:3: not valid TOML")


def test_several_sources_need_the_slo_to_say_which() -> None:
    other = SOURCE.replace("[[source]]", '[[source]]\nname = "other"')

    found = problems(f'{SOURCE}{other}{SLO}uptime = "a"\n')

    assert found == [
        'config.toml:8: slo "a": source: missing; there are several: prometheus, other'
    ]


def test_a_file_that_is_no_text_names_the_line_of_the_first_bad_byte() -> None:
    Path("config.toml").write_bytes(b"a = 1\nb = '\xff'\n")

    with pytest.raises(ConfigError, match=r"config.toml:2: is not UTF-8 text"):
        load(Path("config.toml"), {})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _path: None, "config.toml: no such file\n"),
        (lambda path: path.mkdir(), "is not a plain file"),
        (os.mkfifo, "is not a plain file"),
        (lambda path: path.write_bytes(b"#" * (4 * 2**20 + 1)), "larger than 4 MiB"),
        (lambda path: path.symlink_to(path), "cannot be read"),
    ],
)
def test_what_is_no_readable_file_is_said_to_be_none(make: object, said: str) -> None:
    make(Path("config.toml"))  # type: ignore[operator]

    with pytest.raises(ConfigError, match=said):
        load(Path("config.toml"), {})
