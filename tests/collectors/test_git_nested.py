"""Tags that point at tags: each an event of its own, at the commit that all of them mean."""

from __future__ import annotations

from pathlib import Path

from builders import NOON
from repositories import events, git, read, tagged

LATER = NOON + 3_600


def test_a_tag_of_tags_happened_when_it_was_made_and_points_at_their_commit(
    tmp_path: Path,
) -> None:
    folder = tagged(tmp_path, ("v4-rc.1", LATER))
    inner = "v4-rc.1"
    for count, name in enumerate(("v4", "stable", "-odd \u2713".replace(" ", "_")), 1):
        _tag_of(folder, name, git(folder, "rev-parse", f"refs/tags/{inner}").strip(), count)
        inner = name
    blob = git(folder, "hash-object", "-w", "--stdin", given=b"a key").strip()
    _tag_of(folder, "key", blob, 1, kind="blob")
    _tag_of(folder, "keys", git(folder, "rev-parse", "refs/tags/key").strip(), 2)

    batches = read("git", folder)
    by_commit = read("git", folder, time="commit")

    head = git(folder, "rev-parse", "main").strip()
    assert {one.key: (one.at, one.fields["commit"]) for one in events(batches)} == {
        "v4-rc.1": (LATER, head),
        "v4": (LATER + 1, head),
        "stable": (LATER + 2, head),
        "-odd_\u2713": (LATER + 3, head),
    }
    assert {one.at for one in events(by_commit)} == {NOON}
    assert batches[-1].warnings == (
        "tags skipped: 2; the first: key: it does not point at a commit",
    )


def _tag_of(folder: Path, name: str, inner: str, later_s: int, kind: str = "tag") -> None:
    """An annotated tag of any object, so much later than the first."""
    head = (
        f"object {inner}\ntype {kind}\ntag {name}\ntagger Ada <a@b> {LATER + later_s} +0000\n\nx\n"
    )
    made = git(folder, "hash-object", "-t", "tag", "-w", "--stdin", given=head.encode()).strip()
    git(folder, "update-ref", f"refs/tags/{name}", made)
