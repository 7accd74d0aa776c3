"""A configuration is read whole: into frozen values, or into every problem with its line."""

from __future__ import annotations

import dataclasses
import os
import pickle
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from collectors.sources.prometheus import Options
from dashboard.config import Config, load
from slo.errors import ConfigError
from slo.indicator import Absent, Combine, Latency, Ratio, Uptime
from slo.policy import BurnRow, Severity
from slo.spans import CalendarWindow, Period, RollingWindow

EIGHT_LINES = """\
[[source]]
kind = "prometheus"
url = "http://127.0.0.1:9090"

[[slo]]
name = "checkout-latency"          # 95 % of requests under 500 ms (p95 < 500 ms), over 30 days
objective = 95
histogram = 'http_request_duration_seconds_bucket{job="checkout"}'
latency = "500ms"
"""
SOURCE = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
SLO = '[[slo]]\nname = "a"\nobjective = 99.9\n'


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(
    text: str, *, env: dict[str, str] | None = None, name: str = "config.toml"
) -> Config:
    Path(name).write_text(text, encoding="utf-8")
    return load(Path(name), env or {})


def problems(text: str, **kwargs: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        configured(text, **kwargs)
    return caught.value.what.split("\n")


def test_eight_lines_are_a_complete_configuration() -> None:
    config = configured(EIGHT_LINES)

    (source,), (slo,) = config.sources, config.slos
    assert (source.name, source.kind, source.every_s, source.backfill_s) == (
        "prometheus",
        "prometheus",
        60,
        30 * 86_400,
    )
    assert isinstance(source.options, Options)
    assert source.options.url == "http://127.0.0.1:9090"
    assert slo.indicator == Latency(
        0.5, histogram='http_request_duration_seconds_bucket{job="checkout"}'
    )
    assert source.indicators == (slo.indicator,)
    assert (slo.source, slo.objective.target) == ("prometheus", Fraction(95, 100))
    assert slo.window == RollingWindow(30 * 86_400)
    assert config.store_url == f"sqlite:///{Path.cwd() / 'burnline.db'}"
    assert config.timezone == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("keys", "indicator"),
    [
        ('total = "a"\ngood = "b"', Ratio("a", good="b")),
        ('total = "a"\nbad = "b"\nabsent = "zero"', Ratio("a", bad="b", absent=Absent.ZERO)),
        ('samples = "s"\nlatency = "1s"', Latency(1.0, samples="s")),
        (
            'samples = "s"\nlatency = "2.5ms"\nonly_if = "ok"',
            Latency(0.0025, samples="s", only_if="ok"),
        ),
        ("uptime = \"up{b='1', a='2'}\"", Uptime('up{a="2",b="1"}')),
        (
            'uptime = "up"\nvalid_for = "26h"\ncombine = "all"',
            Uptime("up", 93_600, Combine.ALL),
        ),
    ],
)
def test_each_form_of_an_slo_becomes_its_indicator(keys: str, indicator: object) -> None:
    assert configured(f"{SOURCE}{SLO}{keys}\n").slos[0].indicator == indicator


def test_total_alone_names_rows_of_files_that_carry_both_counts() -> None:
    source = '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "requests"\n'

    assert configured(f'{source}{SLO}total = "a"\n').slos[0].indicator == Ratio("a")


def test_an_objective_is_exactly_what_is_written_however_binary_numbers_round_it() -> None:
    config = configured(SOURCE + SLO.replace("99.9", "99.95") + 'uptime = "a"\n')

    assert config.slos[0].objective.target == Fraction(9995, 10_000)
    assert config.slos[0].objective.percent == Decimal("99.95")


def test_calendar_windows_take_the_zone_of_the_slo_else_of_the_file() -> None:
    text = 'timezone = "Europe/Berlin"\n' + SOURCE
    text += SLO + 'window = "month"\nuptime = "a"\n'
    text += (
        SLO.replace('"a"', '"b"') + 'window = "week"\ntimezone = "Asia/Kathmandu"\nuptime = "a"\n'
    )

    windows = [slo.window for slo in configured(text).slos]

    assert windows == [
        CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin")),
        CalendarWindow(Period.WEEK, ZoneInfo("Asia/Kathmandu")),
    ]


def test_alert_rows_replace_the_default_policy_and_are_none_otherwise() -> None:
    row = '[[slo.alert]]\nseverity = "page"\nbudget = 2.5\nlong = "1h"\nshort = "5m"\n'

    with_rows = configured(f'{SOURCE}{SLO}uptime = "a"\n{row}').slos[0].policy

    assert with_rows == (BurnRow(Severity.PAGE, Fraction(25, 1000), 3_600, 300),)
    assert configured(f'{SOURCE}{SLO}uptime = "a"\n').slos[0].policy is None


def test_services_keep_their_people_and_links() -> None:
    text = '[[service]]\nname = "shop"\nteam = "pay"\nlabels = { tier = "1", area = "eu" }\n'

    (service,) = configured(text).services

    assert (service.name, service.team, service.runbook) == ("shop", "pay", "")
    assert service.labels == (("area", "eu"), ("tier", "1"))


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


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem() -> None:
    Path("config.toml").write_bytes(b"\xef\xbb\xbf" + EIGHT_LINES.replace("\n", "\r\n").encode())

    assert load(Path("config.toml"), {}).slos[0].name == "checkout-latency"


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


def test_included_files_add_their_tables_and_keep_their_own_names_and_lines() -> None:
    Path("slo.d").mkdir()
    Path("slo.d/a.toml").write_text(SLO + 'uptime = "a"\n')
    Path("slo.d/b.toml").write_text("\n" + SLO.replace('"a"', '"b"') + 'uptime = "{"\n')

    found = problems('include = ["slo.d/*.toml"]\n' + SOURCE)

    assert found == [
        'slo.d/b.toml:5: slo "b": uptime: \'{\' is not a selector such as name{label="value"}'
    ]


def test_a_file_included_twice_counts_once_and_a_pattern_may_match_none() -> None:
    Path("a.toml").write_text(SLO + 'uptime = "a"\n')

    config = configured('include = ["a.toml", "*.toml", "none.d/*.toml"]\n' + SOURCE)

    assert [slo.name for slo in config.slos] == ["a"]


def test_an_included_file_may_not_move_the_store_or_include_more() -> None:
    Path("a.toml").write_text('store = "sqlite:///x.db"\ninclude = ["b.toml"]\n')

    found = problems('include = ["a.toml"]\n' + SOURCE)

    assert found == [
        "a.toml:1: store: stands in config.toml alone",
        "a.toml:2: include: stands in config.toml alone",
    ]


def test_the_store_lies_beside_the_configuration_not_beside_the_user(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "config.toml").write_text('store = "sqlite:///data/x.db"\n' + SOURCE)

    config = load(folder / "config.toml", {})

    assert config.store_url == f"sqlite:///{folder / 'data/x.db'}"


def test_the_digest_changes_with_any_file_and_with_nothing_else() -> None:
    Path("a.toml").write_text(SLO + 'uptime = "a"\n')
    text = 'include = ["a.toml"]\n' + SOURCE

    first, again = configured(text).digest, configured(text).digest
    Path("a.toml").write_text(SLO + 'uptime = "b"\n')

    assert first == again
    assert configured(text).digest != first


def test_a_configuration_cannot_be_changed_once_it_is_read() -> None:
    config = configured(EIGHT_LINES)

    with pytest.raises(dataclasses.FrozenInstanceError):
        config.slos = ()  # type: ignore[misc]


def test_a_secret_comes_from_the_environment_and_is_shown_nowhere() -> None:
    text = f'store = {{ env = "STORE" }}\n{SOURCE}token = {{ env = "TOKEN" }}\n'
    text += 'headers = { X-Scope-OrgID = "team-a", Authorization = { env = "TOKEN" } }\n'
    env = {"TOKEN": "hunter2", "STORE": "postgresql+psycopg://me:hunter2@db/x"}

    config = configured(text, env=env)

    options = config.sources[0].options
    assert isinstance(options, Options)
    assert options.token is not None
    assert options.token.get_secret_value() == "hunter2"
    assert options.headers["Authorization"].get_secret_value() == "hunter2"
    assert options.headers["X-Scope-OrgID"].get_secret_value() == "team-a"
    assert config.store_url.endswith("@db/x")
    assert "hunter2" not in repr(config) + str(config) + repr(options) + options.model_dump_json()


def test_a_secret_file_is_read_beside_the_configuration_without_its_last_line_end() -> None:
    Path("token").write_text("hunter2\n")
    Path("token").chmod(0o600)

    options = configured(SOURCE + 'token = { file = "token" }\n').sources[0].options

    assert isinstance(options, Options)
    assert options.token is not None
    assert options.token.get_secret_value() == "hunter2"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('token = "hunter2"', "a secret is never written out here"),
        ("token = 5", "is a secret; write"),
        ('token = { env = "UNSET" }', "the environment variable UNSET is not set"),
        ('token = { evn = "TOKEN" }', "is a secret; write"),
        ('token = { env = "TOKEN", file = "x" }', "names both env and file"),
        ('token = { file = "gone" }', "cannot be read: No such file or directory"),
        ('token = { file = "." }', "is not a plain file"),
        ('token = { file = "open" }', "can be read by others (mode 644); chmod 600 open"),
        ('token = { file = "empty" }', "is empty"),
        ('token = { file = "binary" }', "is not text"),
        ('headers = { Authorization = "hunter2" }', "headers.Authorization: a secret is never"),
        ('headers = { X-Api-Key = "hunter2" }', "headers.X-Api-Key: a secret is never"),
    ],
)
def test_a_secret_that_is_written_out_or_cannot_be_had_is_a_problem_without_it(
    written: str, said: str
) -> None:
    for name, content, mode in (
        ("open", b"hunter2", 0o644),
        ("empty", b"\n", 0o600),
        ("binary", b"\xff\xfe", 0o600),
    ):
        Path(name).write_bytes(content)
        Path(name).chmod(mode)

    found = problems(f"{SOURCE}{written}\n", env={"TOKEN": "x"})

    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("config.toml:4: ")
    assert "hunter2" not in found[0]


def test_a_command_that_asks_no_source_needs_none_of_their_secrets() -> None:
    Path("config.toml").write_text(EIGHT_LINES.replace("url", 'token = { env = "UNSET" }\nurl'))

    config = load(Path("config.toml"), {}, with_sources=False)

    assert config.sources[0].options is None
    assert config.sources[0].indicators == (config.slos[0].indicator,)


def test_only_the_sources_that_are_asked_need_their_secrets() -> None:
    other = SOURCE.replace("[[source]]", '[[source]]\nname = "other"\ntoken = { env = "UNSET" }')
    Path("config.toml").write_text(SOURCE + other)

    config = load(Path("config.toml"), {}, with_sources=lambda name, _kind: name == "prometheus")

    assert [source.options is None for source in config.sources] == [False, True]


def test_the_paths_of_a_files_source_start_from_the_folder_of_the_configuration(
    tmp_path: Path,
) -> None:
    text = '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "gauges"\n'

    options = configured(text, name=str(tmp_path / "config.toml")).sources[0].options

    assert options is not None
    assert Path(options.model_dump()["root"]) == tmp_path


def test_the_certificates_of_a_source_are_looked_for_beside_the_configuration(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "ca.pem").touch()

    config = configured(SOURCE + 'ca_file = "ca.pem"\n', name=str(folder / "config.toml"))

    options = config.sources[0].options
    assert isinstance(options, Options)
    assert options.ca_file == str(folder / "ca.pem")


def test_a_source_that_is_not_asked_is_not_pickled_with_its_secret() -> None:
    config = load_without_sources()

    assert b"hunter2" not in pickle.dumps(config)


def load_without_sources() -> Config:
    Path("config.toml").write_text(SOURCE + 'token = { env = "TOKEN" }\n')
    return load(Path("config.toml"), {"TOKEN": "hunter2"}, with_sources=False)


def test_numbers_of_a_source_arrive_as_floats_whatever_exactness_objectives_need() -> None:
    text = (
        '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "gauges"\n'
        "max_malformed = 2.5\n"
    )

    options = configured(text).sources[0].options

    assert options is not None
    assert options.model_dump()["file"][0]["max_malformed"] == 2.5


def test_the_shipped_configuration_passes_every_check() -> None:
    shipped = Path(__file__).resolve().parents[2] / "config.toml"

    config = load(shipped, {})

    written = tomllib.loads(shipped.read_text(encoding="utf-8"))
    assert len(config.slos) == len(written["slo"])
