"""Refusals: expected answers to a command that may not happen, with a stable code and facts."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

Fact = str | int | bool | None | list[str]
Facts = Mapping[str, Fact]


class Refusal(Exception):
    """A command was understood and refused; nothing changed.

    `code` is stable and part of the contract. The class docstring's first line is the English
    message, a format string over `facts`, so that a code and its words cannot drift apart.
    """

    code: ClassVar[str] = "REFUSED"

    def __init__(self, **facts: Fact) -> None:
        self.facts: Facts = facts
        super().__init__(facts)

    def __str__(self) -> str:
        # Put into words when somebody reads it: most refusals of an offer are never read.
        return self.message

    @property
    def message(self) -> str:
        """The English sentence for a person, without personal data."""
        template = (type(self).__doc__ or self.code).splitlines()[0]
        return template.format(**{name: _in_words(fact) for name, fact in self.facts.items()})


def _in_words(fact: Fact) -> Fact:
    return ", ".join(fact) if isinstance(fact, list) else fact


class WrongStage(Refusal):
    """{command} is not possible while the case is {stage}; it needs {allowed}."""

    code = "WRONG_STAGE"


class OccurredInFuture(Refusal):
    """occurredAt {occurred_at} lies in the future; it is {now} now."""

    code = "OCCURRED_IN_FUTURE"


class OccurredBeforeRegistration(Refusal):
    """occurredAt {occurred_at} lies before the case was registered at {registered_at}."""

    code = "OCCURRED_BEFORE_REGISTRATION"


class CaseAlreadyRegistered(Refusal):
    """The case number {case_no} is taken by another case."""

    code = "CASE_ALREADY_REGISTERED"


class CheckerIsResolver(Refusal):
    """Whoever submitted the resolution may not check it; another person must."""

    code = "CHECKER_IS_RESOLVER"


class FeedbackWithoutContact(Refusal):
    """Whoever was not contacted cannot have answered: leave {given} out."""

    code = "FEEDBACK_WITHOUT_CONTACT"


class AudienceNotOpen(Refusal):
    """What a reporter adds is for the audience {allowed}; {audience} is for the staff alone."""

    code = "AUDIENCE_NOT_OPEN"


class CommandIdReused(Refusal):
    """commandId {command_id} was already used with a different input."""

    code = "COMMAND_ID_REUSED"


class BeginningChanged(Refusal):
    """Activity {index} of trace {external_id} differs from what is already recorded."""

    code = "BEGINNING_CHANGED"


class AttributesChanged(Refusal):
    """The attributes of trace {external_id} itself differ from what is already recorded."""

    code = "ATTRIBUTES_CHANGED"


class RecordChanged(Refusal):
    """What is said of case {external_id} as a whole differs from what is recorded: {field}."""

    code = "RECORD_CHANGED"


class HistoryShorter(Refusal):
    """Trace {external_id} has {incoming} activities, {recorded} are already recorded."""

    code = "HISTORY_SHORTER"


class NotPermitted(Refusal):
    """You may not use {permission}."""

    code = "NOT_PERMITTED"


class NotFound(Refusal):
    """There is no such {what}, or you may not see it."""

    code = "NOT_FOUND"


class InvalidInput(Refusal):
    """{problem}"""

    code = "INVALID_INPUT"

    def __init__(self, path: list[str], problem: str) -> None:
        self.path = path
        super().__init__(path=path, problem=problem)


class VersionConflict(Refusal):
    """The case is at version {current_version}, not at {expected_version}."""

    code = "VERSION_CONFLICT"

    def __init__(self, stream_id: UUID, expected_version: int, current_version: int) -> None:
        self.stream_id = stream_id
        self.expected_version = expected_version
        self.current_version = current_version
        super().__init__(expected_version=expected_version, current_version=current_version)


class Overloaded(Refusal):
    """The service is busy; nothing was recorded, try again."""

    code = "OVERLOADED"


class JournalAlreadyOpen(Refusal):
    """The journal was opened before, for {name}."""

    code = "JOURNAL_ALREADY_OPEN"


class TwoPersons(Refusal):
    """Whoever proposed version {number} may not publish it; a second person must."""

    code = "TWO_PERSONS"


class WrongVersionState(Refusal):
    """{command} is not possible while version {number} is {state}; it needs {allowed}."""

    code = "WRONG_VERSION_STATE"
