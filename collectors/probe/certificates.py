"""When a certificate ends: one that was accepted, or one that was refused because it had."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime

from collectors.fetch.connections import Watchdog
from collectors.fetch.peers import why_special
from slo.errors import ConfigError

_SEQUENCE, _INTEGER, _VERSION = 0x30, 0x02, 0xA0
_FORMATS = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}
_LONG_FORM = 0x80


def end_of(der: bytes) -> int | None:
    """The `notAfter` of a certificate in epoch seconds; None when it cannot be read.

    Source: RFC 5280, section 4.1: the fields before `validity` are skipped.
    """
    try:
        certificate = _content(der, 0, _SEQUENCE)
        fields = _members(_content(certificate, 0, _SEQUENCE))
        if fields[0][0] == _VERSION:
            fields = fields[1:]
        _serial, _algorithm, _issuer, (tag, validity) = fields[:4]
        (_, _), (form, text) = _members(validity) if tag == _SEQUENCE else []
        read = datetime.strptime(text.decode("ascii"), _FORMATS[form])  # noqa: DTZ007 - Z is read as a letter
    except (ValueError, IndexError, KeyError):
        return None
    return int(read.replace(tzinfo=UTC).timestamp())


def refused_end(host: str, port: int, limit_s: float, *, allow_special: bool) -> int | None:
    """The end of the certificate that a server shows, believed or not; None when it shows none.

    Nothing is sent over the connection: it only lets a refusal be told with its date.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            Watchdog(limit_s) as watchdog,
            socket.create_connection((host, port), timeout=limit_s) as plain,
        ):
            watchdog.watch(plain)
            if not allow_special and why_special(str(plain.getpeername()[0])):
                return None
            with context.wrap_socket(plain, server_hostname=host) as shown:
                der = shown.getpeercert(binary_form=True)
            watchdog.dismiss()
    except (OSError, ValueError):
        return None
    return None if der is None else end_of(der)


def refuse_unreadable(path: str, where: str) -> None:
    """Refuse a file of authorities that holds none: every answer would look like a failure.

    Raises:
        ConfigError: it cannot be read, or is no PEM.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        raise ConfigError(
            f'no certificates can be read from "{path}": {_reason(error)}',
            where=where,
            mend="name as ca_file the authority's certificate, a text that begins with "
            "-----BEGIN CERTIFICATE-----",
        ) from error


def _reason(error: OSError) -> str:
    """Why the file could not be read; what the TLS library calls its errors tells nobody."""
    if isinstance(error, ssl.SSLError) or not error.strerror:
        return "it holds no certificate"
    return error.strerror


def _members(content: bytes) -> list[tuple[int, bytes]]:
    """The tags and contents that a constructed value holds, one after the other."""
    found, at = [], 0
    while at < len(content):
        tag, start, end = _bounds(content, at)
        found.append((tag, content[start:end]))
        at = end
    return found


def _content(der: bytes, at: int, expected: int) -> bytes:
    tag, start, end = _bounds(der, at)
    if tag != expected:
        raise ValueError("another structure")
    return der[start:end]


def _bounds(der: bytes, at: int) -> tuple[int, int, int]:
    """The tag of the value at that place, where its content begins and where it ends."""
    tag, length, start = der[at], der[at + 1], at + 2
    if length & _LONG_FORM:
        size = length & ~_LONG_FORM
        length = int.from_bytes(der[start : start + size], "big")
        start += size
    if start + length > len(der):
        raise ValueError("cut off")
    return tag, start, start + length
