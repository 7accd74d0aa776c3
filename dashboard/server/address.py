"""Where the pages may be served: this machine's own address, on a port that nobody has."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from slo.errors import ConfigError

LOOPBACK = "127.0.0.1"
NAMES = ("localhost", LOOPBACK)
_DEFAULT, _HIGHEST = 8501, 65_536


def check_address(address: str, port: int, command: str) -> None:
    """Refuse an address that others can reach, and a port that is taken.

    `command` is what was asked for, without its port: "serve", "up".

    Raises:
        ConfigError: the address is not this machine's own, or something listens there already.
    """
    name = command.partition(" ")[0]
    if not _is_loopback(address):
        raise ConfigError(
            f"{address} can be reached by others, and these pages ask nobody for a password",
            where=f"{name} --address",
            mend=f"leave the address out ({LOOPBACK}) and put a proxy with a login in front,"
            f" or come by ssh -L {port}:{LOOPBACK}:{port}",
        )
    if address not in NAMES:
        raise ConfigError(
            f"the pages are served on {LOOPBACK} alone, not on {address}",
            where=f"{name} --address",
            mend="leave the address out",
        )
    if not _is_free(port):
        other = next((one for one in range(port + 1, _HIGHEST) if _is_free(one)), _DEFAULT)
        raise ConfigError(
            f"port {port} of {LOOPBACK} is taken",
            where=f"{name} --port",
            mend=f"burnline {command} --port {other}",
        )


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Another server that closed a moment ago leaves connections behind that hold no port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
