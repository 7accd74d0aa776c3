"""What a secret's `{ env = "NAME" }` or `{ file = "path" }` stands for; never shown anywhere."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel, SecretStr

from collectors.addresses import STANDS_IN

Reveal = Callable[[object], SecretStr]
"""Gives what a reference stands for, or raises ValueError."""

_HOW = 'write { env = "NAME" } or { file = "path" }'
_SOUNDS_SECRET = re.compile(r"auth|cookie|token|secret|key|pass", re.IGNORECASE)
_LONGEST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Vault:
    """Where secrets are looked up: the environment, and files relative to the configuration."""

    folder: Path
    environ: Mapping[str, str] = field(repr=False)

    def reveal(self, value: object) -> SecretStr:
        """The secret that a reference stands for.

        Raises:
            ValueError: it is written out, is no reference, or the reference leads nowhere.
        """
        match value:
            case {"env": str(name), **rest} if not rest:
                return self._from_environment(name)
            case {"file": str(name), **rest} if not rest:
                return _from_file(self.folder / name)
            case _:
                return sealed(value)

    def _from_environment(self, name: str) -> SecretStr:
        if not self.environ.get(name):
            raise ValueError(f"the environment variable {name} is not set")
        return SecretStr(self.environ[name])


def sealed(value: object) -> SecretStr:
    """What stands in for the secret of a sound reference; nothing is looked up.

    Raises:
        ValueError: it is written out, or is no reference.
    """
    match value:
        case {"env": str(), **rest} | {"file": str(), **rest} if not rest:
            return STANDS_IN
        case {"env": _, "file": _}:
            raise ValueError("names both env and file; a secret comes from one of them")
        case str():
            raise ValueError(f"a secret is never written out here; {_HOW}")
        case _:
            raise ValueError(f"is a secret; {_HOW}")


Place = tuple[str | int, ...]


def tables(
    model: type[BaseModel], values: Mapping[str, object], place: Place = ()
) -> Iterator[tuple[Place, type[BaseModel], Mapping[str, object]]]:
    """The table and those inside it, such as `[[source.target]]`, each with its place and model."""
    yield place, model, values
    for key, value in values.items():
        inner = _table_of(model, key)
        if inner is not None and isinstance(value, list):
            for count, each in enumerate(value):
                if isinstance(each, Mapping):
                    yield from tables(inner, each, (*place, key, count))


def revealed(
    model: type[BaseModel], values: Mapping[str, object], reveal: Reveal
) -> Iterator[tuple[Place, SecretStr | ValueError]]:
    """Each secret among the values by its place, or why it cannot be had.

    Which keys are secret is said by the model: fields of type `SecretStr`, alone or as the
    values of a table, where plain words are allowed under names that do not sound secret.
    """
    for place, table, inside in tables(model, values):
        for key, value in inside.items():
            yield from ((place + at, found) for at, found in _told(table, key, value, reveal))


def _told(
    model: type[BaseModel], key: str, value: object, reveal: Reveal
) -> Iterator[tuple[Place, SecretStr | ValueError]]:
    model_field = model.model_fields.get(key)
    if model_field is None or not _mentions_secret(model_field.annotation):
        return
    if _is_table(model_field.annotation) and isinstance(value, Mapping):
        for name, inner in value.items():
            plain = isinstance(inner, str) and not _SOUNDS_SECRET.search(name)
            found = SecretStr(str(inner)) if plain else _tried(reveal, inner)
            yield (key, str(name)), found
    else:
        yield (key,), _tried(reveal, value)


def _table_of(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    """The model of the tables that the key holds a list of; None when it holds none."""
    model_field = model.model_fields.get(key)
    inner = () if model_field is None else get_args(model_field.annotation)
    return next(
        (one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), None
    )


def _tried(reveal: Reveal, value: object) -> SecretStr | ValueError:
    try:
        return reveal(value)
    except ValueError as error:
        return error


def _from_file(path: Path) -> SecretStr:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ValueError(f"{path} is not a plain file")
        if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            mode = f"{stat.S_IMODE(status.st_mode):o}"
            raise ValueError(f"{path} can be read by others (mode {mode}); chmod 600 {path}")
        if status.st_size > _LONGEST_BYTES:
            raise ValueError(f"{path} is larger than {_LONGEST_BYTES // 1024} KiB")
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not text") from error
    if not text:
        raise ValueError(f"{path} is empty")
    return SecretStr(text)


def _mentions_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(map(_mentions_secret, get_args(annotation)))


def _is_table(annotation: object) -> bool:
    origin = get_origin(annotation)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return True
    return any(map(_is_table, get_args(annotation)))
