"""The one JSON text of a value: sorted keys, no spaces; what digests and identities are made of."""

from __future__ import annotations

from typing import Any

import orjson

from slo.errors import InputError


def canonical_json(value: Any, where: str) -> str:
    """The text of a value.

    Raises:
        InputError: it holds what is no text or number, such as half a surrogate pair.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError as error:
        raise InputError(
            f"a name, label or field cannot be stored: {error}",
            where=where,
            mend="hand over UTF-8 text and numbers of at most 64 bits",
        ) from error
