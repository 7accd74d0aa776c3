"""Standard output and error that nothing can break: what is lost on the way is told at the end."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from slo.errors import DeliveryError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Outlet(io.FileIO):
    """A descriptor to write to; once a write has failed, the rest is dropped without a word.

    A command ends with its own verdict then, however much of its words somebody took.
    """

    def __init__(self, goes_to: int | str) -> None:
        """Write to that descriptor, or to the file of that name."""
        super().__init__(goes_to, "w", closefd=isinstance(goes_to, str))
        self.failure: OSError | None = None

    def write(self, words: ReadableBuffer, /) -> int:
        """How many bytes were taken: all of them where nothing can be written any more."""
        if self.failure is None:
            try:
                return super().write(words)
            except OSError as error:
                self.failure = error
        return memoryview(words).nbytes


def standard_outlets() -> Outlet:
    """Put outlets where standard output and error are; the one of standard output.

    One that was closed before the process began (`>&-`) takes everything, as /dev/null does.
    """
    out, sys.stdout = _replaced(sys.stdout, "strict")
    _, sys.stderr = _replaced(sys.stderr, "backslashreplace")
    return out


def refuse_loss(out: Outlet) -> None:
    """Refuse to call a command done whose words could not be written.

    A reader that has seen enough, such as `head`, is no such case.

    Raises:
        DeliveryError: some of them could not.
    """
    sys.stdout.flush()
    failure = out.failure
    if failure is None or isinstance(failure, BrokenPipeError):
        return
    room = "make room where it goes, or " if failure.errno in _NO_ROOM else ""
    raise DeliveryError(
        f"what this command prints cannot be written: {failure.strerror}",
        where="standard output",
        mend=f"{room}send it elsewhere; what the command stored stays stored",
    ) from failure


def _replaced(stream: TextIO | None, errors: str) -> tuple[Outlet, TextIO]:
    """An outlet to where the stream goes, and a stream like it into the outlet."""
    if not isinstance(stream, io.TextIOWrapper):
        outlet = Outlet(os.devnull)
        return outlet, io.TextIOWrapper(io.BufferedWriter(outlet), "utf-8", errors)
    outlet = Outlet(stream.fileno())
    return outlet, io.TextIOWrapper(
        io.BufferedWriter(outlet),
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )
