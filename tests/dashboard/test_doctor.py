"""`burnline doctor` in a real process: every way to be unwell has its sentence and its mend."""

from __future__ import annotations

import ssl
import time
from email.utils import formatdate
from pathlib import Path

import pytest
import trustme
from components.hostile import Answer, Hostile, dripping, reply, silent, success
from verdict_builders import Ran, burnline

SLO = """
[[slo]]
name = "{name}-uptime"
source = "{name}"
objective = 99
uptime = 'up{{job="a"}}'
"""
SOURCE = """
[[source]]
name = "{name}"
kind = "prometheus"
url = "{url}"
timeout = "2s"
{more}
"""
HEALTHY = success("vector", [{"metric": {}, "value": [1_795_000_000, "1"]}])


def sources(folder: Path, more: str = "", **urls: str) -> None:
    """A configuration of these Prometheus sources, each with one SLO."""
    made = [SOURCE.format(name=name, url=url, more=more) for name, url in urls.items()]
    made += [SLO.format(name=name) for name in urls]
    (folder / "config.toml").write_text("".join(made))


def doctor(folder: Path, *words: str, **environ: str) -> Ran:
    return burnline("doctor", *words, folder=folder, **environ)


def of_source(ran: Ran, name: str) -> list[str]:
    return [line for line in ran.out.splitlines() if f'source "{name}"' in line]


def clock() -> float:
    return time.time()  # noqa: TID251 - the server under test lives in real time


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply("<html>", kind="text/html"), "expected JSON, got text/html (a login page?)"),
        (reply("no", "401 Unauthorized"), "authentication refused (401) -> check `token`"),
        (reply("no", "403 Forbidden"), "authentication refused (403) -> check `token`"),
        (reply({"hits": []}), "malformed answer: no status -> check that `url` is a Prometheus"),
        (reply("x", "404 Not Found"), "answered 404 Not Found instead of data -> check `url`"),
        (
            dripping(b"HTTP/1.1 200 OK\r\n\r\n{"),
            "no complete answer within 2 s -> see why the source is slow",
        ),
    ],
)
def test_a_source_that_is_unwell_says_how_in_one_line_with_its_mend(
    answer: Answer, said: str, tmp_path: Path
) -> None:
    with Hostile(answer) as server:
        sources(tmp_path, shop=server.url)
        ran = doctor(tmp_path)

    (line,) = of_source(ran, "shop")
    assert line.startswith("WRONG  ")
    assert said in line
    assert ran.code == 1
    assert ran.out.endswith("1 thing needs a hand\n")
    assert not (tmp_path / "burnline.db").exists()


def test_sources_are_tried_side_by_side_and_none_hides_another(tmp_path: Path) -> None:
    with Hostile(silent) as hung, Hostile(reply(HEALTHY)) as sound:
        urls = {f"hung{n}": hung.url for n in range(6)}
        sources(tmp_path, sound=sound.url, closed="http://127.0.0.1:1", **urls)
        ran = doctor(tmp_path)

    assert len([line for line in ran.out.splitlines() if "no complete answer" in line]) == 6
    (line,) = of_source(ran, "sound")
    assert line.startswith("ok ")
    assert "answers; 1 of 1 selectors find series" in line
    (line,) = of_source(ran, "closed")
    assert "connection refused by 127.0.0.1:1 -> check that the source runs" in line


@pytest.mark.parametrize(
    ("ahead_s", "side"), [(3_600, "ahead"), (-3_600, "behind"), (5, ""), (None, "")]
)
def test_a_clock_that_differs_is_told_in_seconds(
    ahead_s: int | None, side: str, tmp_path: Path
) -> None:
    def dated(_request: bytes) -> Answer:
        date = [] if ahead_s is None else [f"Date: {formatdate(clock() + ahead_s, usegmt=True)}"]
        return reply(HEALTHY, "200 OK", "application/json", *date)

    with Hostile(silent, by_request=dated) as server:
        sources(tmp_path, shop=server.url)
        found = doctor(tmp_path, "--json").json["findings"]

    told = [each["what"] for each in found if "clock" in each["what"]]
    if not side:
        assert told == []
        return
    (words,) = told
    number = int(words.removeprefix("clock differs from source by ").partition(" ")[0])
    assert abs(number - 3_600) <= 10
    assert words.endswith(f"(the source is {side})")


def test_a_certificate_that_nobody_vouches_for_is_named(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Hostile(reply(HEALTHY), tls=context) as server:
        sources(tmp_path, shop=server.url)
        (line,) = of_source(doctor(tmp_path), "shop")

    assert "certificate of 127.0.0.1" in line
    assert "name the authority that signed it as `ca_file`" in line


def test_a_secret_that_is_not_there_concerns_its_source_alone(tmp_path: Path) -> None:
    with Hostile(reply(HEALTHY)) as server:
        sources(tmp_path, 'token = { env = "SHOP_TOKEN" }', shop=server.url)
        without, with_it = doctor(tmp_path), doctor(tmp_path, SHOP_TOKEN="canary-7f3a")

    (line,) = of_source(without, "shop")
    assert "the environment variable SHOP_TOKEN is not set" in line
    assert (without.code, with_it.code) == (1, 0)
    assert "canary" not in with_it.out + with_it.err


def test_a_missing_file_is_named_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[source]]\nkind = "files"\n[[source.file]]\npath = "gone.csv"\nholds = "requests"\n'
    )

    (line,) = of_source(doctor(tmp_path), "files")

    assert line.startswith("WRONG")
    assert "gone.csv: there is no such file" in line


def test_a_healthy_file_is_tried_and_nothing_of_it_is_stored(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("at,service,good,total\n2026-11-01T00:00:00Z,shop,9,10\n")
    (tmp_path / "config.toml").write_text(
        '[[source]]\nkind = "files"\n[[source.file]]\npath = "r.csv"\nholds = "requests"\n'
    )

    ran = doctor(tmp_path)

    (line,) = of_source(ran, "files")
    assert line.endswith("answers: 1 file, 1 row in a first look")
    assert ran.code == 0
    assert "nothing needs a hand; " in ran.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "r.csv"]


def test_a_probe_looks_once_at_its_target_and_a_target_that_is_down_is_a_note(
    tmp_path: Path,
) -> None:
    target = '[[source.target]]\nurl = "{url}/"\nservice = "{name}"\n'
    with Hostile(reply("fine")) as server:
        targets = target.format(url=server.url, name="shop")
        targets += target.format(url="http://127.0.0.1:1", name="search")
        (tmp_path / "config.toml").write_text('[[source]]\nkind = "probe"\n' + targets)
        ran = doctor(tmp_path)

    down, answered = of_source(ran, "probe")
    assert down.startswith("note")
    assert "search: down: connection refused by 127.0.0.1:1" in down
    assert answered.startswith("ok")
    assert ran.code == 0
    assert len(server.requests) == 1


def test_a_configuration_that_cannot_be_used_is_all_there_is_to_say(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[[slo]]\nobjectve = 9\n")

    ran = doctor(tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert "objectve: unknown key" in ran.err
    assert doctor(tmp_path, "--config", "none.toml").code == 2
