"""The options of a Prometheus that the command line names, held to the rules of config.toml."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from collectors.sources.prometheus import Options
from dashboard.config.concealed import Vault
from slo.errors import ConfigError

_OPTIONS = {"url": "--from-prometheus", "token": "--token", "ca_file": "--ca-file"}


def asked_options(table: Mapping[str, object], folder: Path, environ: Mapping[str, str]) -> Options:
    """The options of the table, its secret looked up; paths begin at the folder.

    Raises:
        ConfigError: one of them cannot be used.
    """
    values = {key: value for key, value in table.items() if key in Options.model_fields}
    if "token" in values:
        try:
            values["token"] = Vault(folder, environ).reveal(values["token"])
        except ValueError as error:
            raise ConfigError(
                str(error), where="--token", mend="--token env:NAME or --token file:PATH"
            ) from None
    if "ca_file" in values:
        values["ca_file"] = str(folder / str(values["ca_file"]))
    try:
        return Options.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        option = _OPTIONS.get(str(first["loc"][0]), "--from-prometheus")
        said = first["msg"].removeprefix("Value error, ")
        raise ConfigError(
            f"{option} {said}", where="the command line", mend=_mended(values)
        ) from None


def _mended(values: Mapping[str, object]) -> str:
    """The address as it was perhaps meant; any other where nobody can tell."""
    typed = str(values.get("url", ""))
    if "://" not in typed:
        with suppress(ValidationError):
            return f"--from-prometheus {Options(url=f'http://{typed}').url}"
    return "http://127.0.0.1:9090, for example"
