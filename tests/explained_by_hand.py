"""Redoing what `explain` prints: each formula evaluated as a reader with a calculator would."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from dashboard.views.explained.step import Step

NUMBER = r"−?[0-9][0-9,]*(?:\.[0-9]+)?"
FORMULA = re.compile(rf"[=≈] ((?:{NUMBER})(?: [s+−×/]| {NUMBER})+) ([=≈]) ({NUMBER})")


def value_of(expression: str) -> Fraction:
    """The value of numbers joined by + − × /, as a reader with a calculator would get it."""
    exact = re.sub(NUMBER, lambda found: f"Fraction('{plain(found[0])}')", expression)
    python = exact.replace("×", "*").replace(" − ", " - ").replace(" s", "")
    return Fraction(eval(python, {"Fraction": Fraction}))


def plain(number: str) -> str:
    """The number as Python writes it."""
    return number.replace(",", "").replace("−", "-")


def redone(steps: Iterable[Step]) -> int:
    """How many formulas were evaluated, each giving what is printed."""
    done = 0
    for name, text in steps:
        for expression, _, printed in FORMULA.findall(text):
            shown = Fraction(plain(printed))
            off = abs(value_of(expression) - shown)
            assert off <= Fraction(1, 10**8) * max(1, abs(shown)), (name, text)
            done += 1
    return done


def told(steps: Iterable[Step], name: str) -> list[str]:
    """What the steps of that name say."""
    return [text for step, text in steps if step == name]
