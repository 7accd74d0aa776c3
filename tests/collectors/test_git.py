"""Tags of a local repository: what each is, when it happened, and what git is never allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import NOON
from components.lacks import lacking
from pydantic import ValidationError
from repositories import NOW, Writing, asked, events, git, read, reading, tagged

from collectors import registry
from collectors.git.program import Git
from slo.errors import InputError, SourceError
from slo.indicator import Uptime

LATER = NOON + 3_600


def names(folder: Path, **options: object) -> list[str]:
    return [event.key for event in events(read("git", folder, **options))]


def test_an_annotated_tag_happened_when_it_was_made_and_a_plain_one_with_its_commit(
    tmp_path: Path,
) -> None:
    folder = tagged(tmp_path, ("v1.0", LATER), ("v1.1", None))

    plain, annotated = events(read("git", folder, service="shop"))

    assert (annotated.key, annotated.at, annotated.service) == ("v1.0", LATER, "shop")
    assert (plain.key, plain.at) == ("v1.1", NOON + 60)
    assert [annotated.fields["annotated"], plain.fields["annotated"]] == [True, False]
    assert annotated.fields["commit"] == git(folder, "rev-parse", "v1.0^{commit}").strip()
    assert {annotated.kind.value, plain.kind.value} == {"release"}


def test_a_deployment_can_be_what_a_tag_is_and_its_commit_when_it_happened(
    tmp_path: Path,
) -> None:
    folder = tagged(tmp_path, ("v1.0", LATER))

    (event,) = events(read("git", folder, holds="deployments", time="commit"))

    assert (event.kind.value, event.at) == ("deployment", NOON)


def test_tags_of_one_commit_and_of_one_second_are_each_their_own(tmp_path: Path) -> None:
    writing = Writing()
    mark = writing.commit(NOON)
    for name in ("b", "a", "shop/v1"):
        writing.tag(name, mark, LATER)

    found = events(read("git", writing.into(tmp_path)))

    assert [(one.key, one.at) for one in found] == [("a", LATER), ("b", LATER), ("shop/v1", LATER)]
    assert len({one.fields["commit"] for one in found}) == 1


def test_only_tags_of_the_patterns_count_and_none_is_told(tmp_path: Path) -> None:
    folder = tagged(tmp_path, ("v1.0", None), ("web/v2", None), ("nightly", None))

    assert names(folder, tags=["v*", "*/v?"]) == ["v1.0", "web/v2"]
    (nothing,) = [batch for batch in read("git", folder, tags=["x*"]) if batch.silence]
    assert nothing.silence == "3 tags, none of which counts (tags = x*)"
    git(tmp_path, "init", "-q", "new")
    assert read("git", tmp_path / "new")[-1].silence == "the repository has no tags"


def test_pre_releases_are_marked_and_can_be_left_out(tmp_path: Path) -> None:
    folder = tagged(tmp_path, ("v1.0.0-rc.1", None), ("v1.0.0", None))

    found = {event.key: event.fields["prerelease"] for event in events(read("git", folder))}

    assert found == {"v1.0.0-rc.1": True, "v1.0.0": False}
    assert names(folder, prerelease="exclude") == ["v1.0.0"]


def test_names_that_look_like_options_or_globs_are_only_names(tmp_path: Path) -> None:
    strange = ["-rf", "--exec=sh", "$(id)", "a;b", "ünïcode-🚀", "%00"]
    writing = Writing()
    writing.commit(NOON)
    folder = writing.into(tmp_path)
    sha = git(folder, "rev-parse", "main").strip()
    for name in strange:
        git(folder, "update-ref", f"refs/tags/{name}", sha)

    assert sorted(names(folder)) == sorted(strange)


def test_a_name_that_is_no_text_and_a_tag_of_no_commit_are_counted_and_told(
    tmp_path: Path,
) -> None:
    folder = tagged(tmp_path, ("v1", None))
    blob = git(folder, "hash-object", "-w", "--stdin", given=b"a key").strip()
    git(folder, "update-ref", "refs/tags/key", blob)
    (folder / "refs" / "tags" / os.fsdecode(b"\xff")).write_text(git(folder, "rev-parse", "main"))

    batches = read("git", folder)

    assert [event.key for event in events(batches)] == ["v1"]
    assert batches[-1].counts.skipped_malformed == 2
    assert batches[-1].warnings == (
        "tags skipped: 2; the first: key: it does not point at a commit",
    )


def test_a_tag_from_the_future_is_left_out_until_then(tmp_path: Path) -> None:
    collector = reading("git", tagged(tmp_path, ("v9", NOW + 4_000)))

    early, later = asked(collector, NOW), asked(collector, NOW + 4_000)

    assert events(early) == []
    assert early[-1].counts.dropped_future == 1
    assert [event.key for event in events(later)] == ["v9"]


def test_tags_that_have_not_changed_are_not_handed_over_again(tmp_path: Path) -> None:
    folder = tagged(tmp_path, ("v1", None))
    collector = reading("git", folder)

    first, again = asked(collector), asked(collector)
    git(folder, "tag", "v2", "main")

    assert [event.key for event in events(first)] == ["v1"]
    assert [batch.facts for batch in again] == [()]
    assert again[0].stands
    assert [event.key for event in events(asked(collector))] == ["v1", "v2"]


def test_a_moved_tag_is_a_later_account_of_the_same_event(tmp_path: Path) -> None:
    folder = tagged(tmp_path, ("latest", None), ("v2", None))
    (before,) = [one for one in events(read("git", folder)) if one.key == "latest"]

    git(folder, "tag", "-f", "latest", "v2")
    (after,) = [one for one in events(read("git", folder)) if one.key == "latest"]

    assert (before.at, after.at) == (NOON, NOON + 60)
    assert after.observed_at > before.observed_at


def test_a_shallow_clone_is_told(tmp_path: Path) -> None:
    folder = tagged(tmp_path / "whole", ("v1", None), ("v2", None))
    git(tmp_path, "clone", "-q", "--bare", "--depth=1", f"file://{folder}", "part")

    batches = read("git", tmp_path / "part")

    assert batches[-1].warnings[0].startswith("the clone is shallow")


@pytest.mark.parametrize(
    "path", ["https://host/x.git", "ssh://host/x", "git@host:x.git", "host:x.git", "ext::sh -c id"]
)
def test_the_address_of_a_repository_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ValidationError, match="must be a path on this machine"):
        reading("git", path)


@pytest.mark.parametrize("name", ["-rf", "with space", "--git-dir=x", "line\nbreak", "ä"])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    tagged(tmp_path / name, ("v1", None))

    found = read("git", name if name.startswith("-") else f"./{name}", root=str(tmp_path))

    assert [event.key for event in events(found)] == ["v1"]


def test_what_is_no_repository_is_told_even_inside_of_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", ".")
    (tmp_path / "sub").mkdir()

    with pytest.raises(InputError, match="no git repository"):
        read("git", tmp_path / "sub")
    with pytest.raises(InputError, match="no such folder"):
        read("git", tmp_path / "gone")


def test_a_repository_of_another_user_is_refused_with_what_to_do(tmp_path: Path) -> None:
    if os.getuid() != 0:
        lacking("another owner: only root can give a folder away")
    folder = tagged(tmp_path / "theirs", ("v1", None))
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65_534, 65_534)

    with pytest.raises(InputError, match="belongs to another user") as caught:
        read("git", folder)

    assert caught.value.mend.endswith(f"safe.directory {folder}")


def test_a_missing_program_is_told_with_how_to_get_it(tmp_path: Path) -> None:
    folder = tagged(tmp_path, ("v1", None))

    with pytest.raises(SourceError, match="cannot be run: No such file") as caught:
        read("git", folder, program=str(tmp_path / "nowhere"))

    assert "install git" in caught.value.mend


def test_a_program_that_never_ends_or_never_stops_talking_is_ended(tmp_path: Path) -> None:
    for name, body in (("hang", "exec sleep 600"), ("flood", "exec cat /dev/zero")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)

    with pytest.raises(SourceError, match=r"did not end within 0.3 s"):
        Git(str(tmp_path), str(tmp_path / "hang"), limit_s=0.3).read("log")
    with pytest.raises(SourceError, match="more than 64 MiB"):
        Git(str(tmp_path), str(tmp_path / "flood")).read("log")


def signed(folder: Path) -> str:
    """A commit that bears a signature, which git's own settings would have another program check."""
    head, _, message = git(folder, "cat-file", "commit", "main").partition("\n\n")
    mark = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    whole = f"{head}\n{mark}\n\n{message}".encode()
    return git(folder, "hash-object", "-t", "commit", "-w", "--stdin", given=whole).strip()


def test_no_variable_of_ours_and_no_setting_of_theirs_changes_what_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = tagged(tmp_path / "a", ("a", None)), tagged(tmp_path / "b", ("b", None))
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "gpg.program", "core.sshCommand"):
        git(ours, "config", key, str(trap))
    git(ours, "config", "log.showSignature", "true")
    commit = signed(ours)
    monkeypatch.setenv("GIT_DIR", str(other))
    monkeypatch.setenv("GIT_PAGER", str(trap))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))

    found = names(ours)
    told = Git(str(ours)).read("log", "--format=%s", commit).decode()

    assert found == ["a"]
    assert told == "x\n"
    assert not (tmp_path / "sprung").exists()


def test_what_a_partial_clone_lacks_is_never_fetched(tmp_path: Path) -> None:
    writing = Writing()
    writing.commit(NOON, {"history/shop.yml": "status: up\n"})
    whole = writing.into(tmp_path / "whole")
    git(whole, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", f"file://{whole}", "part")
    blob = git(whole, "rev-parse", "main:history/shop.yml").strip()

    with pytest.raises(InputError, match="cannot read the repository"):
        Git(str(tmp_path / "part")).read("cat-file", "blob", blob)

    fetched = git(tmp_path / "part", "cat-file", "blob", blob)
    assert fetched == "status: up\n", "git itself would have gone and got it"


def test_an_slo_on_tags_is_refused_because_they_measure_nothing() -> None:
    refusal = registry.load("git", where="test").refuses(Uptime("probe"))

    assert refusal is not None
    assert "tags measure nothing" in refusal
