"""Where facts are kept: the URL of a database, its password out of sight."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.config.concealed import Vault
from dashboard.config.problems import Problem, Written

_DEFAULT_STORE = "sqlite:///burnline.db"
_SQLITE = "sqlite:///"
_DATABASES = (_SQLITE, "postgresql+psycopg://", "postgresql://")


def store_url(root: Written, vault: Vault, problems: list[Problem]) -> str:
    """The store's URL, a relative file put beside the configuration."""
    value = root.values.get("store", _DEFAULT_STORE)
    try:
        is_secret = isinstance(value, Mapping)
        url = vault.reveal(value).get_secret_value() if is_secret else _open(value)
    except ValueError as error:
        problems.append(root.problem(str(error), "store"))
        return ""
    if url.startswith(_SQLITE):
        return f"{_SQLITE}{(vault.folder / url.removeprefix(_SQLITE)).absolute()}"
    return url


def _open(value: object) -> str:
    if not isinstance(value, str) or not value.startswith(_DATABASES):
        raise ValueError(
            'must be a database URL such as "sqlite:///burnline.db" or'
            ' "postgresql+psycopg://user@host/burnline"'
        )
    user, at, _ = value.partition("://")[2].rpartition("@")
    if at and ":" in user:
        raise ValueError('holds a password; put the whole URL into { env = "NAME" }')
    return value
