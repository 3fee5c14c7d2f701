"""Access lasts as long as the token does, for operations and for what runs within them."""

from dataclasses import replace
from typing import cast

import pytest

from app.attempts import AuditedCommands
from app.identity import LEEWAY_SECONDS, NOBODY, ExpiredToken, Identity
from app.rate_limit import Allowances, LimitedCommands
from app.settings import Settings
from app.web.contexts import Access, Services
from domain.identity import ActorKind, Caller, Role
from schema.context import AccessEnded, Reads

OFFICER = Caller("li.na", ActorKind.PERSON, frozenset({Role.OFFICER}))


class NoServices:
    commands = journal = reads = lookups = None
    configuration = personal_data = actions = tracking = None


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def access(identity: Identity, clock: Clock) -> Access:
    allowances = Allowances.of(Settings(), cast("Reads", None), bytes)
    return Access(cast("Services", NoServices()), identity, allowances, "", clock)


def test_access_ends_with_the_token_in_an_operation_that_goes_on() -> None:
    clock = Clock()
    granted = access(Identity(OFFICER, 100), clock)
    context = granted.context()
    context.require_access()
    clock.now = 100 + LEEWAY_SECONDS
    with pytest.raises(AccessEnded):
        context.require_access()
    with pytest.raises(ExpiredToken):
        granted.context()


def test_without_a_token_access_does_not_end() -> None:
    clock = Clock()
    context = access(NOBODY, clock).context()
    clock.now = 1e12
    context.require_access()


def test_only_the_commands_of_strangers_are_limited() -> None:
    assert isinstance(access(NOBODY, Clock()).context().commands, LimitedCommands)
    known = access(Identity(OFFICER, 100), Clock()).context().commands
    assert isinstance(known, AuditedCommands), "and what they are refused is recorded"


def test_who_the_caller_is_is_asked_for_each_operation_and_item() -> None:
    roles = iter([Role.OFFICER, Role.AUDITOR])
    granted = replace(
        access(Identity(OFFICER, 100), Clock()),
        recognise=lambda caller: replace(caller, roles=frozenset({next(roles)})),
    )
    context = granted.context()
    assert context.caller.roles == {Role.OFFICER}
    assert context.renewed().caller.roles == {Role.AUDITOR}


def test_a_context_is_not_renewed_beyond_the_token() -> None:
    clock = Clock()
    context = access(Identity(OFFICER, 100), clock).context()
    clock.now = 100 + LEEWAY_SECONDS
    with pytest.raises(AccessEnded):
        context.renewed()
