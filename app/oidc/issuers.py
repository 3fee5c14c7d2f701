"""Which issuers' tokens are accepted, as the settings say."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import msgspec

DEFAULT_TYPES: Final = ("at+jwt",)
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)
SEPARATOR: Final = "|"
"""Between the name of an issuer and the person in a principal; no name of an issuer has it."""

FORM: Final = "must be ISSUER=AUDIENCE pairs with commas between them, or a JSON list of objects"


class Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An issuer, exactly as its tokens name it, and what its tokens must say.

    audience: the one that means this service. jwks_url: where its keys are; None: where its
        `/.well-known/openid-configuration` says. types: the values of `typ` that its access
        tokens have. name: stands before the persons of this issuer, as `NAME|sub`; without a
        name a person is the `sub` itself.
    """

    issuer: str
    audience: str
    jwks_url: str | None = None
    types: tuple[str, ...] = DEFAULT_TYPES
    name: str | None = None

    def principal(self, subject: str) -> str:
        """The principal of a person of this issuer."""
        return subject if self.name is None else f"{self.name}{SEPARATOR}{subject}"


@dataclass(frozen=True)
class Place:
    """The parts of an address that a connection needs."""

    secure: bool
    host: str
    port: int
    target: str
    authority: str


def parse_issuers(text: str) -> tuple[Issuer, ...]:
    """The issuers of a setting. Raises ValueError, which says what the setting must be."""
    if text.lstrip().startswith("["):
        try:
            issuers = msgspec.json.decode(text, type=tuple[Issuer, ...])
        except msgspec.MsgspecError as error:
            raise ValueError(f"{FORM}: {error}") from None
    else:
        issuers = tuple(_pair(part) for part in text.split(",") if part.strip())
    check(issuers)
    return issuers


def check(issuers: Sequence[Issuer]) -> None:
    """Raises ValueError for addresses that are not safe, and for persons that could be mixed up."""
    for each in issuers:
        place_of(each.issuer)
        if each.jwks_url is not None:
            place_of(each.jwks_url)
        if not each.audience or not all(each.types):
            raise ValueError("must name an audience, and types that are not empty")
        if each.name is not None and not NAME.fullmatch(each.name):
            raise ValueError("must give names of 1 to 32 letters, digits and . _ -")
    if any(count > 1 for count in Counter(each.issuer for each in issuers).values()):
        raise ValueError("must name every issuer once")
    if any(count > 1 for count in Counter(each.name for each in issuers).values()):
        raise ValueError("must give every issuer but one a name of its own, in JSON")


def place_of(url: str) -> Place:
    """The parts of an address. Raises ValueError unless it is https, or of this machine."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("must be addresses as https://id.example.org") from None
    host = parts.hostname or ""
    if not host or parts.username is not None or parts.fragment or not url.isascii():
        raise ValueError("must be addresses as https://id.example.org")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise ValueError("must be addresses without spaces")
    secure = parts.scheme == "https"
    if not secure and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("must be https addresses; http is for this machine itself alone")
    query = f"?{parts.query}" if parts.query else ""
    target = f"{parts.path or '/'}{query}"
    return Place(secure, host, port or (443 if secure else 80), target, parts.netloc)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by name or address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _pair(text: str) -> Issuer:
    issuer, separator, audience = text.strip().partition("=")
    if not separator:
        raise ValueError(FORM)
    return Issuer(issuer.strip(), audience.strip())
