"""An ordinary day: clients of a running service who read and give commands."""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, Final
from uuid import uuid4

import httpx

from app.demo.papers import PAPER, paper
from app.web.evidence_upload import INPUT_HEADER
from tests.benchmarks.lives import ADD_EVIDENCE, BROUGHT, FOUND, REGISTER, Given, Life, deck
from tests.benchmarks.reads import ROW, drawn_read
from tests.benchmarks.scenes import Facts

COMMANDS: Final = 0.3
"""Of all requests; the others are reads."""

SOME: Final = """
query ($stage: CaseStage!, $after: String) {
  cases(first: 100, after: $after, filter: { stage: [$stage] },
      orderBy: { field: REGISTERED_AT, direction: ASC }) {
    nodes { id }
    pageInfo { endCursor hasNextPage }
  }
}
"""
MOST_FOUND: Final = 500
"""Cases of one stage that are known to the clients, the oldest ones."""

LOOKED_AT: Final = ("ACCEPTED", "DISPATCHED", "IN_PROGRESS", "AWAITING_FEEDBACK", "CLOSED")
OPEN: Final = "IN_PROGRESS"
"""The stage of the cases that others are linked to and merged into."""


@dataclass
class Living:
    """A life on its way. left: what is still to be given. case_id: empty until it has one."""

    left: deque[Given]
    names: Mapping[str, object]
    case_id: str


@dataclass
class Day:
    """Clients of a running service. token: of whoever holds a post. holders: who does, by post.

    taken: seconds of each request, by what was asked. given and refused: how many commands, by
        name, and by name and code. position: the newest. cases: ids, by stage.
    """

    client: httpx.AsyncClient
    token: Callable[[str], str]
    holders: Mapping[str, str]
    cases: dict[str, deque[str]] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    position: int = 0
    _deck: Iterator[Life] = field(default_factory=lambda: deck(Random(1)))
    _numbers: Iterator[int] = field(default_factory=count)
    _others: deque[str] = field(default_factory=deque)

    def forget(self) -> None:
        """What was measured so far was to get warm."""
        self.taken.clear()
        self.given.clear()
        self.refused.clear()

    async def find_cases(self, open_cases: int) -> None:
        """The cases that are looked at, and those that lives are about.

        open_cases: at least so many are at hand; what the district has not got is brought.
        """
        for stage in sorted({*LOOKED_AT, *FOUND, OPEN}):
            found: deque[str] = deque()
            said: dict[str, object] = {"stage": stage}
            while len(found) < MOST_FOUND:
                page = (await self.ask("", "intake-1", SOME, said))["cases"]
                found += [node["id"] for node in page["nodes"]]
                said["after"] = page["pageInfo"]["endCursor"]
                if not page["pageInfo"]["hasNextPage"]:
                    break
            self.cases[stage] = found
        while len(self.cases[OPEN]) < open_cases:
            living = self.begin(BROUGHT)
            while living.left:
                await self.go_on(living)
            self.cases[OPEN].append(living.case_id)
        self._others = self.cases[OPEN].copy()

    async def spend(self, requests: int, clients: int) -> None:
        """All clients at once, so many requests together."""
        case_ids = [case_id for stage in LOOKED_AT for case_id in self.cases[stage]]
        each = requests // clients
        await asyncio.gather(*(self._client(number, each, case_ids) for number in range(clients)))

    async def _client(self, number: int, requests: int, case_ids: Sequence[str]) -> None:
        rng, living = Random(number), None
        for _ in range(requests):
            if rng.random() >= COMMANDS:
                read, variables = drawn_read(rng, case_ids)
                await self.ask(read.name, read.by, read.query, variables)
                continue
            if living is None or not living.left:
                living = self.begin(self._drawn())
            await self.go_on(living)

    def _drawn(self) -> Life:
        """The next one of which there is a case, where it needs one of the district."""
        return next(life for life in self._deck if life.found is None or self.cases[life.found])

    def begin(self, life: Life) -> Living:
        """A life of a case of the district, or of one that it brings itself."""
        case_id = "" if life.found is None else self.cases[life.found].popleft()
        facts = Facts(next(self._numbers), self.holders, next(iter(self._others), ""))
        self._others.rotate()
        return Living(deque(life.steps), facts.names(), case_id)

    async def go_on(self, living: Living) -> None:
        """Give the next command; where it is refused, the life is over."""
        step = living.left.popleft()
        said, by = step.input(living.names), step.by.format_map(living.names)
        self.given[step.name] += 1
        if step.name == ADD_EVIDENCE:
            outcome = await self._hand_in(by, living.case_id, said)
        else:
            if step.name != REGISTER and living.case_id:
                said["caseId"] = living.case_id
            outcome = (await self.ask(step.name, by, step.mutation, {"input": said}))[step.name]
        if "position" not in outcome:
            self.refused[step.name, outcome["code"]] += 1
            living.left.clear()
            return
        self.position = max(self.position, int(outcome["position"]))
        if step.name == REGISTER:
            living.case_id = outcome["case"]["id"]

    async def ask(
        self, name: str, by: str, query: str, variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The data of an answer without errors."""
        document = query + ROW if "...Row" in query else query
        asked = {"query": document, "variables": variables}
        said = await self._timed(name, by, "/graphql", json=asked)
        assert "errors" not in said, (name, said["errors"])
        data: dict[str, Any] = said["data"]
        return data

    async def _hand_in(self, by: str, case_id: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """As the answer to a mutation. Each paper has a hash of its own."""
        headers = {"Content-Type": PAPER, INPUT_HEADER: json.dumps(said)}
        answer = await self._timed(
            ADD_EVIDENCE,
            by,
            f"/cases/{case_id}/evidence",
            content=paper(uuid4(), 1),
            headers=headers,
        )
        if "errors" in answer:
            return dict(answer["errors"][0]["extensions"])
        return answer

    async def _timed(
        self,
        name: str,
        by: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> dict[str, Any]:
        authorised = {"Authorization": f"Bearer {self.token(by)}", **(headers or {})}
        began = time.perf_counter()
        answer = await self.client.post(path, headers=authorised, **sent)
        self.taken.setdefault(name, []).append(time.perf_counter() - began)
        said: dict[str, Any] = answer.json()
        return said
