"""The members of a group in the table of objectives."""

from __future__ import annotations

import re
from dataclasses import replace

from page_builders import AS_OF, a_view

from dashboard.charts.objectives import objectives_table
from dashboard.views.slos.slo_view import SloView


def member(value: str, left: str, data_until: int = AS_OF - 120) -> SloView:
    view = a_view(f"pay/{value}", left=left, data_until=data_until)
    return replace(view, slo=replace(view.slo, member=(("scheme", value),)))


def test_members_that_need_someone_stand_below_the_whole_which_counts_all_that_report() -> None:
    gone = member("cheque", "-1", AS_OF - 86_400)
    whole = replace(a_view("pay"), parts=(member("sepa", "0.9"), member("card", "0.1"), gone))

    made = objectives_table((whole, a_view("login")))

    names = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', made)
    assert names == [
        ("/objective?id=pay", "pay"),
        ("/objective?id=pay%2Fcard", "card"),
        ("/objective?id=login", "login"),
    ]
    assert re.findall(r"succeed(; [^<]*)?<", made) == ["; 2 members", ""]
