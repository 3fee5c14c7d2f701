"""The commands of an ordinary day: lives of cases, each command by whoever may give it.

A client draws a life from a deck (`deck`), where each lies as often as its `share` says, and gives
its commands one after the other. Together the lives give every command there is on a case;
`test_lives.py` compares them with the GraphQL schema, and lives each once.

A new command: add it to the life of a case that comes to where it is possible, or a life of its
own to `LIVES`, as `_do(name, post, **input)`. Texts are formatted with the names of
`scenes.Facts`. What only the service itself gives is named in `NOT_GIVEN`, with the reason.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from domain.permissions import BY_SERVICE

INTAKE: Final = "intake-{clerk}"
REGISTRAR: Final = "registrar-{first}"
SECOND: Final = "registrar-{second}"
DISPATCHER: Final = "dispatcher-{first}"
EVALUATOR: Final = "evaluator-{first}"
SUPERVISOR: Final = "supervisor-1"
OFFICER: Final = "{unit}-officer-1"
COLLEAGUE: Final = "{unit}-officer-2"
LEADER: Final = "{unit}-leader"
OF_ANOTHER_UNIT: Final = "{other_unit}-officer-1"
HELPER: Final = "{helper}-officer-1"
GRID_WORKER: Final = "grid-worker-{community}"

REGISTER: Final = "registerCase"
ADD_EVIDENCE: Final = "addEvidence"
"""Handed in as bytes, not by GraphQL."""

NOT_GIVEN: Final[Mapping[str, str]] = dict.fromkeys(
    BY_SERVICE, "nobody gives it: the service does, when a timer is due"
)
"""Commands on cases that no client gives during the day, and why."""


@dataclass(frozen=True)
class Given:
    """One command. by: the post. said: its input beside the case; texts are formatted."""

    name: str
    by: str
    said: Mapping[str, Any]

    @property
    def mutation(self) -> str:
        """Its document, for a variable `input`; the fragment Row comes with it."""
        kind = self.name[0].upper() + self.name[1:] + "Input"
        return (
            f"mutation ($input: {kind}!) {{ {self.name}(input: $input) {{ "
            "... on CaseChanged { position case { ...Row } } "
            "... on CommandError { code message } } }"
        )

    def input(self, names: Mapping[str, object]) -> dict[str, Any]:
        """What is said, its texts formatted with `names`."""
        return {name: _formatted(value, names) for name, value in self.said.items()}


@dataclass(frozen=True)
class Life:
    """What happens to one case. share: how often it is in a deck.

    found: the stage of a case of the district that it is about; None: it brings one of its own.
    """

    name: str
    share: int
    steps: Sequence[Given] = field(repr=False)
    found: str | None = None


def _formatted(value: object, names: Mapping[str, object]) -> object:
    if isinstance(value, str):
        return value.format_map(names)
    if isinstance(value, Mapping):
        return {name: _formatted(each, names) for name, each in value.items()}
    return value


def _do(name: str, by: str, **said: object) -> Given:
    return Given(name, by, said)


_REGISTERED: Final = _do(
    REGISTER,
    INTAKE,
    channel="HOTLINE",
    typeCode="{type}",
    title="{title} {number}",
    description="门前{title}，已有数日，请尽快派人查看。第{number}次来电。",
    area="{area}",
    reporter={"name": "阮知远", "contact": "1000000{number:04}"},
)
_ACCEPTED: Final = (_REGISTERED, _do("acceptCase", REGISTRAR))
_DISPATCHED: Final = (*_ACCEPTED, _do("dispatchCase", DISPATCHER))
_SIGNED: Final = (*_DISPATCHED, _do("signForCase", OFFICER))
_RESOLUTION: Final = _do(
    "submitResolution", OFFICER, outcome="EXPLAINED", measures="已说明安排。", basis="第四项"
)
_SEEN: Final = _do("recordFeedback", EVALUATOR, contacted=True, resolved=True, satisfaction=5)
_PROPOSED: Final = _do("proposePublication", EVALUATOR, title="{title}：办理情况")
_GROUND: Final = {"ground": "不在本单位职责范围"}

_REST: Final = _do(
    "requestSuspension",
    OFFICER,
    suspensionReason="weather",
    expectedResume="{later}",
    ground="雨天无法施工",
)
_MORE: Final = _do("requestExtension", OFFICER, days=3, ground="配件未到")

BROUGHT: Final = Life("brought", 0, _SIGNED)
"""How a case comes to be at hand."""

LIVES: Final = (
    Life(
        "handled",
        8,
        (
            _REGISTERED,
            _do("correctCase", INTAKE, title="{title}（已核实） {number}"),
            _do("acceptCase", REGISTRAR),
            _do("dispatchCase", DISPATCHER),
            _do("urgeCase", INTAKE, text="请尽快处理。"),
            _do("signForCase", OFFICER),
            _do("recordFirstContact", OFFICER, way="TELEPHONE", result="已约时间。"),
            _do("addNote", DISPATCHER, text="同一路段近期有相似反映。"),
            _do("requestInformation", OFFICER, question="请说明具体位置。"),
            _do("receiveInformation", INTAKE, number=1, answer="YL-1024"),
            _do("recordProgress", OFFICER, text="现场查看，正在处理。"),
            _RESOLUTION,
            _do("orderRework", REGISTRAR, demand="请补充处理结果。"),
            _RESOLUTION,
            _do("verifyResolution", REGISTRAR),
            _SEEN,
            _PROPOSED,
            _do("approvePublication", REGISTRAR),
            _do("withdrawPublication", SUPERVISOR, reason="内容有变化"),
        ),
    ),
    Life(
        "looked into, handed over",
        2,
        (
            _REGISTERED,
            _do("requestFieldVerification", INTAKE),
            _do("recordFieldVerification", GRID_WORKER, findings="情况属实。", confirmed=True),
            _do("acceptCase", REGISTRAR),
            _do("dispatchCase", DISPATCHER),
            _do("assignOfficer", LEADER, officer="{officer}"),
            _do("offerHandOver", LEADER, to="{colleague}", reason="工作调整"),
            _do("declineHandOver", COLLEAGUE),
            _do("offerHandOver", LEADER, to="{colleague}", reason="工作调整"),
            _do("acceptHandOver", COLLEAGUE),
            _do("signForCase", COLLEAGUE),
            _do(ADD_EVIDENCE, COLLEAGUE, label="办理记录"),
            _RESOLUTION,
            _do("verifyResolution", REGISTRAR, askFeedback=False),
            _PROPOSED,
            _do("refusePublication", REGISTRAR, reason="涉及个人"),
        ),
    ),
    Life(
        "rejected",
        2,
        (
            _REGISTERED,
            _do("proposeRejection", INTAKE, legalBasis="条例第十二条", remedy="可向法院起诉"),
            _do("rejectCase", REGISTRAR, legalBasis="条例第十二条", remedy="可向法院起诉"),
            _do("fileAppeal", INTAKE, ground="情况并未解决"),
            _do("decideAppeal", SECOND, upheld=False, finding="不予受理正确"),
        ),
    ),
    Life(
        "argued about",
        1,
        (
            _REGISTERED,
            _do("attachReporter", INTAKE, reporter={"address": "晚枫路{number}号"}),
            *_DISPATCHED[1:],
            _do("requestReturn", OFFICER, **_GROUND),
            _do("rejectReturn", DISPATCHER, ground="属于本单位职责"),
            _do("requestArbitration", OFFICER, **_GROUND),
            _do("arbitrateResponsibility", REGISTRAR, leadUnit="{other_unit}", ground="按职责清单"),
            _do("signForCase", OF_ANOTHER_UNIT),
        ),
    ),
    Life(
        "given back",
        1,
        (
            *_ACCEPTED,
            _do("assignFallbackOwner", DISPATCHER),
            _do("dispatchCase", DISPATCHER),
            _do("requestReturn", OFFICER, suggestedUnit="{other_unit}", **_GROUND),
            _do("upholdReturn", DISPATCHER),
            _do("dispatchCase", DISPATCHER, leadUnit="{other_unit}", override=True, reason="改派"),
            _do("withdrawCase", INTAKE, reason="诉求人撤回"),
        ),
    ),
    Life(
        "referred, and came back",
        1,
        (
            *_ACCEPTED,
            _do("referCaseOut", REGISTRAR, target="rail-police", basis="第三十条"),
            _do("recordExternalStatus", INTAKE, status="IN_PROGRESS", text="下周处理"),
            _do("recordDeliveryFailure", INTAKE, text="对方系统退回"),
            _do("requestVoid", REGISTRAR, voidReason="TEST", explanation="测试"),
            _do("refuseVoid", SECOND, explanation="确有其事"),
            _do("requestVoid", REGISTRAR, voidReason="REGISTERED_TWICE", explanation="重复登记"),
            _do("approveVoid", SECOND),
        ),
    ),
    Life(
        "an emergency",
        1,
        (
            _REGISTERED,
            _do("declareEmergency", DISPATCHER, expires="{later}"),
            _do("dispatchCase", DISPATCHER),
            _do("recordProgress", OFFICER, text="已到现场处置。"),
            _do("endEmergency", REGISTRAR, reason="险情已排除"),
            _do("regulariseStep", REGISTRAR, step="ACCEPTANCE", finding="属实"),
            _do("regulariseStep", REGISTRAR, step="SIGN_OFF", finding="属实"),
            _RESOLUTION,
            _do("verifyResolution", SECOND, askFeedback=False),
        ),
    ),
    Life(
        "helped, and reopened",
        2,
        (
            *_SIGNED,
            _do("requestCoHandling", OFFICER, unit="{helper}", question="请协助说明。"),
            _do("replyCoHandling", HELPER, unit="{helper}", reply="同意。", agrees=True),
            _do(
                "shareCase",
                LEADER,
                unit="letters-and-visits",
                purpose="协助处理",
                parts=["TEXT", "HANDLING"],
                expires="{later}",
            ),
            _do("revokeShare", LEADER, unit="letters-and-visits", reason="不再需要"),
            _do("setConfidentiality", REGISTRAR, level="RESTRICTED", reason="涉及个人隐私"),
            _do("setConfidentiality", REGISTRAR, level="NORMAL", reason="不再涉及"),
            _do("reissueTrackingCode", INTAKE, reason="诉求人遗失查询码"),
            _RESOLUTION,
            _do("verifyResolution", REGISTRAR),
            _do("closeCase", REGISTRAR, publicReason="多次联系未果"),
            _do("reopenCase", SUPERVISOR, ground="问题再次出现"),
        ),
    ),
    Life(
        "supervised",
        1,
        (
            *_SIGNED,
            _do("issueOrder", SUPERVISOR, level="ORANGE", demand="请限期办结"),
            _do("replyToOrder", OFFICER, number=1, reply="下周完成", remedialPlan="增派人手"),
            _do("escalateOrder", SUPERVISOR, number=1, demand="仍未办结"),
            _do(
                "recordInterview",
                SUPERVISOR,
                number=1,
                position="{unit}-leader",
                record="已当面说明",
            ),
            _do("replyToOrder", OFFICER, number=1, reply="明日完成", remedialPlan="负责人到场"),
            _do("releaseOrder", SUPERVISOR, number=1, finding="已办结"),
            _do(
                "approveMetricExclusion",
                SUPERVISOR,
                metric="on-time-handling",
                cause="FORCE_MAJEURE",
                ground="台风期间",
            ),
            _do("revokeMetricExclusion", REGISTRAR, metric="on-time-handling", ground="已结束"),
        ),
    ),
    Life(
        "given more time",
        2,
        (
            *_SIGNED,
            _REST,
            _do("denySuspension", DISPATCHER, ground="可以先行处理"),
            _REST,
            _do("approveSuspension", DISPATCHER),
            _do("resumeCase", DISPATCHER),
            _MORE,
            _do("denyExtension", DISPATCHER, ground="时间充足"),
            _MORE,
            _do("approveExtension", DISPATCHER),
            _do("amendClocks", REGISTRAR, policyVersion=1, reason="按新规则"),
            _RESOLUTION,
            _do("verifyResolution", REGISTRAR, askFeedback=False),
        ),
    ),
    Life(
        "of several cases",
        2,
        (
            _REGISTERED,
            _do("reclassifyCase", INTAKE, typeCode="{similar}", reason="归类有误"),
            _do("acceptCase", REGISTRAR),
            _do("splitCase", DISPATCHER, title="{title}：另一件事 {number}"),
            _do("linkCases", DISPATCHER, otherCaseId="{other_case}", kind="RELATED"),
            _do("unlinkCases", DISPATCHER, otherCaseId="{other_case}", reason="并非一事"),
            _do("mergeCase", DISPATCHER, otherCaseId="{other_case}", reason="同一件事"),
            _do("reverseMerge", DISPATCHER, reason="并非一事"),
        ),
    ),
    Life(
        "closed long ago",
        4,
        (
            _do("watchCase", SUPERVISOR),
            _do("archiveCase", REGISTRAR),
            _do("unwatchCase", SUPERVISOR),
        ),
        found="CLOSED",
    ),
    Life(
        "at hand",
        6,
        (
            _do("urgeCase", INTAKE, text="请尽快处理。"),
            _do("addNote", DISPATCHER, text="已电话催办。"),
        ),
        found="IN_PROGRESS",
    ),
    Life(
        "comes back",
        1,
        (
            _do("reopenCase", SUPERVISOR, ground="问题再次出现"),
            _do("dispatchCase", DISPATCHER),
        ),
        found="CLOSED",
    ),
)
FOUND: Final = frozenset(life.found for life in LIVES if life.found is not None)
"""The stages of which cases of the district are needed."""


def deck(rng: Random) -> Iterator[Life]:
    """Lives without end: each as often as its share in every round, in any order."""
    cards = [life for life in LIVES for _ in range(life.share)]
    while True:
        rng.shuffle(cards)
        yield from cards


def shares() -> Mapping[str, float]:
    """Which part of all commands each kind is."""
    times = Counter[str]()
    for life in LIVES:
        for step in life.steps:
            times[step.name] += life.share
    return {name: count / times.total() for name, count in times.most_common()}
