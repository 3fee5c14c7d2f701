"""The closed lists of the domain as GraphQL enums, with a description for every value."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from domain.calendar.timetable import LimitBegins, LimitEnds, LimitUnit
from domain.case.clocks.measure import Light
from domain.case.decisions import DecisionKind
from domain.case.ledger.interval import Part
from domain.case.lifecycle import Stage
from domain.case.regions import (
    FeedbackState,
    Hold,
    PublicationState,
    ReturnState,
    Supervision,
)
from domain.case.vocabulary import (
    Audience,
    CasePart,
    Channel,
    ContactWay,
    ExternalStatus,
    LinkKind,
    Precision,
    Relation,
    ResolutionOutcome,
    Step,
    Urgency,
    VoidReason,
)
from domain.catalogue.content import EvidenceKind, FieldKind, PublicationDefault, Window
from domain.configuration import VersionState
from domain.directory.vocabulary import AreaKind, UnitKind
from domain.identity import ActorKind, Role
from domain.personal_data import Category, Keeping
from domain.policy_problems import PolicyFlaw
from domain.routing_policy.decision import Flaw, Loss
from domain.vocabulary import ClockKind, Confidentiality, OrderLevel
from projections.cases import OrderField
from projections.escalations import EscalationGround
from projections.handling import AnswerState, AppealState, CoReply
from projections.holds import ExtensionState, SuspensionState
from projections.open_cases import AgeingBy, WorkloadBy
from projections.public_cases import PublicStage
from projections.supervision import OrderState
from projections.totals import Dimension
from projections.worklists import Movement, WorklistKind


class OrderDirection(StrEnum):
    """Upwards or downwards."""

    ASC = "ASC"
    DESC = "DESC"


def describe(
    enum: type[Enum], description: str, values: Mapping[str, str], name: str | None = None
) -> None:
    """Make `enum` known to GraphQL; a value without a description fails here, at import."""
    strawberry.enum(enum, name=name, description=description)
    definition = cast("StrawberryEnumDefinition", enum.__strawberry_definition__)  # type: ignore[attr-defined]  # set by strawberry.enum
    for value in definition.values:
        value.description = values[value.name]


describe(
    Stage,
    "Where a case stands in its lifecycle.",
    {
        "REGISTERED": "登记: the request was brought; nobody has decided yet whether it is ours.",
        "VERIFYING": "核实: somebody looks at the place before that is decided.",
        "ACCEPTED": "受理: it is ours to handle and waits for a unit.",
        "DISPATCHED": "派单: it was given to a lead unit that has not signed for it.",
        "IN_PROGRESS": "办理: the lead unit handles it.",
        "RESOLVED": "待核查: the lead unit submitted a resolution that waits to be checked.",
        "AWAITING_FEEDBACK": "待回访: checked; the reporter is asked.",
        "CLOSED": "结案: finished; it can be reopened.",
        "REJECTED": "不予受理: not ours to handle; an end.",
        "WITHDRAWN": "撤回: taken back by the reporter or on their behalf; an end.",
        "REFERRED": "转出: given to a body outside; ours again if it does not arrive there.",
        "MERGED": "并案: it goes on in another case.",
        "VOIDED": "作废: it should never have been one; an end.",
        "ARCHIVED": "归档: closed for good.",
        "IMPORTED": "A history brought from elsewhere, outside the lifecycle.",
    },
    name="CaseStage",
)
describe(
    Channel,
    "How a request reached the service.",
    {
        "WEB": "The web site.",
        "APP": "The app.",
        "HOTLINE": "A telephone hotline.",
        "WALK_IN": "A service counter.",
        "GRID_PATROL": "Found by a grid worker on patrol.",
        "EMAIL": "A letter by e-mail.",
        "OPEN311": "Another city system, by Open311.",
        "MEDIA": "The press or social media.",
        "TRANSFERRED": "Handed over by another body.",
        "IMPORT": "Brought in with a history from elsewhere.",
    },
)
describe(
    Urgency,
    "How soon a case must be met.",
    {
        "NORMAL": "In the usual time of its type.",
        "URGENT": "Before the usual ones.",
        "EMERGENCY": "At once.",
    },
)
describe(
    Audience,
    "Who may read a note.",
    {"INTERNAL": "Only those who handle or check the case.", "REPORTER": "The reporter as well."},
)
describe(
    ReturnState,
    "Whether the lead unit has asked to give a case back.",
    {
        "NONE": "It has not, or it was decided.",
        "REQUESTED": "退单待审: the dispatcher decides.",
        "IN_ARBITRATION": "争议裁定: the registrar decides, for good.",
    },
)
describe(
    FeedbackState,
    "Whether the reporter was asked in this cycle, and what came of it.",
    {
        "NONE": "Not asked yet.",
        "ASKED": "待回访: asked; the answer is awaited.",
        "ANSWERED": "已回访: answered, or could not be reached.",
        "LAPSED": "逾期未回访: nobody answered in time.",
    },
)
describe(
    PublicationState,
    "Whether the public may read a case.",
    {
        "PRIVATE": "It may not.",
        "PROPOSED": "Somebody proposed it; another person decides.",
        "PUBLIC": "It may: what was released of it.",
        "WITHDRAWN": "It may no longer.",
    },
)
describe(
    Step,
    "A step of the lifecycle that an emergency lets be passed over, and made good afterwards.",
    {
        "ACCEPTANCE": "受理: that the case is ours to handle.",
        "SIGN_OFF": "签收: that the lead unit took it over.",
    },
    name="SkippedStep",
)
describe(
    ExternalStatus,
    "What a body outside says of a case that was referred to it.",
    {
        "RECEIVED": "It has it.",
        "IN_PROGRESS": "It handles it.",
        "DONE": "It has finished it.",
        "DECLINED": "It does not handle it.",
    },
)
describe(
    ResolutionOutcome,
    "What the handling unit says it reached.",
    {
        "RESOLVED": "The request was met.",
        "PARTLY": "The request was met in part.",
        "EXPLAINED": "The reporter was given an explanation.",
        "NOT_POSSIBLE": "It could not be met.",
        "NOT_RESPONSIBLE": "Nobody here is responsible for it.",
    },
)
describe(
    Relation,
    "What somebody is to the person on whose behalf they register a case.",
    {
        "FAMILY": "A member of the family.",
        "NEIGHBOUR": "A neighbour.",
        "STAFF": "Staff of the service.",
        "REPRESENTATIVE": "A legal or appointed representative.",
        "OTHER": "Somebody else.",
    },
)
describe(
    LinkKind,
    "What two cases have to do with each other.",
    {
        "RELATED": "They are related.",
        "FOLLOW_UP": "One follows the other up.",
        "SAME_CAUSE": "They have the same cause.",
        "SPLIT_INTO": "The other one was split from this one; not by linkCases.",
        "SPLIT_FROM": "This one was split from the other one; not by linkCases.",
    },
)
describe(
    ContactWay,
    "How a reporter was reached, or was to be.",
    {
        "TELEPHONE": "By telephone.",
        "VISIT": "On the spot.",
        "MESSAGE": "In writing.",
        "COUNTER": "At a service counter.",
    },
)
describe(
    CoReply,
    "What became of the request for another unit's part.",
    {
        "AWAITED": "The unit has not replied.",
        "AGREED": "同意: it does its part.",
        "OBJECTED": "不同意: it does not.",
        "DEEMED_AGREED": "逾期视为同意: it was silent until the due time.",
        "CANCELLED": "The case ended, or is another unit's.",
    },
)
describe(
    AnswerState,
    "What became of a question.",
    {
        "AWAITED": "The answer is awaited.",
        "RECEIVED": "The answer came in.",
        "CANCELLED": "The case ended before.",
    },
)
describe(
    AppealState,
    "What became of an appeal.",
    {
        "OPEN": "It waits to be decided.",
        "UPHELD": "支持: the reporter is right.",
        "DISMISSED": "驳回: the decision stands.",
        "SETTLED": "The case was reopened before it was decided.",
    },
)
describe(
    VoidReason,
    "Why something should never have been a case.",
    {
        "ENTERED_BY_MISTAKE": "It was entered by mistake.",
        "REGISTERED_TWICE": "The same request was entered twice.",
        "TEST": "It was a test.",
        "NOT_A_REQUEST": "Nobody wants anything, as in an empty call or an advertisement.",
        "FALSE_REPORT": "What it says is made up.",
    },
)
describe(
    Supervision,
    "The gravest level of the supervision orders that are open.",
    {
        "NONE": "None is open.",
        "BLUE": "蓝色督办: a reply is demanded.",
        "ORANGE": "橙色督办: a reply with a remedial plan.",
        "RED": "红色督办: the same, and an interview.",
    },
)
describe(
    Hold,
    "Whether the case rests.",
    {"NONE": "正常办理: it does not.", "SUSPENDED": "已挂起: until it is resumed."},
    name="CaseHold",
)
describe(
    SuspensionState,
    "What became of a suspension.",
    {
        "REQUESTED": "待审批: somebody else decides.",
        "DENIED": "未批准: the case went on.",
        "LAPSED": "已失效: the case came to another stage before it was decided.",
        "SUSPENDED": "挂起中: the case rests.",
        "RESUMED": "已恢复: the case went on.",
    },
)
describe(
    ExtensionState,
    "What became of an extension.",
    {
        "REQUESTED": "待审批: somebody else decides.",
        "DENIED": "未批准: the due times stayed.",
        "LAPSED": "已失效: the case came to another stage before it was decided.",
        "APPROVED": "已批准: the case is due later.",
    },
)
describe(
    EscalationGround,
    "Why a case went up the ladder.",
    {
        "DEADLINE": "超时升级: a limit is passed by so much.",
        "RETURNS": "屡次退单: units gave it back again.",
        "REWORKS": "屡次返工: a resolution was sent back again.",
        "REOPENINGS": "屡次重新办理: it was reopened again.",
    },
)
describe(
    OrderState,
    "What became of a supervision order.",
    {
        "OPEN": "待回复: the reply is awaited.",
        "REPLIED": "已回复: a supervisor decides.",
        "RELEASED": "已销号: what it demanded is done.",
        "ENDED": "随案终止: the case ended over it.",
    },
)
describe(
    Confidentiality,
    "How few may see a case; its reporter always does.",
    {
        "NORMAL": "Whoever has it within reach.",
        "RESTRICTED": "限制知悉: not whoever takes cases in or patrols the area.",
        "CONFIDENTIAL": "保密: the lead unit, registrars, supervisors and auditors.",
    },
)
describe(
    CasePart,
    "What of a case can be shown to a unit that has nothing to do with its handling.",
    {
        "TEXT": "Title and description.",
        "LOCATION": "Area and point.",
        "HANDLING": "The units, the outcome, and since when.",
        "TIMELINE": "What happened and when, without what was said or by whom.",
    },
)
describe(
    Precision,
    "How exactly a point is known.",
    {"EXACT": "To the place.", "STREET": "To the street.", "GRID": "To the grid cell 网格."},
)
describe(
    ActorKind,
    "What sort of actor stands behind an event.",
    {
        "PERSON": "A person with a token of their own.",
        "SERVICE": "A program.",
        "ANONYMOUS": "Somebody without a token.",
    },
)
describe(
    Role,
    "A role of the service. What each may do is in the permission table.",
    {
        "REPORTER": "诉求人: registers and follows their own cases.",
        "PUBLIC": "Anybody: what is public, and registering a request.",
        "VOLUNTEER": "志愿者: their own task only.",
        "GRID_WORKER": "网格员: registers and handles in their own area.",
        "INTAKE": "受理员: registers and corrects.",
        "REGISTRAR": "值班长: accepts, rejects, verifies and closes.",
        "DISPATCHER": "派遣员: gives cases to units.",
        "OFFICER": "承办人: signs for, handles and resolves.",
        "UNIT_LEADER": "Leads a unit: signs for, handles and resolves with it.",
        "MEDIATOR": "调解员: settles disputes.",
        "SUPERVISOR": "督办员: reads, verifies, reopens.",
        "EVALUATOR": "回访员: asks the reporter how it ended.",
        "AUDITOR": "审计员: reads everything, changes nothing.",
        "PRIVACY_OFFICER": "Decides on erasing personal data.",
        "CATALOGUE_ADMIN": "Publishes configuration.",
        "DIRECTORY_ADMIN": "Keeps units, areas, posts and appointments.",
        "SYSTEM_ADMIN": "Runs the service and imports logs; reads no case content.",
        "SERVICE": "The service itself, for what happens because time passed; nobody holds it.",
    },
)
describe(
    OrderField,
    "What a list of cases is ordered by.",
    {
        "REGISTERED_AT": "When the request was brought.",
        "UPDATED_AT": "When something last happened to the case.",
        "CASE_NO": "The number of the case.",
    },
    name="CaseOrderField",
)
describe(
    OrderDirection,
    "Upwards or downwards.",
    {"ASC": "The smallest or earliest first.", "DESC": "The largest or latest first."},
)
describe(
    Dimension,
    "What cases are counted by.",
    {
        "STAGE": "Where they stand.",
        "TYPE": "What sort of case they are.",
        "UNIT": "Which unit leads them.",
        "CHANNEL": "How they reached the service.",
        "AREA": "Where they are.",
        "MONTH": "The month they were registered in, in the jurisdiction's time zone.",
    },
    name="CaseTotalsDimension",
)
describe(
    VersionState,
    "How far a version of the configuration has come.",
    {
        "DRAFT": "草案: written down; nobody answers for it yet.",
        "PROPOSED": "待发布: somebody answers for it; a second person has to publish it.",
        "PUBLISHED": "已发布: in force from its validFrom on, until a newer one is.",
        "RETIRED": "已停用: not to be used any more.",
    },
    name="ConfigurationState",
)
describe(
    FieldKind,
    "What values a field of a type of case has.",
    {
        "TEXT": "A text.",
        "INTEGER": "A whole number.",
        "NUMBER": "A number.",
        "BOOLEAN": "Yes or no.",
        "DATE": "A day, as 2026-03-01.",
        "CHOICE": "One of its choices.",
    },
    name="CaseFieldKind",
)
describe(
    Window,
    "How long somebody may wait, ask or answer, in minutes or days of work; or how often.",
    {
        "RETURN_MINUTES": "From dispatch, in which the lead unit may ask to give the case back.",
        "MOST_RETURNS": "How often it may be given back before only arbitration is left.",
        "CO_REPLY_DAYS": "After which the silence of a helping unit counts as consent.",
        "FEEDBACK_DAYS": "After verification, in which the reporter is reached.",
        "MOST_VISITS": "How often the reporter is tried in vain before the feedback lapses.",
        "APPEAL_DAYS": "After closing, in which an appeal is possible; every day counts.",
        "RETENTION_DAYS": "After closing, before a case may be archived; every day counts.",
    },
)
describe(
    EvidenceKind,
    "What a resolution is proved with.",
    {
        "PHOTO_BEFORE": "整改前照片: a photograph of how it was.",
        "PHOTO_AFTER": "整改后照片: a photograph of how it is now.",
        "DOCUMENT": "书面材料: a document.",
        "SIGNATURE": "签字确认: a signature of whoever it concerns.",
        "MEASUREMENT": "检测结果: a measurement.",
    },
)
describe(
    PublicationDefault,
    "What becomes of a case of a type when it closes.",
    {
        "PRIVATE": "不公开: it stays private unless somebody proposes otherwise.",
        "PROPOSED": "拟公开: its publication is proposed.",
    },
)
describe(
    Loss,
    "Why a routing rule was not chosen: its first condition that was not met, or what stood above.",
    {
        "TYPE": "The case is of none of its types.",
        "AREA": "The case is in none of its areas.",
        "CHANNEL": "The request came through none of its channels.",
        "URGENCY": "The case has none of its urgencies.",
        "WORDS": "None of its words occurs.",
        "LOWER_PRIORITY": "It matches; the chosen one has a higher priority.",
        "LESS_SPECIFIC": "It matches; the chosen one says more exactly which cases it is for.",
        "LATER_ID": "It matches as well as the chosen one, whose id comes first.",
        "CANNOT_BE_EVALUATED": "It names something that is not there: see the problems.",
    },
    name="RoutingLoss",
)
describe(
    Flaw,
    "What is wrong with a routing rule at a time.",
    {
        "UNKNOWN_TYPE": "It names a type that is not in the catalogue.",
        "UNKNOWN_AREA": "It names an area that is not there.",
        "UNIT_NOT_ACTIVE": "It names a unit that is not active.",
    },
    name="RoutingFlaw",
)
describe(
    UnitKind,
    "What sort of body a unit is.",
    {
        "GOVERNMENT": "政府部门: a department or office of the government.",
        "COORDINATING_BODY": "统筹协调机构: a body that coordinates others.",
        "SOCIAL_ORGANISATION": "社会组织: an association, foundation or social service.",
        "ENTERPRISE": "企业: a company, as those of water, power and waste.",
        "RESIDENTS_BODY": "居民组织: residents' and owners' committees.",
    },
)
describe(
    AreaKind,
    "How large a part of the district an area is.",
    {
        "DISTRICT": "区: the whole district.",
        "STREET": "街道: a subdistrict.",
        "COMMUNITY": "社区: a neighbourhood.",
        "GRID": "网格: a grid cell, which a grid worker looks after.",
    },
)
describe(
    Category,
    "A sort of personal data.",
    {
        "NAME": "姓名: the name.",
        "CONTACT": "联系方式: how to reach the person.",
        "ADDRESS": "地址: where the person lives.",
    },
    name="PersonalDataCategory",
)
describe(
    Keeping,
    "Whether personal data can be read.",
    {
        "ACTIVE": "It can be read by those who may, for a purpose.",
        "SEALED": "封存: it is kept, and nobody reads it.",
        "ERASED": "删除: it is gone, and its key with it.",
    },
    name="PersonalDataState",
)
describe(
    PublicStage,
    "Where a case stands, as the public is told.",
    {
        "IN_HAND": "办理中: it is being handled.",
        "CLOSED": "已办结: it is finished.",
    },
)
describe(
    WorklistKind,
    "A list of cases that wait for the caller.",
    {
        "MINE": "The caller handles them, or holds the post that does.",
        "UNIT": "One of the caller's units, or one below, leads them or helps.",
        "UNASSIGNED": "Within reach: accepted and led by no unit, or dispatched and handled by "
        "nobody.",
        "WATCHED": "The caller watches them, also when they are closed.",
        "AWAITING_MY_APPROVAL": "They wait for a decision that the caller may take, and did not "
        "ask for.",
    },
)
describe(
    Movement,
    "What happened to a case in a worklist.",
    {
        "ENTERED": "It came into the list.",
        "LEFT": "It is in the list no longer.",
        "CHANGED": "It was in the list and is, and something happened to it.",
    },
    name="WorklistMovement",
)
describe(
    DecisionKind,
    "What is to be decided about a case.",
    {
        "ACCEPTANCE": "受理: after what was found at the place, whether it is ours to handle.",
        "FIELD_VERIFICATION": "现场核实: what is found at the place.",
        "REJECTION": "不予受理: whether to reject it, as somebody proposes.",
        "RETURN": "退单: whether the lead unit may give it back.",
        "ARBITRATION": "裁定: whose it is, for good.",
        "HAND_OVER": "交接: whether somebody takes it over.",
        "CO_REPLY": "协办回复: what a helping unit says.",
        "SKIPPED_STEP": "补办手续: a step that an emergency passed over.",
        "VERIFICATION": "核查: whether the resolution is good.",
        "APPEAL": "申诉: whether the reporter is right.",
        "VOIDING": "作废: whether it is void.",
        "PUBLICATION": "公开: whether the public may read what somebody wrote of it.",
        "SUSPENSION": "挂起: whether the case rests.",
        "EXTENSION": "延期: whether there is more time.",
        "ORDER_REPLY": "督办回复: what the unit says that a supervision order is addressed to.",
        "ORDER_RELEASE": "督办销号: whether a supervision order is released or goes up a level.",
    },
    name="CaseDecision",
)
describe(
    ClockKind,
    "What is timed of a case.",
    {
        "ACCEPTANCE": "受理: from the registration until it is decided whether it is ours.",
        "DISPATCH": "派单: until a unit is given it.",
        "SIGN_OFF": "签收: until the lead unit signs for it or asks to give it back.",
        "FIRST_CONTACT": "首次联系: until the lead unit has contacted the reporter.",
        "STAGE": "单位办理: until the lead unit submits a resolution.",
        "RESOLUTION": "办结: from the acceptance until a resolution is verified; once a cycle.",
        "CO_REPLY": "协办回复: until a helping unit replies.",
        "VERIFICATION": "核查: until a resolution is verified or sent back.",
        "FEEDBACK": "回访: until the reporter has answered, or cannot be reached.",
        "APPROVAL": "审批: until a request is decided.",
        "SUPERVISION_REPLY": "督办回复: until the unit replies to a supervision order.",
        "PUBLICATION": "公开: until what was proposed is published or refused.",
    },
)
describe(
    OrderLevel,
    "How grave a supervision order 督办单 is.",
    {
        "BLUE": "蓝色督办: a reply is demanded.",
        "ORANGE": "橙色督办: a plan for making good is demanded.",
        "RED": "红色督办: an interview 约谈 is held.",
    },
)
describe(
    LimitUnit,
    "What a limit counts.",
    {
        "WALL_MINUTES": "Minutes, whether anybody works or not.",
        "WORKING_MINUTES": "Minutes in which people work.",
        "WORKING_DAYS": "工作日: days on which people work.",
        "CALENDAR_DAYS": "自然日: every day; what falls due on a day off moves to a working day.",
    },
)
describe(
    LimitBegins,
    "From when on a limit counts.",
    {"INSTANT": "At once.", "NEXT_DAY": "次日起: from the beginning of the next day."},
)
describe(
    LimitEnds,
    "When a limit is over.",
    {"INSTANT": "At an instant.", "END_OF_DAY": "When work ends on a working day."},
)
describe(
    Light,
    "How a clock stands.",
    {
        "GREEN": "Less than 80 % of its limit are used.",
        "YELLOW": "80 % are used.",
        "RED": "It is past due.",
    },
    name="ClockLight",
)
describe(
    AgeingBy,
    "What open cases are told apart by, beside their age.",
    {
        "ALL": "Nothing else.",
        "UNIT": "The unit that leads them.",
        "AREA": "The area they are in.",
        "TYPE": "Their type.",
    },
)
describe(
    WorkloadBy,
    "Whose work open cases are.",
    {"UNIT": "A unit's.", "POSITION": "That of a position in a unit."},
)
describe(
    Part,
    "As what somebody answered for a case.",
    {
        "LEAD": "主办: the unit that leads its handling.",
        "DISPATCHER": "派遣: whoever is to send it to a unit.",
        "DECIDER": "裁决: whoever is to decide what was asked for.",
        "CHECKER": "核查: whoever is to check what was done.",
        "EVALUATOR": "回访: whoever is to ask the reporter.",
        "FALLBACK": "兜底: the unit that stands in while it waits to be dispatched.",
    },
    name="ResponsibilityPart",
)
describe(
    PolicyFlaw,
    "What is wrong with a rule or a ladder of a policy.",
    {
        "UNKNOWN_TYPE": "It names a type that the catalogue does not have.",
        "UNKNOWN_CALENDAR": "It names a work calendar that there is not.",
    },
)
