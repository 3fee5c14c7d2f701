"""A small schema with one field for each thing a transport must cope with."""

import asyncio
from collections.abc import AsyncGenerator

import strawberry
from strawberry.exceptions import StrawberryGraphQLError
from strawberry.scalars import JSON

from domain.refusal import InvalidInput
from schema.info import Info

SECRET = "the resident's telephone number"


class Gate:
    """Lets a resolver or a subscription wait until the test says so."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.opened = asyncio.Event()
        self.left = 0

    async def wait(self) -> None:
        self.entered.set()
        try:
            await self.opened.wait()
        finally:
            self.left += 1

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]


GATE = Gate()


@strawberry.type
class Thing:
    name: str

    @strawberry.field
    def inner(self) -> "Thing":
        return Thing(name=self.name)


@strawberry.input
class Wish:
    text: str | None = None
    wish: "Wish | None" = None


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def thing(self) -> Thing:
        return Thing(name="thing")

    @strawberry.field
    def number(self, value: int) -> int:
        return value

    @strawberry.field
    def wish(self, wish: Wish) -> str:
        return wish.text or "nothing"

    @strawberry.field
    def who(self, info: Info) -> str:
        return info.context.caller.principal

    @strawberry.field
    def breaks(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def breaks_everything(self) -> str:
        raise RuntimeError(SECRET)

    @strawberry.field
    def refuses(self) -> str | None:
        raise InvalidInput(["id"], "That is not an id.")

    @strawberry.field
    def complains(self) -> str | None:
        raise StrawberryGraphQLError("That cannot be.", extensions={"code": "CANNOT_BE"})

    @strawberry.field
    def odd(self) -> JSON:
        return JSON(object())

    @strawberry.field
    async def waits(self) -> str:
        await GATE.wait()
        return "done"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self) -> str:
        await asyncio.sleep(0)
        return "changed"

    @strawberry.mutation
    async def change_slowly(self) -> str:
        await GATE.wait()
        return "changed"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int) -> AsyncGenerator[int, None]:
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def who(self, info: Info) -> AsyncGenerator[str, None]:
        yield info.context.caller.principal

    @strawberry.subscription
    async def waits(self) -> AsyncGenerator[str, None]:
        yield "waiting"
        await GATE.wait()
        yield "done"

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError(SECRET)

    @strawberry.subscription
    async def refuses(self) -> AsyncGenerator[int, None]:
        if GATE.left >= 0:
            raise InvalidInput(["after"], "That lies beyond the end.")
        yield 1

    @strawberry.subscription
    async def floods(self) -> AsyncGenerator[str, None]:
        while True:
            GATE.left += 1
            yield "x" * 10_000


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
