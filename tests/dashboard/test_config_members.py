"""What is told apart and put together in config.toml: all that is wrong at once, on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import wiring
from dashboard.config import Config, load
from slo.errors import ConfigError
from slo.indicator import Combined, Composite, Ratio, Split, Uptime

SOURCE = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
RATIO = "total = 'hits'\nbad = 'misses'"


def slo(name: str, keys: str) -> str:
    return f'[[slo]]\nname = "{name}"\nobjective = 99\n{keys}\n'


def configured(folder: Path, *slos: str, source: str = SOURCE) -> Config:
    (folder / "config.toml").write_text("\n".join((source, *slos)), encoding="utf-8")
    return load(folder / "config.toml", {})


def problems(folder: Path, *slos: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        configured(folder, *slos)
    return [line.partition(": ")[2] for line in caught.value.what.split("\n")]


def pair(composite: str) -> tuple[str, ...]:
    return slo("a", RATIO), slo("b", 'uptime = "up"'), slo("both", composite)


MEMBERS = 'members = ["a", "b"]'
GUARDED = """[[slo.alert]]
severity = "page"
budget = 2
long = "1h"
short = "5m"
min_bad_events = 5"""
WEIGHED = f'composite = "weighted-burn"\n{MEMBERS}'


@pytest.mark.parametrize("key", ["group_by", "breakdown"])
@pytest.mark.parametrize(
    ("keys", "labels", "said"),
    [
        (RATIO, '["route", "route"]', "must name each label once, and at most 5"),
        (RATIO, '["a", "b", "c", "d", "e", "f"]', "must name each label once, and at most 5"),
        (RATIO, '["a b"]', '"a b" is no label; write a name such as "route"'),
        (RATIO, '[""]', '"" is no label'),
        ("histogram = 'x_bucket'\nlatency = '1s'", '["le"]', "le tells the buckets"),
    ],
)
def test_labels_that_tell_nothing_apart_are_refused(
    key: str, keys: str, labels: str, said: str, tmp_path: Path
) -> None:
    (problem,) = problems(tmp_path, slo("a", f"{keys}\n{key} = {labels}"))

    assert key in problem
    assert said in problem


@pytest.mark.parametrize(
    ("composite", "said"),
    [
        (f'composite = "weighted-burn"\n{MEMBERS}', "weights: missing; add one for each member"),
        (f"{WEIGHED}\nweights = [1, 2, 3]", "as many as there are members: 3 for 2"),
        (f"{WEIGHED}\nweights = [1, 0]", "weights 2: must be greater than 0"),
        (f"{WEIGHED}\nweights = [1, 2]\nmin_bad_events = 5", "min_bad_events: does not go with a"),
        (f"{WEIGHED}\nweights = [1, 2]\n{GUARDED}", "alert 1.min_bad_events: does not go with a"),
        (f'composite = "union-of-bad-slices"\n{MEMBERS}', '"a" counts events, and an event has no'),
        (f'composite = "worst-member"\n{MEMBERS}\nweights = [1, 2]', "weights: belongs to"),
        (f'composite = "worst-member"\n{MEMBERS}\nsource = "prometheus"', "source: does not go"),
        (f'composite = "worst-member"\n{MEMBERS}\ngroup_by = ["x"]', "group_by: does not go with"),
        ('composite = "worst-member"', "members: missing; add for example members = "),
        ('composite = "worst-member"\nmembers = []', "must name two SLOs or more, each once"),
        ('composite = "worst-member"\nmembers = ["a"]', "must name two SLOs or more, each once"),
        ('composite = "worst-member"\nmembers = ["a", "a"]', "must name two SLOs or more"),
        ('composite = "worst-member"\nmembers = ["a", "both"]', "is this SLO itself; take it out"),
        ('composite = "worst-member"\nmembers = ["a", "c"]', 'no [[slo]] is called "c"'),
        (f'composite = "sum-of-events"\n{MEMBERS}', 'counts seconds and "a" events, which have no'),
    ],
)
def test_a_composite_that_would_mean_nothing_is_refused_in_a_sentence(
    composite: str, said: str, tmp_path: Path
) -> None:
    (problem,) = problems(tmp_path, *pair(composite))

    assert said in problem


def test_a_circle_of_composites_is_refused_once_and_named(tmp_path: Path) -> None:
    circle = [
        slo(name, f'composite = "worst-member"\nmembers = ["a", "{other}"]')
        for name, other in (("x", "y"), ("y", "z"), ("z", "x"))
    ]

    (problem,) = problems(tmp_path, slo("a", RATIO), *circle)

    assert 'made of itself: "x" of "y" of "z" of "x"; take one of them out' in problem


SLICES = 'method = "timeslices"\nslice = "5m"\nslice_objective = 95'
SINGLE = (
    slo("up", 'uptime = "up"'),
    slo("hits", RATIO),
    slo("slices", f"{RATIO}\n{SLICES}"),
    slo("ratios", f'{RATIO}\nmethod = "ratio-timeslices"\nslice = "5m"'),
    slo("worst", 'composite = "worst-member"\nmembers = ["up", "slices"]'),
    slo("weighed", 'composite = "weighted-burn"\nmembers = ["up", "hits"]\nweights = [3, 1]'),
    slo("union", 'composite = "union-of-bad-slices"\nmembers = ["up", "slices"]'),
    slo("sum", 'composite = "sum-of-events"\nmembers = ["up", "slices"]'),
)


@pytest.mark.parametrize(
    ("method", "member", "said"),
    [
        ("sum-of-events", "weighed", '"weighed" is weighed and counts no events'),
        ("sum-of-events", "worst", '"worst" stands as another member whenever another is the'),
        ("weighted-burn", "worst", '"worst" stands as another member whenever another is the'),
        ("union-of-bad-slices", "worst", '"worst" stands as another member whenever another'),
        ("union-of-bad-slices", "weighed", '"weighed" is weighed, so that no slice of it is bad'),
        ("union-of-bad-slices", "ratios", '"ratios" is as good as its ratio in every slice'),
        ("sum-of-events", "union", '"up" is part of it twice; name it once'),
    ],
)
def test_what_has_nothing_to_put_together_is_refused_with_the_reason(
    method: str, member: str, said: str, tmp_path: Path
) -> None:
    weights = "\nweights = [1, 1]" if method == "weighted-burn" else ""
    keys = f'composite = "{method}"\nmembers = ["up", "{member}"]{weights}'

    (problem,) = problems(tmp_path, *SINGLE, slo("all", keys))

    assert said in problem


def test_the_worst_of_which_one_is_weighed_waits_for_no_number_of_events(tmp_path: Path) -> None:
    worst = 'composite = "worst-member"\nmembers = ["up", "inner"]'
    inner = slo("inner", 'composite = "worst-member"\nmembers = ["hits", "weighed"]')

    (problem,) = problems(tmp_path, *SINGLE, inner, slo("all", f"{worst}\n{GUARDED}"))

    assert 'alert 1.min_bad_events: does not go with "weighed", which is weighed' in problem


@pytest.mark.parametrize(
    ("method", "member"),
    [
        *(("worst-member", one) for one in ("worst", "weighed", "union", "sum")),
        *(("weighted-burn", one) for one in ("weighed", "union", "sum")),
        *(("union-of-bad-slices", one) for one in ("union", "sum")),
        *(("sum-of-events", one) for one in ("union", "sum")),
    ],
)
def test_a_composite_can_be_a_member_wherever_it_has_what_is_put_together(
    method: str, member: str, tmp_path: Path
) -> None:
    weights = "\nweights = [1, 2]" if method == "weighted-burn" else ""
    other = slo("other", 'uptime = "other"')
    keys = f'composite = "{method}"\nmembers = ["other", "{member}"]{weights}'

    # Written before what it is made of: the order in the file says nothing.
    config = configured(tmp_path, slo("all", keys), other, *SINGLE)

    whole = config.slos[0]
    assert [one.name for one in whole.composed] == ["other", member]
    assert [one.name for one in whole.composed[1].composed][:1] == ["up"]


def test_two_members_that_count_the_same_have_no_sum(tmp_path: Path) -> None:
    sum_ = slo("both", f'composite = "sum-of-events"\n{MEMBERS}')

    (problem,) = problems(tmp_path, slo("a", RATIO), slo("b", RATIO), sum_)

    assert '"a" and "b" count the same; leave one of them out' in problem


def test_a_composite_needs_no_source_and_knows_its_members(tmp_path: Path) -> None:
    config = configured(tmp_path, *pair(f'composite = "worst-member"\n{MEMBERS}'))

    whole = config.slos[-1]

    assert whole.indicator == Composite(Combined.WORST_MEMBER, ("a", "b"))
    assert whole.source == ""
    assert whole.composed == config.slos[:2]
    assert len(config.sources[0].indicators) == 2


def test_what_is_told_apart_is_asked_of_the_source_and_of_the_store(tmp_path: Path) -> None:
    keys = 'group_by = ["region"]\nbreakdown = ["route", "code"]'
    config = configured(tmp_path, slo("a", f"{RATIO}\n{keys}"), slo("b", f'uptime = "up"\n{keys}'))
    hits, up = Ratio("hits", bad="misses"), Uptime("up")

    (source,) = config.sources
    lane = wiring.lane(source)

    assert source.splits == (
        Split(hits, ("region",)),
        Split(hits, ("route", "code"), is_breakdown=True),
        Split(up, ("region",)),
        Split(up, ("route", "code"), is_breakdown=True),
    )
    assert lane.indicators == (hits, up, *source.splits)
    assert [stream.name for stream in lane.collector.streams] == [
        "ratio not misses / hits",
        "uptime up",
        "split ratio not misses / hits by region",
        "split ratio not misses / hits by route, code, the most",
    ]


@pytest.mark.parametrize("grouped", ["", '\ngroup_by = ["zone"]'])
@pytest.mark.parametrize("name", ["shop/us", "shop/us/pay"])
def test_a_name_that_a_member_of_another_could_have_is_refused_wherever_it_stands(
    name: str, grouped: str, tmp_path: Path
) -> None:
    """With `group_by` one alert would stand for both; without, a silence of one for the other."""
    group, other = slo("shop", f'{RATIO}\ngroup_by = ["region"]'), slo(name, RATIO + grouped)

    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, group, other)

    # Three lines of the source, six of the group and two blank ones stand before the other's two.
    path, mend = tmp_path / "config.toml", name.replace("/", "-")
    assert caught.value.what == (
        f'{path}:13: slo "{name}": name: members of "shop" ({path}:5) are called so, and silenced'
        f' with it; write another such as "{mend}"'
    )
    (first,) = problems(tmp_path, other, group)
    assert first.startswith(f'slo "{name}": name: members of "shop"')
    (alone,) = problems(tmp_path, slo("shop", RATIO), other)
    assert alone.startswith(f'slo "{name}": name: members of "shop"')


def test_a_name_with_a_slash_is_free_where_no_member_could_have_it(tmp_path: Path) -> None:
    grouped = f'{RATIO}\ngroup_by = ["region"]'
    slos = (slo("shop/us", grouped), slo("shop/usa", RATIO), slo("shop-us", grouped))

    config = configured(tmp_path, *slos)

    assert [one.name for one in config.slos] == ["shop/us", "shop/usa", "shop-us"]
