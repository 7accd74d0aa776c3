"""What is aimed at, and how far a guardrail may move, as people write it."""

from __future__ import annotations

import re
from fractions import Fraction

from dashboard.views.rounding import rounded, significant


def goal_words(text: str) -> str:
    """A goal as people write it, its sign and its unit set apart.

    >>> goal_words("< 500ms"), goal_words(">=99.95 %"), goal_words("<= 1.5 a month")
    ('< 500 ms', '≥ 99.95 %', '≤ 1.5 a month')
    """
    signs = text.strip().replace(">=", "≥").replace("<=", "≤")
    apart = re.sub(r"^([<>≥≤])\s*", r"\1 ", signs)
    return re.sub(r"(\d)([a-zA-Z%])", r"\1 \2", apart)


def limit_words(max_worse: Fraction, *, is_lower_better: bool) -> str:
    """How far a guardrail may move, as a change.

    >>> limit_words(Fraction(15, 100), is_lower_better=True)
    'at most +15 %'
    >>> limit_words(Fraction(0), is_lower_better=False)
    'no less than before'
    """
    if not max_worse:
        return "no more than before" if is_lower_better else "no less than before"
    percent = float(max_worse * 100)
    text = rounded(percent, significant(percent, 3))
    return f"at most +{text} %" if is_lower_better else f"at least −{text} %"
