"""What is noted about a request while it is answered, for the access log and the metrics."""

from dataclasses import dataclass, field
from typing import Final

from starlette.types import Scope

_KEY: Final = "wardbook.observation"


@dataclass
class Observation:
    """No personal data, no query and no variables: what kind of thing was asked and answered.

    route: its path as it is named, where the path itself says what it is about.
    operation: query, mutation or subscription, once that is known. name: the client's own name
    for it. caller: the kind of caller. codes: of the errors of the request as a whole.
    """

    route: str | None = None
    operation: str | None = None
    name: str | None = None
    caller: str | None = None
    codes: list[str] = field(default_factory=list)


def observation(scope: Scope) -> Observation:
    """The request's observation; a new one where nobody is interested."""
    found = scope.setdefault(_KEY, Observation())
    return found if isinstance(found, Observation) else Observation()
