"""Whose fault it is that no answer came: the target's, or this machine's."""

from __future__ import annotations

import errno
import socket
import ssl

import requests

from collectors.fetch.connections import SpecialPeerError
from collectors.fetch.failures import causes

_OURS = {
    errno.EMFILE: "`ulimit -n` raises the limit",
    errno.ENFILE: "`ulimit -n` raises the limit",
    errno.ENOBUFS: "this machine is out of network buffers",
    errno.ENOMEM: "this machine is out of memory",
    errno.EADDRNOTAVAIL: "this machine has no free port or address",
    errno.EACCES: "this machine forbids the connection",
    errno.EPERM: "this machine forbids the connection",
    errno.ENETDOWN: "this machine's network is down",
    errno.ENETUNREACH: "this machine has no route there",
    errno.EAFNOSUPPORT: "this machine has no such network",
}
_NO_RESOLVER = {socket.EAI_AGAIN, socket.EAI_SYSTEM, socket.EAI_MEMORY}


def our_fault(error: BaseException) -> str:
    """Why the failure says nothing about the target; "" where it is the target's own.

    A host that is unreachable, a name that does not exist and a silence are the target's: whoever
    uses it from here meets the same. What a socket or the resolver of this machine lacks is not.

    >>> our_fault(OSError(errno.EMFILE, "Too many open files"))
    '`ulimit -n` raises the limit'
    >>> our_fault(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"))
    ''
    """
    for cause in causes(error):
        match cause:
            case SpecialPeerError():
                return "it was not asked"
            case UnicodeEncodeError() | requests.exceptions.InvalidHeader():
                return "its headers cannot be sent"
            case socket.gaierror(errno=code) if code in _NO_RESOLVER:
                return "this machine's name service does not answer"
            case ssl.SSLError() | socket.gaierror():
                continue  # their numbers are none of the system's
            case OSError(errno=int(code)) if code in _OURS:
                return _OURS[code]
    return ""
