"""Who holds which post of a demonstration district now, and their tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.directory import Directory
from domain.identity import ActorKind, Caller


@dataclass
class Staff:
    """callers: the holder of each post, with its roles. issue: a token for somebody."""

    callers: Mapping[str, Caller]
    issue: Callable[[Caller], str]
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def holders(self) -> Mapping[str, str]:
        """Who they are, by post."""
        return {post: caller.principal for post, caller in self.callers.items()}

    def token(self, post: str) -> str:
        """Issued once."""
        if post not in self._tokens:
            self._tokens[post] = self.issue(self.callers[post])
        return self._tokens[post]


def staff_of(directory: Directory | None, issue: Callable[[Caller], str]) -> Staff:
    """Everybody who holds a post now."""
    assert directory is not None
    now, callers = datetime.now(UTC), {}
    for code in directory.positions:
        position, holder = directory.position_at(code, now), directory.holder_of(code, now)
        if position is not None and holder is not None:
            callers[code] = Caller(holder, ActorKind.PERSON, frozenset(position.roles))
    return Staff(callers, issue)
