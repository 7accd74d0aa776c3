"""Which addresses a source may be: any ordinary or private one, never a special one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_SPECIAL = {
    "this network": ("0.0.0.0/8", "::/128"),
    "link-local, where clouds keep their credentials": ("169.254.0.0/16", "fe80::/10"),
    "a cloud's metadata service": (
        "fd00:ec2::254/128",
        "100.100.100.200/32",
        "168.63.129.16/32",
    ),
    "multicast": ("224.0.0.0/4", "ff00::/8"),
    "reserved": ("240.0.0.0/4",),
    "a translation of another address": ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"),
}
_NETWORKS = tuple(
    (ip_network(network), why) for why, networks in _SPECIAL.items() for network in networks
)


def why_special(address: str) -> str | None:
    """What makes the address one that no source has; None for an ordinary or private one.

    The address is that of the connected peer, never a name: names can be made to mean anything.

    >>> why_special("169.254.169.254")
    'link-local, where clouds keep their credentials'
    >>> why_special("10.0.0.7") is None
    True
    """
    peer = _plain(address)
    for network, why in _NETWORKS:
        if peer.version == network.version and peer in network:
            return why
    return None


def _plain(address: str) -> IPv4Address | IPv6Address:
    """The address without its zone, and an IPv4 address out of its IPv6 mapping."""
    peer = ip_address(address.partition("%")[0])
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        return peer.ipv4_mapped
    return peer
