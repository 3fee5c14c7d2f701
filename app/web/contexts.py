"""What a resolver may reach on behalf of one caller, made anew for each operation and item."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection

from app.identity import NOBODY, ExpiredToken, Identity, InvalidToken, Tokens
from app.rate_limit import Allowance, LimitedCommands
from app.web.addresses import Network, client_address, household
from domain.identity import ActorKind
from domain.scope import scope_of
from schema.context import AccessEnded, Commands, Context, JournalReader, Reads

_SCHEME = "bearer"


class Services(Protocol):
    """The part of the running service that resolvers use."""

    @property
    def commands(self) -> Commands:
        """Executes commands."""
        ...

    @property
    def journal(self) -> JournalReader:
        """Reads the journal."""
        ...

    @property
    def reads(self) -> Reads:
        """Reads the views."""
        ...


@dataclass(frozen=True)
class Contexts:
    """Makes contexts, and says who is asking.

    registrations: the allowance of strangers; None: they may not register cases. trusted: the
    proxies whose word on a client's address is taken.
    """

    services: Services
    tokens: Tokens
    registrations: Allowance | None
    trusted: Sequence[Network] = ()
    clock: Callable[[], float] = time.time

    def identify(self, authorization: Sequence[str]) -> Identity:
        """Who sent these Authorization headers; nobody in particular where there is none.

        Raises InvalidToken or ExpiredToken: a token that is not valid never makes its bearer
        anonymous.
        """
        if not authorization:
            return NOBODY
        if len(authorization) > 1:
            raise InvalidToken
        scheme, _, token = authorization[0].partition(" ")
        if scheme.lower() != _SCHEME:
            raise InvalidToken
        return self.tokens.verify(token.strip())

    def address_key(self, connection: HTTPConnection) -> str:
        """What the allowance of a connection's caller is counted by."""
        return household(client_address(connection, self.trusted))

    def make(self, identity: Identity, address_key: str) -> Context:
        """The context of one operation, or of one item of a subscription.

        Raises ExpiredToken.
        """
        identity.require_fresh(self.clock())
        caller = identity.caller
        commands = self.services.commands
        if caller.kind is ActorKind.ANONYMOUS:
            commands = LimitedCommands(commands, self.registrations, address_key)
        return Context(
            caller=caller,
            scope=scope_of(caller),
            commands=commands,
            journal=self.services.journal,
            reads=self.services.reads,
            require_access=lambda: self._require_access(identity),
        )

    def _require_access(self, identity: Identity) -> None:
        try:
            identity.require_fresh(self.clock())
        except ExpiredToken:
            raise AccessEnded from None
