"""Titles, descriptions, answers and replies, put together from parts."""

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Final, NamedTuple

from app.demo.matters import PLACES, Matter
from app.demo.names import ESTATES, FIRMS, GIVEN, ROADS, SURNAMES, TRADES
from domain.case.reporters import ReporterDetails
from domain.case.vocabulary import ResolutionOutcome
from domain.catalogue.content import Field, FieldKind
from domain.catalogue.fields import Answer

SINCE: Final = (
    "从上周开始",
    "近一个月来",
    "已经持续三天",
    "昨天晚上起",
    "今天一早",
    "入住以来一直",
    "最近每天",
    "节后至今",
)
IMPACTS: Final = {
    "urban": ("影响出行", "存在安全隐患", "影响小区环境", "老人走路不方便"),
    "transport": ("车辆通行困难", "险些发生碰撞", "孩子上学很危险", "早晚高峰堵得厉害"),
    "environment": ("家里不敢开窗", "影响休息", "老人孩子受不了", "附近居民意见很大"),
    "education": ("家长很着急", "多次沟通没有结果", "怕耽误孩子上学"),
    "labour": ("生活有困难", "多次讨要未果", "同事也有类似情况"),
    "commerce": ("商家互相推诿", "联系多次无人处理", "希望维护消费者权益"),
    "health": ("老人跑了几趟", "不清楚如何办理", "附近住户都有同样反映"),
    "civil": ("家里只有老人", "行动不便", "希望能有人上门看看"),
    "housing": ("居民生活受影响", "打物业电话没人管", "家里有老人和婴儿"),
    "safety": ("担心出事", "已经提醒过但没有改", "全楼居民都很担心"),
    "dispute": ("双方谈不拢", "邻里关系紧张", "希望社区出面调解"),
}
WISHES: Final = (
    "请尽快派人查看。",
    "希望有关部门处理并回复。",
    "请协调解决。",
    "盼复。",
    "希望能长期管住。",
    "请告知处理进度。",
)
BASES: Final = (
    "《职责清单》第四项",
    "市政设施管理条例第十二条",
    "该事项须经业主大会表决",
)
MEASURES: Final = {
    ResolutionOutcome.RESOLVED: (
        "已派员到场处理完毕，现场恢复正常。",
        "当日组织人员整改，并与诉求人电话确认。",
        "已责令责任单位限期整改，复查合格。",
        "已修复并纳入日常巡查。",
        "双方已达成一致，当场履行。",
    ),
    ResolutionOutcome.PARTLY: (
        "已完成临时处置，彻底整改列入下月计划。",
        "大部分问题已解决，剩余部分需业主共同决定。",
    ),
    ResolutionOutcome.EXPLAINED: (
        "已向诉求人详细解释现行政策和办理流程。",
        "经核实情况与政策相符，已当面说明。",
    ),
    ResolutionOutcome.NOT_POSSIBLE: (
        "受场地条件限制暂时无法实施，已说明原因。",
        "不符合现行规定，已告知其他途径。",
    ),
    ResolutionOutcome.NOT_RESPONSIBLE: ("经查属于企业经营自主权，已告知可依法维权。",),
}
PROGRESS: Final = (
    "已联系诉求人，约定上门时间。",
    "现场查看，正在安排施工队伍。",
    "已约谈责任单位。",
    "材料已备齐，等待审批。",
    "与社区共同入户核实。",
)
NOTES: Final = (
    "诉求人来电催办。",
    "同一地点近期有相似反映，请一并处理。",
    "已提醒承办单位注意时限。",
    "诉求人补充了现场照片说明。",
)
REWORK: Final = (
    "现场复核仍未解决，请继续处理。",
    "答复过于笼统，请说明具体措施。",
    "缺少处理后的照片，请补充。",
)
GROUNDS: Final = ("问题反弹，和之前一样。", "当时修好了，过两天又坏了。", "没有实际解决。")
REJECTIONS: Final = (
    ("属于已进入诉讼程序的事项", "可向受理法院提出"),
    ("不属于本区管辖范围", "可向所在区反映"),
    ("重复反映且已办结的同一事项", "对结果不满意可申请复查"),
)
WITHDRAWALS: Final = ("问题自行解决", "已与对方协商好", "重复反映，合并到前一件")
CLOSINGS: Final = ("多次联系未能接通，按期办结", "诉求人未在期限内回复")

_AMOUNT: Final = (200, 30_000)
_NUMBERS: Final = {
    "decibels": (48, 82),
    "temperature": (11, 17),
    "amount": _AMOUNT,
    "people": (1, 30),
    "floor": (1, 18),
    "depthCm": (3, 25),
}


def place_of(rng: Random, street: str, community: str) -> dict[str, str]:
    """The parts that the words for a place are put together from."""
    road, road2 = rng.sample(ROADS, 2)
    return {
        "street": street,
        "community": community,
        "road": road,
        "road2": road2,
        "estate": f"{community}{rng.choice(ESTATES)}",
        "firm": f"{rng.choice(FIRMS)}{rng.choice(TRADES)}",
        "n": str(rng.randrange(1, 120)),
        "m": str(rng.randrange(1, 5)),
    }


def reporter(rng: Random, place: dict[str, str]) -> ReporterDetails:
    """Who somebody says they are. No telephone number begins like these."""
    return ReporterDetails(
        name=rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, 2)),
        contact=f"1000000{rng.randrange(10_000):04}",
        address=f"{place['estate']}{place['n']}号楼{place['m']}单元"
        if rng.random() < 0.4
        else None,
    )


def title_and_description(rng: Random, matter: Matter, place: dict[str, str]) -> tuple[str, str]:
    """What somebody says is wrong, and where."""
    where = rng.choice(PLACES[matter.where]).format(**place)
    words = rng.choice(matter.words)
    return f"{where}{words}", described(rng, matter, where, words)


def described(rng: Random, matter: Matter, where: str, words: str) -> str:
    """What somebody says at length."""
    impact = rng.choice(IMPACTS[matter.code.split(".", 1)[0]])
    return f"{where}{rng.choice(SINCE)}{words}，{impact}。{rng.choice(WISHES)}"


def answers(
    rng: Random, fields: Iterable[Field], place: dict[str, str], day: date
) -> dict[str, Answer] | None:
    """Answers to what the type asks for: whatever is needed, and half of the rest."""
    given: dict[str, Answer] = {}
    for each in fields:
        answer = _answer(rng, each, place, day)
        if answer is not None and (each.required or rng.random() < 0.5):
            given[each.name] = answer
    return given or None


def _answer(rng: Random, asked: Field, place: dict[str, str], day: date) -> Answer | None:
    match asked.kind:
        case FieldKind.TEXT:
            return _text(rng, asked.name, place)
        case FieldKind.INTEGER | FieldKind.NUMBER:
            return rng.randrange(*_NUMBERS.get(asked.name, _AMOUNT))
        case FieldKind.BOOLEAN:
            return rng.random() < 0.5
        case FieldKind.CHOICE:
            return rng.choice(asked.choices).code
        case FieldKind.DATE:
            return day.isoformat()


def _text(rng: Random, asked: str, place: dict[str, str]) -> str | None:
    firm, trade = rng.choice(FIRMS), rng.choice(TRADES)
    return {
        "employer": f"{firm}{trade}有限公司",
        "company": f"{firm}培训中心",
        "shop": f"{firm}{trade}店",
        "estate": place["estate"],
        "hospital": f"{place['street']}社区卫生服务中心",
        "building": f"{place['n']}号楼",
        "lampNumber": f"YL-{rng.randrange(1000, 9999)}",
        "line": f"云澜{rng.randrange(1, 30)}路",
    }.get(asked)


class Ordered(NamedTuple):
    """What a unit and a supervisor say about a supervision order."""

    demand: str
    reply: str
    plan: str
    finding: str
    interview: str


ORDERS: Final = (
    Ordered(
        "请说明进展和完成时限",
        "已安排专人办理，预计两日内完成",
        "增派两人，先处置隐患，再彻底整改，本周五前完成",
        "已现场复核，问题已处理",
        "已约谈负责人，说明逾期原因，限期整改",
    ),
    Ordered(
        "群众多次反映，请尽快处置并回复",
        "因等待配件延误，配件已到，今日施工",
        "与供应方确认到货时间，建立备件清单，三日内整改完毕",
        "查看整改前后照片，符合要求",
        "负责人到场说明情况，承诺按整改方案推进",
    ),
    Ordered(
        "请明确牵头单位和整改措施",
        "涉及多个部门，已召开协调会明确分工",
        "由主办单位牵头，每日碰头，十个工作日内销号",
        "分工已落实，处置结果属实",
        "对牵头不力提出批评，要求每日报告进度",
    ),
)
