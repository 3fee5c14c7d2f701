"""What people ask a service on an ordinary day: reads as frontends ask them, and whole lives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from domain.identity import Role

STAFF: Final = (Role.INTAKE, Role.REGISTRAR, Role.DISPATCHER, Role.OFFICER, Role.EVALUATOR)

TYPE: Final = "urban.facility.street-lamp"
"""Led by the unit that `wardbook token --role OFFICER` gives an officer of."""

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
    """One read. share: of all reads, against the others. role: who asks."""

    name: str
    share: int
    role: Role
    query: str
    variables: Mapping[str, Sequence[object]]


def _list(arguments: str) -> str:
    return f"{{ cases(first: 20, {arguments}) {{ nodes {{ ...Row }} pageInfo {{ endCursor }} }} }}"


READS: Final = (
    Read("a case with its timeline", 40, Role.REGISTRAR, DETAIL, {"id": ()}),
    Read("list, by stage", 15, Role.REGISTRAR, _list("filter: { stage: [IN_PROGRESS] }"), {}),
    Read("list, of all", 10, Role.DISPATCHER, _list("orderBy: { field: REGISTERED_AT }"), {}),
    Read(
        "worklist of a unit",
        20,
        Role.OFFICER,
        "{ worklist(kind: UNIT, first: 20) { nodes { ...Row } } }",
        {},
    ),
    Read("counts of worklists", 5, Role.DISPATCHER, "{ worklistCounts { kind count } }", {}),
    Read(
        "list, by a word",
        5,
        Role.INTAKE,
        "query ($text: String!) { cases(first: 20, filter: { text: $text }) { nodes { ...Row } } }",
        {"text": ("路灯", "垃圾", "井盖", "street lamp", "停车")},
    ),
    Read(
        "public cases",
        5,
        Role.EVALUATOR,
        "{ publicCases(first: 20) { nodes { caseNo title stage releasedOn } } }",
        {},
    ),
)


@dataclass(frozen=True)
class Given:
    """One command of a life. said: its input beside the case, which a registration begins."""

    role: Role
    name: str
    said: Callable[[int], Mapping[str, Any]]

    @property
    def mutation(self) -> str:
        """Its document, for a variable `input`."""
        kind = self.name[0].upper() + self.name[1:] + "Input"
        return (
            f"mutation ($input: {kind}!) {{ {self.name}(input: $input) {{ "
            "... on CaseChanged { position case { ...Row } } "
            "... on CommandError { code message } } }"
        )


def _nothing(_: int) -> Mapping[str, Any]:
    return {}


LIFE: Final = (
    Given(
        Role.INTAKE,
        "registerCase",
        lambda number: {
            "channel": "HOTLINE",
            "typeCode": TYPE,
            "title": f"路灯不亮 {number}",
            "description": f"晚枫路{number}号门前一排路灯整晚不亮，请尽快派人查看。",
            "area": "yl-chengxi-1-1",
            "reporter": {"name": "阮知远", "contact": f"1000000{number % 10_000:04}"},
        },
    ),
    Given(Role.INTAKE, "correctCase", lambda number: {"title": f"一排路灯不亮 {number}"}),
    Given(Role.REGISTRAR, "acceptCase", _nothing),
    Given(Role.DISPATCHER, "dispatchCase", _nothing),
    Given(Role.INTAKE, "urgeCase", lambda _: {"text": "请尽快处理。"}),
    Given(Role.OFFICER, "signForCase", _nothing),
    Given(
        Role.OFFICER, "recordFirstContact", lambda _: {"way": "TELEPHONE", "result": "已约时间。"}
    ),
    Given(Role.DISPATCHER, "addNote", lambda _: {"text": "同一路段近期有相似反映。"}),
    Given(Role.OFFICER, "requestInformation", lambda _: {"question": "请说明杆号。"}),
    Given(Role.INTAKE, "receiveInformation", lambda _: {"number": 1, "answer": "YL-1024"}),
    Given(Role.REGISTRAR, "watchCase", _nothing),
    Given(Role.OFFICER, "recordProgress", lambda _: {"text": "现场查看，正在更换灯具。"}),
    Given(
        Role.OFFICER,
        "submitResolution",
        lambda _: {"outcome": "EXPLAINED", "measures": "已说明检修计划。", "basis": "第四项"},
    ),
    Given(Role.REGISTRAR, "orderRework", lambda _: {"demand": "请补充处理结果。"}),
    Given(
        Role.OFFICER,
        "submitResolution",
        lambda _: {"outcome": "EXPLAINED", "measures": "灯具已排期更换。", "basis": "第四项"},
    ),
    Given(Role.REGISTRAR, "verifyResolution", _nothing),
    Given(
        Role.EVALUATOR,
        "recordFeedback",
        lambda _: {"contacted": True, "resolved": True, "satisfaction": 5},
    ),
    Given(Role.EVALUATOR, "proposePublication", lambda _: {"title": "路灯检修情况"}),
    Given(Role.REGISTRAR, "approvePublication", _nothing),
)
"""What happens to a case that the benchmark brings, each time by who may do it."""


def drawn_read(rng: Random, case_ids: Sequence[str]) -> tuple[Read, dict[str, object]]:
    """The next read, with its variables. case_ids: cases that may be looked at."""
    read = rng.choices(READS, [each.share for each in READS])[0]
    variables = {name: rng.choice(among or case_ids) for name, among in read.variables.items()}
    return read, variables
