"""`burnline doctor` asked of a real Prometheus: what it holds, and what comes nearest to a wrong name."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from components.presence import FAKETIME
from conftest import StartPrometheus
from verdict_builders import burnline

pytestmark = pytest.mark.prometheus
SLO = """
[[slo]]
name = "{name}"
objective = 99
{keys}
"""
COUNTED = "total = '{total}'\nbad = '{bad}'\n"
RIGHT = 'http_requests_total{job="checkout"}'
CASES = {
    "right": (RIGHT, 'http_requests_total{job="checkout",code="500"}'),
    "renamed": ('http_request_total{job="checkout"}', 'http_request_total{code="500"}'),
    "misspelt": ('http_requests_total{job="chekout"}', 'http_requests_total{job="checkout"}'),
    "unlabelled": ('http_requests_total{pod="a"}', RIGHT),
    "apart": ('http_requests_total{code="500",job="search"}', RIGHT),
}
SAID = {
    "renamed": "there is no metric http_request_total (nearest: http_requests_total",
    "misspelt": 'http_requests_total has nothing with job="chekout" (nearest: checkout)',
    "unlabelled": 'http_requests_total has nothing with pod="a": it has no label pod',
    "apart": "no series of http_requests_total has all of "
    'http_requests_total{code="500",job="search"} at once',
    "seldom": "seldom_total has a sample about every 5 minutes, but is asked for more often: "
    "before the next one its data count as late",
    "stale": "stale_total: no sample for 5 minutes, but within the last day",
}


def openmetrics(path: Path) -> Path:
    until = int(time.time()) // 60 * 60  # noqa: TID251 - the server under test lives in real time
    series = {
        'http_requests_total{job="checkout",code="200"}': 0,
        'http_requests_total{job="checkout",code="500"}': 0,
        'http_requests_total{job="search",code="200"}': 0,
        "stale_total": 60,
    }
    lines = [
        f"{name} {minute} {until - (30 - minute + late) * 60}"
        for name, late in series.items()
        for minute in range(31)
    ]
    lines += [f"seldom_total {minute} {until - (30 - minute) * 60}" for minute in range(0, 31, 5)]
    path.write_text("\n".join([*lines, "# EOF", ""]))
    return path


def test_a_selector_that_finds_nothing_is_told_with_what_comes_nearest(
    prometheus: StartPrometheus, tmp_path: Path
) -> None:
    server = prometheus(openmetrics=openmetrics(tmp_path / "history.txt"))
    slos = [
        SLO.format(name=name, keys=COUNTED.format(total=total, bad=bad))
        for name, (total, bad) in CASES.items()
    ]
    slos.append(SLO.format(name="stale", keys="uptime = 'stale_total'"))
    slos.append(SLO.format(name="seldom", keys="uptime = 'seldom_total'"))
    absent = COUNTED.format(total=RIGHT, bad='http_requests_total{code="599"}')
    slos.append(SLO.format(name="never-failed", keys=f'{absent}absent = "zero"'))
    source = f'[[source]]\nkind = "prometheus"\nurl = "{server.url}"\n'
    (tmp_path / "config.toml").write_text(source + "".join(slos))

    ran = burnline("doctor", "--json", folder=tmp_path)

    told = [each for each in ran.json["findings"] if each["about"] == 'source "prometheus"']
    said = [each["what"] for each in told]
    for words in SAID.values():
        assert any(words in each for each in said), words
    assert ran.code == 1
    assert len(said) == len(set(said)), "what two selectors miss is told once"
    assert not [each for each in said if "clock" in each or "599" in each]
    grades = {each["grade"] for each in told if "within the last day" in each["what"]}
    assert grades == {"note"}
    assert {each["mend"] for each in told if "has a sample" in each["what"]} == {'set every = "5m"'}
    # right and its failures; the whole of checkout, as the part of others; the seldom one
    assert said[-1] == "answers; 3 of 9 selectors find series"


@pytest.mark.faketime
def test_a_machine_whose_clock_is_an_hour_off_is_told_by_how_much(
    prometheus: StartPrometheus, tmp_path: Path
) -> None:
    server = prometheus(openmetrics=openmetrics(tmp_path / "history.txt"))
    (tmp_path / "config.toml").write_text(
        f'[[source]]\nkind = "prometheus"\nurl = "{server.url}"\n'
        + SLO.format(name="right", keys=f"uptime = '{RIGHT}'")
    )
    library = FAKETIME.program("libfaketimeMT.so.1")

    ahead = burnline("doctor", folder=tmp_path, LD_PRELOAD=str(library), FAKETIME="+3600")
    right = burnline("doctor", folder=tmp_path)

    found = re.search(r"clock differs from source by (\d+) s \(the source is behind\)", ahead.out)
    assert found is not None, ahead.out
    assert abs(int(found[1]) - 3_600) <= 10
    assert ahead.code == 1
    assert "set both clocks by NTP" in ahead.out
    assert "clock differs" not in right.out
    for ran in (ahead, right):
        assert "answers; 1 of 1 selectors find series" in ran.out
