"""Whoever keeps the configuration, over the API."""

from typing import Any, Final

from domain.identity import Caller, Role
from tests.api.schema.asking import Api
from tests.domain.people import person

ANN, BO = (person(name, Role.CATALOGUE_ADMIN) for name in ("ann", "bo"))

REFUSED: Final = """
    ... on CommandError { code message }
    ... on CommandRefused { facts }
    ... on InvalidInput { path }
"""


class Office:
    """version: what is read of the version that a command results in."""

    def __init__(self, api: Api, version: str = "number state publishedBy") -> None:
        self.api = api
        self.version = version

    async def give(self, verb: str, kind: str, by: Caller = ANN, **given: object) -> dict[str, Any]:
        """What a command on a configuration results in."""
        name = f"{verb}{kind}"
        query = f"""mutation M($i: {verb.capitalize()}{kind}Input!) {{ {name}(input: $i) {{
            __typename ... on {kind}Changed {{ position version {{ {self.version} }} }} {REFUSED}
        }} }}"""
        answer: dict[str, Any] = (await self.api.by(by).ask(query, i=given))[name]
        return answer

    async def publish(self, kind: str, **content: object) -> int:
        """Bring a version into force; its number."""
        drafted = await self.give("draft", kind, ANN, title="One", **content)
        number: int = drafted["version"]["number"]
        await self.give("propose", kind, number=number)
        published = await self.give("publish", kind, BO, number=number)
        assert published["version"]["state"] == "PUBLISHED"
        return number
