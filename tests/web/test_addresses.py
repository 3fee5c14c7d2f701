"""Where a request comes from: the nearest address that is no trusted proxy's."""

import pytest
from starlette.requests import HTTPConnection

from app.web.addresses import client_address, household, networks


def connection(peer: str | None, *forwarded: str) -> HTTPConnection:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    client = (peer, 1234) if peer is not None else None
    return HTTPConnection({"type": "http", "client": client, "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("192.0.2.1", (), (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.7",), (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.7",), ("10.0.0.0/8",), "192.0.2.1"),
        ("10.0.0.1", ("198.51.100.7",), ("10.0.0.0/8",), "198.51.100.7"),
        ("10.0.0.1", ("6.6.6.6, 198.51.100.7, 10.0.0.2",), ("10.0.0.0/8",), "198.51.100.7"),
        ("10.0.0.1", ("6.6.6.6", "198.51.100.7"), ("10.0.0.0/8",), "198.51.100.7"),
        ("10.0.0.1", (), ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", ("nonsense",), ("10.0.0.0/8",), "nonsense"),
        ("::1", ("198.51.100.7",), ("::1",), "198.51.100.7"),
        (None, (), (), "unknown"),
    ],
)
def test_only_trusted_proxies_are_believed(
    peer: str | None, forwarded: tuple[str, ...], trusted: tuple[str, ...], expected: str
) -> None:
    assert client_address(connection(peer, *forwarded), networks(trusted)) == expected


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_a_network_of_one_household_shares_an_allowance(address: str, shared: str) -> None:
    assert household(address) == shared
