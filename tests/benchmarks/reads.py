"""What people read on an ordinary day, as frontends ask for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

ROW: Final = """
fragment Row on Case {
  id caseNo stage title urgency channel registeredAt updatedAt dueAt late version
  type { code } leadUnit { code } location { area { code } }
}
"""
DETAIL: Final = """
query ($id: ID!) {
  case(id: $id) {
    ...Row description coUnits { code } cycle outcome returnState feedbackState publicationState
    openSteps coHandling { unit { code } } informationRequests { number } watched
    evidence { id } links { kind }
    allowedActions { command enabled blockedBy { code } }
    timeline(last: 20) { nodes { position version type occurredAt recordedAt reason } }
  }
}
"""


@dataclass(frozen=True)
class Read:
    """One read. share: of all reads, against the others. by: the post of whoever asks."""

    name: str
    share: int
    by: str
    query: str
    variables: Mapping[str, Sequence[object]]


def _list(arguments: str) -> str:
    return f"{{ cases(first: 20, {arguments}) {{ nodes {{ ...Row }} pageInfo {{ endCursor }} }} }}"


READS: Final = (
    Read("a case with its timeline", 40, "registrar-1", DETAIL, {"id": ()}),
    Read("list, by stage", 15, "registrar-1", _list("filter: { stage: [IN_PROGRESS] }"), {}),
    Read("list, of all", 10, "dispatcher-1", _list("orderBy: { field: REGISTERED_AT }"), {}),
    Read(
        "worklist of a unit",
        20,
        "urban-management-officer-1",
        "{ worklist(kind: UNIT, first: 20) { nodes { ...Row } } }",
        {},
    ),
    Read("counts of worklists", 5, "dispatcher-1", "{ worklistCounts { kind count } }", {}),
    Read(
        "list, by a word",
        5,
        "intake-1",
        "query ($text: String!) { cases(first: 20, filter: { text: $text }) { nodes { ...Row } } }",
        {"text": ("路灯", "垃圾", "井盖", "street lamp", "停车")},
    ),
    Read(
        "public cases",
        5,
        "evaluator-1",
        "{ publicCases(first: 20) { nodes { caseNo title stage releasedOn } } }",
        {},
    ),
)


def drawn_read(rng: Random, case_ids: Sequence[str]) -> tuple[Read, dict[str, object]]:
    """The next read, with its variables. case_ids: cases that may be looked at."""
    read = rng.choices(READS, [each.share for each in READS])[0]
    variables = {name: rng.choice(among or case_ids) for name, among in read.variables.items()}
    return read, variables
