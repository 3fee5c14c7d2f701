"""Which browser pages may call: those of the same origin, and those that a setting names."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from strawberry.http.websocket_origin import (
    is_same_origin,
    normalize_allowed_origins,
    normalize_origin,
)


@dataclass(frozen=True)
class Origins:
    """allowed: origins in the form that browsers send; `*` allows every page."""

    allowed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, origins: Sequence[str]) -> "Origins":
        """From what somebody wrote. Raises ValueError for what is not an origin."""
        return cls(normalize_allowed_origins(list(origins)))

    def allow(self, connection: HTTPConnection) -> bool:
        """Whether a WebSocket may be opened: browsers apply no rule of their own to those.

        What sends no Origin header is not a browser, and carries nobody's credentials unasked.
        """
        origin = connection.headers.get("origin")
        if origin is None or "*" in self.allowed:
            return True
        if is_same_origin(origin, connection.headers.get("host")):
            return True
        return normalize_origin(origin) in self.allowed
