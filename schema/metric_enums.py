"""The closed lists that metrics are written in, as GraphQL enums."""

from domain.metric_definitions.content import Direction, MetricKind
from domain.metrics.vocabulary import ExclusionCause, Fact, Measure, PeriodRule
from projections.counted import Dimension, Span
from projections.metric_cases import Which
from schema.enums import describe

describe(
    MetricKind,
    "How a figure is made.",
    {
        "RATE": "Of the counted those with the numerator too, with a 95 % interval.",
        "SHARE": "As a rate without an interval: they are all there were.",
        "RATIO": "How many with the numerator there are for each counted.",
        "COUNT": "How many are counted.",
        "MEDIAN_P90": "Median and 90th percentile of what is measured.",
        "SPREAD": "The largest median over areas by the smallest.",
        "COMPOSITE": "Of other rates and shares, weighted, in bands.",
    },
)
describe(
    Direction,
    "What is good of a figure.",
    {
        "HIGHER": "More is better.",
        "LOWER": "Less is better.",
        "BAND": "Too little is as telling as too much.",
    },
    name="MetricDirection",
)
describe(
    Measure,
    "What is measured.",
    {
        "HOURS": "Hours from when it began to when it ended.",
        "MULTIPLE": "That time by the time that there was until it was due.",
        "LEAD_HOURS": "Hours from when it began to when it was due.",
    },
    name="MetricMeasure",
)
describe(
    PeriodRule,
    "By which time a case counts.",
    {
        "DUE": "When its clock falls due; where there is none, when it happened.",
        "HAPPENED": "When it happened.",
    },
    name="MetricPeriodRule",
)
describe(
    Fact,
    "What can be counted.",
    {
        "REGISTERED": "登记: a case.",
        "PROACTIVE": "未诉先办: a case found on patrol, before anybody asked.",
        "REPEATED": "重复诉求: a case that was merged or follows another, or has its cause.",
        "TAKEN_ON": "受理: a cycle of a case, from its acceptance or reopening on.",
        "RESOLVED": "提交办结: a cycle whose resolution was submitted.",
        "REWORKED": "返工: a cycle that was sent back for rework.",
        "CLOSED": "结案: a cycle that was closed.",
        "REOPENED": "重启: a cycle that was reopened.",
        "PUBLISHED": "公开: a cycle that the public can read.",
        "DISPATCHED": "派单: a unit that a case was given to.",
        "FIRST_DISPATCHED": "首次派单: the first unit of a cycle.",
        "NEVER_REDISPATCHED": "一次派准: the first unit of a cycle, and no other was given it.",
        "RETURN_ASKED": "申请退单: a unit that wanted to give the case back.",
        "RETURN_UPHELD": "退单成立: a unit that was let.",
        "SHIRKED": "推诿: a unit that wanted to give it back, and arbitration left it there.",
        "CONTACT_DUE": "应联系: a first contact that fell due.",
        "CONTACTED_IN_TIME": "按期联系: one that was made in time.",
        "SIGN_OFF_DUE": "应签收: a signature that fell due.",
        "SIGNED_IN_TIME": "按期签收: one that was given in time.",
        "HANDLING_DUE": "应处置: handling by a unit that fell due.",
        "HANDLED_IN_TIME": "按期处置: handling that was done in time.",
        "CLOSING_DUE": "应结案: a case that was due to close.",
        "CLOSED_IN_TIME": "按期结案: one that was resolved in time.",
        "PASSED": "超期: one whose due time passed.",
        "EXTENDED": "延期: one that was given more time.",
        "SUSPENDED": "挂起: one whose time stood still.",
        "FEEDBACK_ASKED": "回访: a question to the reporter.",
        "FEEDBACK_ANSWERED": "已答复: one that was answered.",
        "RESOLUTION_ANSWERED": "答复是否解决: the reporter said whether it is resolved.",
        "SAID_RESOLVED": "诉求人认可解决: the reporter said that it is.",
        "CLAIMED_RESOLVED": "单位自报解决: the unit said that it is.",
        "RATED": "已评价: the reporter rated it.",
        "SATISFIED": "满意: with 4 or 5 of 5.",
        "HANDED_OVER": "交接: from one officer to another.",
        "SUSPENSION_DECIDED": "挂起审批: a request to rest that was decided.",
        "SUSPENSION_APPROVED": "挂起批准: one that was approved.",
        "EXTENSION_DECIDED": "延期审批: a request for more time that was decided.",
        "EXTENSION_APPROVED": "延期批准: one that was approved.",
        "ORDER_ISSUED": "督办: a supervision order.",
        "ORDER_ANSWERED": "督办回复: one that was replied to.",
        "ORDER_ANSWERED_IN_TIME": "按期回复督办: in time.",
        "ORDER_RELEASED": "销号: one that was released.",
        "WARNED": "预警: a clock that warned.",
        "WARNED_RIGHTLY": "预警准确: and was passed.",
        "PUBLICATION_PROPOSED": "提请公开: a publication that was proposed.",
        "PUBLICATION_RELEASED": "批准公开: one that was released.",
    },
    name="MetricFact",
)
describe(
    ExclusionCause,
    "Why a case is left out of a metric.",
    {
        "FORCE_MAJEURE": "不可抗力: nobody could have kept it.",
        "BEYOND_COMPETENCE": "超出职权: it is beyond what the unit may decide.",
        "UNFOUNDED_DEMAND": "诉求不合理: what is demanded has no basis.",
        "MALICIOUS_REPEAT": "恶意重复: the same is demanded again after it was answered.",
        "SYSTEM_FAULT": "系统故障: it was late, or looks late, by a fault of the service.",
    },
)
describe(
    Dimension,
    "What figures are told apart by.",
    {
        "UNIT": "The unit that is appraised.",
        "AREA": "The area of the case.",
        "TYPE": "The type of the case.",
        "CHANNEL": "The channel that the case was brought through.",
        "APPROVER": "Who decided, where decisions are counted.",
    },
    name="MetricDimension",
)
describe(
    Span,
    "A period of local time.",
    {
        "DAY": "From midnight to midnight.",
        "WEEK": "From Monday on.",
        "MONTH": "Of the calendar.",
        "QUARTER": "Three months, from January, April, July or October on.",
        "YEAR": "Of the calendar.",
    },
    name="MetricSpan",
)
describe(
    Which,
    "Which rows behind a figure.",
    {
        "COUNTED": "All that were counted; of a ratio those that it counts by.",
        "NUMERATOR": "Those with the numerator.",
        "MISSED": "Of a rate or a share those without the numerator.",
        "EXCLUDED": "Those that were left out.",
    },
    name="MetricRows",
)
