"""What a resolver may reach on behalf of one caller, made anew for each operation and item."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection

from app.attempts import AuditedCommands, AuditedPersonalData
from app.identity import NOBODY, ExpiredToken, Identifies, Identity, InvalidToken
from app.rate_limit import Allowances, LimitedCommands, LimitedResident, LimitedTracking
from app.tracking import WithSecretIds
from app.web.addresses import Network, client_address, household
from domain.identity import ActorKind, Caller
from domain.scope import scope_of
from schema.context import (
    AccessEnded,
    CaseActions,
    Commands,
    Configuration,
    Context,
    JournalReader,
    PersonalDataReader,
    Reads,
    Tracking,
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
    def actions(self) -> CaseActions:
        """Tells what could be done with cases."""
        ...

    @property
    def tracking(self) -> Tracking:
        """Shows tracking codes, and exchanges them."""
        ...

    @property
    def reads(self) -> Reads:
        """Reads the views."""
        ...

    @property
    def lookups(self) -> Reads:
        """Reads what is found by key."""
        ...


@dataclass(frozen=True)
class Access:
    """What one caller may reach, as long as their token is valid."""

    services: Services
    identity: Identity
    allowances: Allowances
    address_key: str
    clock: Callable[[], float]
    language: Language = Language.EN
    recognise: Recognise = as_claimed

    def context(self) -> Context:
        """The context of one operation, or of one item of a subscription. Raises ExpiredToken."""
        self.require()
        caller = self.recognise(self.identity.caller)
        commands, personal_data = self._limited(caller), self.services.personal_data
        if isinstance(commands, AuditedCommands):
            personal_data = AuditedPersonalData(personal_data, commands)
        tracking = LimitedTracking(
            self.services.tracking, self.allowances.tracking, self.address_key
        )
        return Context(
            caller=caller,
            scope=scope_of(caller),
            commands=commands,
            journal=self.services.journal,
            reads=self.services.reads,
            lookups=self.services.lookups,
            require_access=self._require_for_resolver,
            renew=self._renewed,
            language=self.language,
            configuration=self.services.configuration,
            personal_data=personal_data,
            tracking=tracking,
            admit_public_read=self._admit_public_read,
            actions=self.services.actions,
        )

    def _limited(self, caller: Caller) -> Commands:
        """The commands, with what a caller of this sort may ask for."""
        commands = self.services.commands
        if caller.kind is ActorKind.ANONYMOUS:
            registrations = self.allowances.registrations
            commands = WithSecretIds(commands, registrations.hashed)
            return LimitedCommands(commands, registrations, self.address_key)
        audited = AuditedCommands(commands, self.allowances.attempts)
        if caller.tracks is None:
            return audited
        return LimitedResident(audited, self.allowances.residents)

    async def _admit_public_read(self) -> None:
        if self.identity.caller.kind is ActorKind.ANONYMOUS:
            await self.allowances.public.require(self.address_key)

    @property
    def holder(self) -> str:
        """Whose the streams are: anybody may be a stranger, or bring cases and track them."""
        caller = self.identity.caller
        if caller.kind is ActorKind.ANONYMOUS or caller.tracks is not None:
            return held_from(self.address_key)
        return f"caller {caller.principal}"

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

    allowances: how much each may ask. trusted: the proxies whose word on a client's address is
    taken. recognise: who a token's caller is now.
    """

    services: Services
    tokens: Identifies
    allowances: Allowances
    trusted: Sequence[Network] = ()
    clock: Callable[[], float] = time.time
    recognise: Recognise = as_claimed

    def holder(self, connection: HTTPConnection) -> str:
        """Whose a stream is while its caller is not known yet."""
        return held_from(self._address_key(connection))

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
        return Access(
            self.services,
            identity,
            self.allowances,
            self._address_key(connection),
            self.clock,
            language_of(connection),
            self.recognise,
        )

    def _address_key(self, connection: HTTPConnection) -> str:
        return household(client_address(connection, self.trusted))


def held_from(address_key: str) -> str:
    """Whose the streams of an address are."""
    return f"address {address_key}"


def language_of(connection: HTTPConnection) -> Language:
    """The language that a request asks for."""
    headers = connection.headers.getlist("accept-language")
    return chosen(",".join(headers) if headers else None)
