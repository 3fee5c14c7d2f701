"""What a resolver may reach on behalf of one caller, made anew for each operation and item."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection

from app.attempts import AuditedCommands, AuditedPersonalData
from app.identity import NOBODY, ExpiredToken, Identifies, Identity, InvalidToken
from app.rate_limit import Allowance, LimitedCommands
from app.web.addresses import Network, client_address, household
from domain.identity import ActorKind, Caller
from domain.scope import scope_of
from schema.context import (
    AccessEnded,
    Commands,
    Configuration,
    Context,
    JournalReader,
    PersonalDataReader,
    Reads,
)
from schema.languages.language import Language, chosen

_SCHEME = "bearer"

Recognise = Callable[[Caller], Caller]
"""Whom a token names -> who that is at this moment, with the roles of their posts."""


def as_claimed(caller: Caller) -> Caller:
    """Where there is no directory, a token says it all."""
    return caller


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
    def configuration(self) -> Configuration:
        """Catalogue and routing policy."""
        ...

    @property
    def personal_data(self) -> PersonalDataReader:
        """Shows personal data, on record."""
        ...

    @property
    def reads(self) -> Reads:
        """Reads the views."""
        ...


@dataclass(frozen=True)
class Access:
    """What one caller may reach, as long as their token is valid."""

    services: Services
    identity: Identity
    registrations: Allowance | None
    address_key: str
    clock: Callable[[], float]
    language: Language = Language.EN
    recognise: Recognise = as_claimed
    attempts: Allowance | None = None

    def context(self) -> Context:
        """The context of one operation, or of one item of a subscription. Raises ExpiredToken."""
        self.require()
        caller = self.recognise(self.identity.caller)
        commands, personal_data = self.services.commands, self.services.personal_data
        if caller.kind is ActorKind.ANONYMOUS:
            commands = LimitedCommands(commands, self.registrations, self.address_key)
        elif self.attempts is not None:
            commands = AuditedCommands(commands, self.attempts)
            personal_data = AuditedPersonalData(personal_data, commands)
        return Context(
            caller=caller,
            scope=scope_of(caller),
            commands=commands,
            journal=self.services.journal,
            reads=self.services.reads,
            require_access=self._require_for_resolver,
            renew=self._renewed,
            language=self.language,
            configuration=self.services.configuration,
            personal_data=personal_data,
        )

    def require(self) -> None:
        """Raises ExpiredToken when the token's time is over."""
        self.identity.require_fresh(self.clock())

    def seconds_left(self) -> float:
        """How long the token is still valid; infinite without a token."""
        return self.identity.seconds_left(self.clock())

    def _require_for_resolver(self) -> None:
        try:
            self.require()
        except ExpiredToken:
            raise AccessEnded from None

    def _renewed(self) -> Context:
        try:
            return self.context()
        except ExpiredToken:
            raise AccessEnded from None


@dataclass(frozen=True)
class Door:
    """Says who is asking, and gives them access.

    registrations: the allowance of strangers; None: they may not register cases. trusted: the
    proxies whose word on a client's address is taken. recognise: who a token's caller is now.
    attempts: how many refused attempts of each person are recorded; None: none.
    """

    services: Services
    tokens: Identifies
    registrations: Allowance | None
    trusted: Sequence[Network] = ()
    clock: Callable[[], float] = time.time
    recognise: Recognise = as_claimed
    attempts: Allowance | None = None

    async def admit(self, connection: HTTPConnection) -> Access:
        """Access by the Authorization header; that of a stranger where there is none.

        Raises InvalidToken or ExpiredToken: a token that is not valid never makes its bearer
        anonymous. Raises IssuerUnavailable where that cannot be known now.
        """
        headers = connection.headers.getlist("authorization")
        if not headers:
            return self._access(connection, NOBODY)
        if len(headers) > 1:
            raise InvalidToken
        return await self.admit_bearer(connection, headers[0])

    async def admit_bearer(self, connection: HTTPConnection, authorization: str) -> Access:
        """Access by the text of an Authorization header. Raises as `admit`."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != _SCHEME:
            raise InvalidToken
        return self._access(connection, await self.tokens.identify(token.strip()))

    def _access(self, connection: HTTPConnection, identity: Identity) -> Access:
        key = ""
        if identity.caller.kind is ActorKind.ANONYMOUS:
            key = household(client_address(connection, self.trusted))
        return Access(
            self.services,
            identity,
            self.registrations,
            key,
            self.clock,
            language_of(connection),
            self.recognise,
            self.attempts,
        )


def language_of(connection: HTTPConnection) -> Language:
    """The language that a request asks for."""
    headers = connection.headers.getlist("accept-language")
    return chosen(",".join(headers) if headers else None)
