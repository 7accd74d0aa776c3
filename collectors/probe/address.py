"""Why an address can never be asked, wherever it was found: in config.toml or in a redirect.

What reads it here and what connects later take addresses apart each in a way of its own. Only such
are let through as both read alike: no user, a plain host, a plain port.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv6Address
from urllib.parse import SplitResult, urlsplit

_PORTS = range(1, 65_536)
_LONGEST_LABEL, _LONGEST_HOST = 63, 253
_LABEL = re.compile(r"[A-Za-z0-9_-]+")
_BRACKETS = re.compile(r"\[([^]%]+)(?:%[^]]*)?\](?::.*)?")
_NO_IPV6 = "what stands in [ ] is no IPv6 address"


def unaskable(url: str) -> str:
    """Why no answer can ever come from the address, whatever runs there; "" where one may.

    >>> unaskable("http://shop.example:8080/health")
    ''
    >>> unaskable("http://shop..example")
    'its host has an empty part between two dots'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return _NO_IPV6
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "it does not begin with http:// or https:// and a host"
    if "@" in parts.netloc:
        return "it holds a user or a password"
    return _of_host(parts) or _of_port(parts)


def _of_port(parts: SplitResult) -> str:
    try:
        fits = parts.port is None or parts.port in _PORTS
    except ValueError:
        fits = False
    return "" if fits else f"its port is no number from {_PORTS[0]} to {_PORTS[-1]}"


def _of_host(parts: SplitResult) -> str:
    if parts.netloc.startswith("["):
        return "" if _is_ipv6(parts.netloc) else _NO_IPV6
    host = _ascii(str(parts.hostname)).removesuffix(".")
    if not host:
        return "its host is no name of the net"
    labels = host.split(".")
    if "" in labels:
        return "its host has an empty part between two dots"
    if len(host) > _LONGEST_HOST or any(len(label) > _LONGEST_LABEL for label in labels):
        return f"its host is longer than {_LONGEST_LABEL} letters a part or {_LONGEST_HOST} in all"
    if not all(map(_LABEL.fullmatch, labels)):
        return "its host holds a character that no name of the net has"
    return _of_ipv4(host, labels)


def _of_ipv4(host: str, labels: list[str]) -> str:
    """Four numbers are no name, whatever a resolver would say of them."""
    if len(labels) == 4 and all(map(str.isdecimal, labels)):  # noqa: PLR2004 - the numbers of IPv4
        try:
            socket.inet_aton(host)
        except OSError:
            return "its numbers are no IPv4 address"
    return ""


def _ascii(host: str) -> str:
    """The host as it is asked for; "" for one with letters that no name of the net has."""
    if host.isascii():
        return host
    import idna  # noqa: PLC0415 - 35 ms, for few

    try:
        return idna.encode(host, uts46=True).decode()
    except UnicodeError:
        return ""


def _is_ipv6(netloc: str) -> bool:
    found = _BRACKETS.fullmatch(netloc)
    try:
        IPv6Address(found[1] if found else "")
    except ValueError:
        return False
    return True
