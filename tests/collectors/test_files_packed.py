"""Packed, huge and foreign files are refused in bounded memory, or read in it."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from file_builders import NOW, counted, read, table, write
from file_refusals import HEADER, ROW, refused, refused_text

READ = """
import resource
from collectors.contract import Named
from collectors.files.table import FileTable
from collectors.sources.files import for_import
from slo.errors import InputError
from slo.spans import Span
collector = for_import(Named("f", "-"), FileTable(path="-", holds="probes"), [{path!r}])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
batches = collector.collect(collector.streams[0], Span(0, {now}), {now})
{code}
print(peak() - before)
"""
PEAK_UNIT_BYTES = 1 if sys.platform == "darwin" else 1_000


def read_apart(path: Path, code: str) -> tuple[str, int]:
    """What the code prints of the file's batches in a process of its own, and by how much that grew."""
    script = READ.format(path=str(path), now=NOW, code=code)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    said, grown = ran.stdout.splitlines()
    return said, int(grown) * PEAK_UNIT_BYTES


def test_a_packed_file_that_expands_beyond_64_mb_is_refused_in_bounded_memory(
    tmp_path: Path,
) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as packed:
        packed.write(HEADER.encode())
        for _ in range(200):
            packed.write(ROW.encode() * 43_690)

    said, grown_bytes = read_apart(
        bomb,
        "try:\n    next(batches)\nexcept InputError as error:\n    print(error.what)\n",
    )

    assert bomb.stat().st_size < 2_000_000
    assert said == "the file expands beyond 64 MB"
    assert grown_bytes < 64_000_000


def test_the_limit_of_a_packed_file_can_be_raised(tmp_path: Path) -> None:
    text = HEADER + ROW * 60_000

    said = refused_text(tmp_path, text, "rows.csv.gz", max_expanded="1MB")
    batches = read(tmp_path, table("rows.csv.gz", max_expanded="2MB"))

    assert said == "the file expands beyond 1 MB"
    assert counted(batches).read == 60_000


def test_a_huge_file_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("w") as file:
        file.write(HEADER)
        for i in range(150_000):
            file.write(f"{1_700_000_000 + i},up\n")

    count, grown_bytes = read_apart(
        path, "print(sum(len(fact.at) for batch in batches for fact in batch.facts))\n"
    )

    assert int(count) == 150_000
    assert grown_bytes < 64_000_000


def test_a_packed_file_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    whole = gzip.compress(
        (HEADER + "".join(f"{1_767_268_800 + i},up\n" for i in range(9_999))).encode()
    )

    said = refused_text(tmp_path, whole[:-20], "cut.csv")

    assert said == "the gzip file is cut off"


def test_a_packed_file_with_flipped_bytes_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress((HEADER + ROW * 500).encode()))
    packed[-6] ^= 0xFF

    assert refused_text(tmp_path, bytes(packed), "bad.csv").startswith("the gzip file is damaged")


def test_a_file_packed_twice_is_refused(tmp_path: Path) -> None:
    twice = gzip.compress((HEADER + ROW).encode())

    assert "packed twice" in refused_text(tmp_path, twice, "rows.csv.gz")


def test_a_name_that_promises_gzip_is_held_to_it(tmp_path: Path) -> None:
    (tmp_path / "rows.csv.gz").write_text(HEADER + ROW)

    assert "is not gzip" in refused(tmp_path, "rows.csv.gz").what


def test_archives_and_databases_are_named_not_parsed(tmp_path: Path) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", HEADER + ROW)

    assert "a zip archive" in refused_text(tmp_path, body.getvalue())
    assert "an SQLite database" in refused_text(tmp_path, b"SQLite format 3\x00" + bytes(100))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_is_refused_with_the_command_that_converts_it(
    tmp_path: Path, encoding: str
) -> None:
    write(tmp_path, (HEADER + ROW).encode(encoding))

    error = refused(tmp_path, "rows.csv")

    assert error.what == "the text is UTF-16 or binary, not UTF-8"
    assert "iconv" in error.mend


def test_a_saved_login_page_is_no_table(tmp_path: Path) -> None:
    assert "HTML page" in refused_text(tmp_path, "\n<!DOCTYPE html><html><body>Sign in")
