"""The page of PERF.md with twenty charts of thirty days, drawn as the product draws its own.

streamlit run bench/twenty.py -- CONFIG AS_OF
"""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

from collectors.store.reader import Reader
from dashboard.charts.budget_course import budget_figure, shares_figure
from dashboard.config import load
from dashboard.screens.frame import picture
from dashboard.views.counted.course import course_view
from dashboard.views.counted.figures import evaluate
from dashboard.views.counted.zoom import Zoom

_PAIRS = 10
config, as_of = load(Path(sys.argv[1]), {}, with_sources=False), int(sys.argv[2])
sources = {source.name: source for source in config.sources}
with Reader.open(config.store_url) as reader:
    views = evaluate(config.slos[:_PAIRS], reader, as_of=as_of, sources=sources)
    courses = [course_view(reader, view, Zoom.WINDOW, sources[view.slo.source]) for view in views]
for view, course in zip(views, courses, strict=True):
    picture(budget_figure(view, course, ()), alt=view.name, key=f"budget {view.name}")
    picture(shares_figure(view, course), alt=view.name, key=f"shares {view.name}")
st.caption(f"{2 * _PAIRS} charts")
