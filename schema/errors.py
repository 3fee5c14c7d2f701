"""Expected refusals as data: what a result union holds beside success, for every aggregate."""

import strawberry
from strawberry.scalars import JSON
from strawberry.schema.exception_handlers import ExceptionHandler
from strawberry.types.field import StrawberryField

from domain import refusal
from schema.info import Info
from schema.languages import message_of


@strawberry.interface(description="Why a command was not carried out. Nothing changed.")
class CommandError:
    """What every refusal says."""

    code: str = strawberry.field(description="A stable code, the same in every language.")
    message: str = strawberry.field(description="A sentence for a person.")


@strawberry.type(description="A rule refused the command in this situation.")
class CommandRefused(CommandError):
    """A rule refused."""

    facts: JSON = strawberry.field(description="What the rule looked at, by name.")


@strawberry.type(description="The caller's roles do not allow the command.")
class NotPermitted(CommandError):
    """The permission table refused."""


@strawberry.type(description="There is no such thing, or the caller may not see it.")
class NotFound(CommandError):
    """Absent or hidden: the caller cannot tell which."""


@strawberry.type(description="A field of the input breaks its limits.")
class InvalidInput(CommandError):
    """A limit was broken."""

    path: list[str] = strawberry.field(
        description="The way to the field, inside the input: location, point, latitude."
    )


class RefusedHandler(ExceptionHandler[refusal.Refusal, CommandRefused]):
    """Any refusal that no other handler takes."""

    def handle(
        self, exception: refusal.Refusal, *, field: StrawberryField, info: Info
    ) -> CommandRefused:
        return CommandRefused(
            code=exception.code,
            message=message_of(exception, info.context.language),
            facts=JSON(dict(exception.facts)),
        )


class NotPermittedHandler(ExceptionHandler[refusal.NotPermitted, NotPermitted]):
    """What the permission table refused."""

    def handle(
        self, exception: refusal.NotPermitted, *, field: StrawberryField, info: Info
    ) -> NotPermitted:
        return NotPermitted(
            code=exception.code, message=message_of(exception, info.context.language)
        )


class NotFoundHandler(ExceptionHandler[refusal.NotFound, NotFound]):
    """What is absent or hidden."""

    def handle(
        self, exception: refusal.NotFound, *, field: StrawberryField, info: Info
    ) -> NotFound:
        return NotFound(code=exception.code, message=message_of(exception, info.context.language))


class InvalidInputHandler(ExceptionHandler[refusal.InvalidInput, InvalidInput]):
    """What breaks a limit."""

    def handle(
        self, exception: refusal.InvalidInput, *, field: StrawberryField, info: Info
    ) -> InvalidInput:
        return InvalidInput(
            code=exception.code,
            message=message_of(exception, info.context.language),
            path=list(exception.path),
        )
