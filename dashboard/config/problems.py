"""What is wrong with a configuration: every problem at once, each on its line.

config.toml:17: slo "checkout-latency": objectve: unknown key (did you mean "objective"?)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dashboard.config.lines import Lines, Place
from slo.errors import ConfigError
from slo.nearest import did_you_mean

_Model = TypeVar("_Model", bound=BaseModel)
_KEYS = "`burnline config schema` describes every key"
_MOST_TOLD = 200
# A name of the greatest length, 120, is whole; a quoted query hardly ever has 500.
_LONG = (re.compile(r'("[^"\n]{120})[^"\n]{380,}(?=")'), re.compile(r"(\S{120})\S{380,}"))
_SAID = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list [ … ]",
    "tuple_type": "must be a list [ … ]",
    "dict_type": "must be a table { … }",
    "model_type": "must be a table { … }",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend; ordered by file and line, which is 0 where the whole file is meant."""

    file: str
    line: int
    table: str
    key: str
    what: str

    def __str__(self) -> str:
        """The problem on one line, as compilers print theirs."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        said = (self.table, self.key, self.what)
        return ": ".join((place, *(_short(part) for part in said if part)))


@dataclass(frozen=True, slots=True)
class Written:
    """One table as it stands in a file: its values, and where each of them is written."""

    file: str
    lines: Lines
    place: Place
    title: str
    values: Mapping[str, Any]

    @property
    def where(self) -> str:
        """The table's file and line."""
        return f"{self.file}:{self.lines.at(*self.place)}"

    def problem(self, what: str, *loc: str | int) -> Problem:
        """A problem of the key at `loc` inside this table."""
        line = self.lines.at(*self.place, *loc)
        return Problem(self.file, line, self.title, _spoken(loc), what)


def refuse(
    problems: Iterable[Problem], path: str, *, option: str = "--config", keys: str = _KEYS
) -> None:
    """Raise one error that lists all problems (of very many the first), or none.

    `option` names another file, `keys` says what describes the keys of such a one.

    Raises:
        ConfigError: there is at least one problem.
    """
    found = sorted(set(problems))
    if found:
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        lines = [str(problem) for problem in found[:_MOST_TOLD]]
        if more := len(found) - len(lines):
            lines.append(f"and {more:,} more, told once these are mended")
        raise ConfigError(
            "\n".join(lines),
            where=f"{path} ({count})",
            mend=_mend(found, option, keys),
        )


def _mend(found: Sequence[Problem], option: str, keys: str) -> str:
    """Where to lay hands on: lines, or a file that cannot be read at all."""
    lines = sum(bool(problem.line) for problem in found)
    if not lines:
        return f"write the file, or name another with {option}"
    which = "that line" if lines == 1 else "those lines"
    return f"mend {which}; {keys}"


def checked(
    model: type[_Model], written: Written, values: Mapping[str, object], problems: list[Problem]
) -> _Model | None:
    """The values as that model; None when they do not fit, every reason noted."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems += [_translated(model, written, detail) for detail in _meant(error)]
        return None


def sound_part(
    model: type[_Model], values: Mapping[str, object], standing_in: Mapping[str, object]
) -> tuple[_Model, frozenset[str | int]]:
    """The values without those that do not fit, to judge the rest nevertheless, and their keys.

    `standing_in` holds a fitting value of every key that must not be missing.
    """
    try:
        return model.model_validate(values), frozenset()
    except ValidationError as error:
        wrong = frozenset(detail["loc"][0] for detail in error.errors())
        right = {key: value for key, value in values.items() if key not in wrong}
        return model.model_validate({**standing_in, **right}), wrong


def _meant(error: ValidationError) -> Iterator[ErrorDetails]:
    """What is wrong, without lists called short because those in it are wrong."""
    details = error.errors()
    for detail in details:
        loc = detail["loc"]
        inner = any(other["loc"][: len(loc)] == loc != other["loc"] for other in details)
        if detail["type"] != "too_short" or not inner:
            yield detail


def _translated(model: type[BaseModel], written: Written, detail: ErrorDetails) -> Problem:
    return written.problem(said(model, detail), *detail["loc"])


def said(model: type[BaseModel], detail: ErrorDetails) -> str:
    """Our words for what pydantic found; the value itself is never repeated, it may be secret."""
    kind, loc, context = detail["type"], detail["loc"], detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            inner = _model_at(model, loc[:-1])
            return f"unknown key{did_you_mean(str(loc[-1]), inner.model_fields)}"
        case "missing":
            return f"missing{_example(_model_at(model, loc[:-1]), str(loc[-1]))}"
        case "value_error":
            return str(context["error"]).removeprefix(f"{loc[-1]} " if loc else "")
        case "enum" | "literal_error":
            return f"must be one of {context['expected']}".replace("'", '"')
        case "string_too_long" | "too_long":
            counted = "entries" if kind == "too_long" else "characters"
            return f"must have at most {context['max_length']:,} {counted}"
        case _:
            said = detail["msg"].removeprefix("Input should be ")
            return _SAID.get(kind, said if said == detail["msg"] else f"must be {said}")


def _example(model: type[BaseModel], key: str) -> str:
    field = model.model_fields.get(key)
    return f"; add for example {key} = {field.examples[0]}" if field and field.examples else ""


def _model_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    """The model of a nested table, found along the field annotations."""
    for step in loc:
        field = model.model_fields.get(str(step))
        model = next(_models_of(field.annotation), model) if field else model
    return model


def _models_of(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_of(inner)


def _short(said: str) -> str:
    """The words, what they quote cut where it has no end in sight."""
    for long in _LONG:
        said = long.sub(r"\1…", said)
    return said


def _spoken(loc: Iterable[str | int]) -> str:
    """The keys as people count them: `alert 2.long` is the second alert's key `long`."""
    said = ""
    for step in loc:
        said += f" {step + 1}" if isinstance(step, int) else f"{'.' if said else ''}{step}"
    return said
