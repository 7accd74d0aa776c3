"""What reports can be about, by the files of `reports/subjects/`, and which keys each takes.

None of them is imported, as they need this package: `KEYS` is read as it is written there.
"""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parent.parent / "reports" / "subjects"
PROMISED, SERVICE, MIGRATION = "promised service", "service", "migration"
NAMED = frozenset({PROMISED, SERVICE, MIGRATION})
"""What a key of a report may name: a service with an SLO, any service, a migration."""


def subject_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """What reports can be about, sorted: a file is one, called like it."""
    found = (module.name for module in pkgutil.iter_modules([str(folder)]))
    return tuple(sorted(name.rstrip("_") for name in found))


@cache
def keys_of(subject: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """The keys that a report of that subject takes, each with what it names.

    Empty where the file declares none, so that such a report takes no key of its own.

    >>> dict(keys_of("delivery"))
    {'service': 'service'}
    """
    path = next(
        path for name in (subject, f"{subject}_") if (path := folder / f"{name}.py").exists()
    )
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "KEYS":
            return MappingProxyType(dict(ast.literal_eval(node.value)))
    return MappingProxyType({})
