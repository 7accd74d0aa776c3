"""What a test does on a machine that lacks something it needs: skip loudly, or fail."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

MISSING = "missing component"


def lacking(what: str, *, fatal: bool | None = None) -> NoReturn:
    """Fail where everything is required, skip with the same words elsewhere."""
    required = os.environ.get("BURNLINE_REQUIRE_COMPONENTS") == "1" if fatal is None else fatal
    if required:
        pytest.fail(f"{MISSING}: {what}", pytrace=False)
    pytest.skip(f"{MISSING}: {what}")
