"""A service with a case, over HTTP, and people who hand evidence in and look at it."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
from strawberry import Schema

from domain.identity import Caller
from schema.build import build_schema
from tests.api.transport.conftest import Service
from tests.domain.people import ANONYMOUS, REPORTER

REGISTER: Final = """
    mutation { registerCase(input: { channel: WEB, title: "Noise" }) {
      ... on CaseChanged { case { caseId } } } }
"""
EVIDENCE: Final = """
    query ($id: ID!, $asOf: AsOf) { case(id: $id, asOf: $asOf) { version evidence {
      id caseId sha256 size mediaType label audience byReporter addedAt
      addedBy { principal } } } }
"""


@cache
def schema_of_ours() -> Schema:
    """The schema, made once."""
    return build_schema()


@dataclass(frozen=True)
class Office:
    """The service, the folder of its evidence, and the caseId of a case of REPORTER's."""

    service: Service
    folder: Path
    case_id: str

    def as_(self, by: Caller) -> dict[str, str]:
        return {} if by is ANONYMOUS else {"Authorization": self.service.bearer(by)}

    async def add(
        self,
        by: Caller,
        content: Any,
        media_type: str | None = "image/jpeg",
        *,
        case_id: str | None = None,
        headers: dict[str, str] | None = None,
        **said: object,
    ) -> httpx.Response:
        """Hand it in. said: the fields of Wardbook-Input."""
        sent = self.as_(by) | (headers or {})
        if media_type is not None:
            sent["Content-Type"] = media_type
        if said:
            sent["Wardbook-Input"] = json.dumps(said)
        url = f"/cases/{case_id or self.case_id}/evidence"
        return await self.service.client.post(url, content=content, headers=sent)

    async def added(self, by: Caller, content: bytes, *given: Any, **said: Any) -> str:
        """The id of evidence that was taken."""
        answer = await self.add(by, content, *given, **said)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["evidence"]["id"])

    async def look(
        self, by: Caller, evidence_id: str, *, original: bool = False, **headers: str
    ) -> httpx.Response:
        url = f"/evidence/{evidence_id}" + ("/original" if original else "")
        return await self.service.client.get(url, headers=self.as_(by) | headers)

    async def ask(self, by: Caller, query: str, **variables: Any) -> dict[str, Any]:
        answer = await self.service.post(query, variables=variables, headers=self.as_(by))
        found: dict[str, Any] = answer.json()
        return found

    async def evidence(self, by: Caller, **as_of: object) -> list[dict[str, Any]]:
        """What a caller sees listed."""
        asked = await self.ask(by, EVIDENCE, id=self.case_id, asOf=as_of or None)
        assert "errors" not in asked, asked
        found: list[dict[str, Any]] = asked["data"]["case"]["evidence"]
        return found

    def files(self) -> list[Path]:
        """What lies in the folder, placed or not."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


async def opened_office(service: Service, folder: Path) -> Office:
    """With a case that REPORTER has just brought."""
    bearer = {"Authorization": service.bearer(REPORTER)}
    answer = await service.post(REGISTER, headers=bearer)
    case_id = answer.json()["data"]["registerCase"]["case"]["caseId"]
    return Office(service, folder, case_id)


def code(answer: httpx.Response) -> str:
    """The code an answer was refused with."""
    return str(answer.json()["errors"][0]["extensions"]["code"])
