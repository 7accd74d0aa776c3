"""Whether the name of a tag says that it is a pre-release."""

from __future__ import annotations

import re

_PRE_RELEASE = re.compile(
    r"(?:v\d+|\d+\.\d+)(?:\.\d+)*"
    r"[._-]?(?:alpha|beta|preview|pre-?release|pre|rc|dev|snapshot|nightly|canary|next|milestone|m|a|b|c)"
    r"(?![a-z])",
    re.IGNORECASE,
)


def is_pre_release(name: str) -> bool:
    """Whether one of the usual words follows the version: a, alpha, b, beta, c, rc, m, dev.

    These are the words of PEP 440 and those that semantic versions use (preview, snapshot,
    nightly, canary, next, milestone); other additions (`-1`, `.post1`,
    `-final`, `-jre`) make a release. What follows a `+` is about the build alone.

    >>> [is_pre_release(name) for name in ("v1.2.0-rc.1", "1.2.0b2", "1.2.0.dev3", "2.0-prerelease")]
    [True, True, True, True]
    >>> [is_pre_release(name) for name in ("v1.2.0", "1.2.0-1", "1.2.post1", "1.0+b1", "alpha-1.0")]
    [False, False, False, False, False]
    """
    return _PRE_RELEASE.search(name.partition("+")[0]) is not None
