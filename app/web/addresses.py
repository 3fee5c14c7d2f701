"""Where a request comes from: the peer's address, or what trusted proxies say in front of it."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

UNKNOWN = "unknown"

Network = IPv4Network | IPv6Network


def networks(names: Sequence[str]) -> tuple[Network, ...]:
    """Networks from addresses or CIDR blocks. Raises ValueError for anything else."""
    return tuple(ip_network(name) for name in names)


def client_address(connection: HTTPConnection, trusted: Sequence[Network]) -> str:
    """The nearest address that is not a trusted proxy's.

    Each proxy appends to X-Forwarded-For the address it was called from, so the header is read
    from its end, and only as long as those who wrote it are trusted.
    """
    address = connection.client.host if connection.client else UNKNOWN
    if not trusted:
        return address
    hops = [
        hop.strip()
        for line in connection.headers.getlist("x-forwarded-for")
        for hop in line.split(",")
    ]
    while hops and _is_trusted(address, trusted):
        address = hops.pop()
    return address


@lru_cache(maxsize=4096)
def household(address: str) -> str:
    """What shares one allowance: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)
