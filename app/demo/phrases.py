"""What the staff and reporters of the district write down on the way of a case."""

from typing import Final

from domain.case.vocabulary import ExternalStatus, VoidReason
from domain.metrics.vocabulary import ExclusionCause

VOIDING: Final = {
    VoidReason.ENTERED_BY_MISTAKE: "录入时选错事项，已重新登记",
    VoidReason.REGISTERED_TWICE: "同一通电话登记了两次",
    VoidReason.TEST: "坐席培训时的测试工单",
    VoidReason.NOT_A_REQUEST: "来电人误拨，没有诉求",
    VoidReason.FALSE_REPORT: "经核实为恶作剧",
}
NOT_VOID: Final = ("确有诉求，继续办理。", "两次来电反映的不是同一处，不予作废。")
FOUND: Final = ("现场情况属实。", "与来电描述一致，影响范围约二十米。", "属实，已拍照。")
NOT_FOUND: Final = ("到场未发现所述情况。", "该地点不在本区范围内。")
APPEALS: Final = (
    "对处理结果不服，请求复查。",
    "答复与事实不符，请重新核实。",
    "相同情况邻区已受理，请求重新审查。",
    "I do not agree: the answer is about another place.",
)
UPHELD: Final = ("申请理由成立，重新办理。", "原决定依据不足，予以纠正。")
NOT_UPHELD: Final = ("原决定事实清楚、依据充分，予以维持。", "未提出新的事实，维持原决定。")
EXTERNAL: Final = {
    ExternalStatus.RECEIVED: "对方已接收",
    ExternalStatus.IN_PROGRESS: "对方正在办理",
    ExternalStatus.DONE: "对方已办结并回复诉求人",
}
RETURNS: Final = (
    "该路段已移交属地街道管养，不属本单位职责。",
    "权属核查为小区红线内，应由物业主管部门牵头。",
    "职责清单未列入本单位，建议改派。",
)
NOT_RETURNED: Final = ("职责清单明确由本单位牵头。", "首接负责，请先行处置。")
ARBITRATED: Final = ("按职责清单与历史惯例确定牵头单位。", "三方现场会商后确定。")
AT_ONCE: Final = ("已赶到现场先行处置。", "人员已疏散，现场已围挡。", "已关闭阀门，正在抢修。")
REGULARISED: Final = ("事后补核：程序从简属情况紧急，处置得当。", "补办手续，材料齐全。")

URGES: Final = {
    False: ("已经好几天了，请尽快处理。", "什么时候能有结果？", "情况更严重了，请加快。"),
    True: ("It is getting worse, please hurry.", "Is anybody working on this?"),
}
"""By whether the reporter writes English."""

REPORTER_ASKED: Final = {
    False: (
        ("请提供具体楼栋和单元。", "三号楼二单元，一层东户对面。"),
        ("请补充发生的时间段。", "一般在晚上十点到凌晨一点。"),
        ("请提供现场照片。", "照片已上传。"),
    ),
    True: (("请补充发生的时间段。", "Mostly after 10 pm, also at weekends."),),
}
"""Question and answer, by whether the reporter writes English."""

UNIT_ASKED: Final = (
    ("请说明该处产权归属。", "经查，产权属街道办事处。"),
    ("请提供近三个月同类记录。", "近三个月共有两件，均已办结。"),
)
NOT_REACHED: Final = ("电话无人接听。", "上门未遇，已留便条。")
REACHED: Final = (
    "已说明办理程序，诉求人表示理解。",
    "约定明日上午现场见面。",
    "已确认地点和诉求。",
)
HELP: Final = ("请协助核实权属并派员到场。", "请提供审批资料并参加现场会。")
AGREED: Final = ("同意，已安排人员。", "材料已附，配合办理。")
NOT_AGREED: Final = ("该事项与我单位无关，不再参与。",)
PURPOSES: Final = ("核对救助对象", "信访事项并案研判", "提供法律援助")

PUBLIC_TITLES: Final = {
    "urban": "市容环境问题处理情况",
    "transport": "道路交通问题处理情况",
    "environment": "环境污染问题处理情况",
    "education": "教育类诉求办理情况",
    "labour": "劳动权益诉求办理情况",
    "commerce": "消费维权诉求办理情况",
    "health": "医疗卫生诉求办理情况",
    "civil": "民政服务诉求办理情况",
    "housing": "住房与物业诉求办理情况",
    "safety": "安全隐患排查处置情况",
    "dispute": "矛盾纠纷调解情况",
}
"""By the first part of a type: they name nobody and no place that is somebody's."""

PUBLIC_SUMMARIES: Final = (
    "承办单位已到场处理，问题已解决，并纳入日常巡查。",
    "经协调多方，已完成整改；诉求人对结果表示认可。",
    "已说明政策并给出其他途径。",
)
NOT_PUBLIC: Final = ("文字中仍可辨认当事人，请修改。", "尚在办理，暂不公开。")
TAKEN_BACK: Final = ("当事人提出异议，先行撤回。",)
PARTS: Final = ("（另案）楼道照明", "（另案）地面破损", "（另案）噪声问题", "（另案）绿化补种")
MERGED: Final = "与前件反映同一事项"
SEPARATED: Final = "核实后为两处不同地点"
FORMER: Final = ("来电登记", "派单", "现场处理", "回访办结")
"""What was done to cases of the years before, as the former hotline called it."""

SUSPENSIONS: Final = (
    ("reporter-absent", "诉求人外出，约定回来后共同查看现场"),
    ("weather", "连续降雨，无法施工，待天气好转"),
    ("procedure", "劳动仲裁已受理，待裁决结果"),
    ("expertise", "已委托检测机构，等待检测报告"),
    ("coordination", "需与相关部门协调管线权属"),
)
"""The reason by its code in the SLA policy, and what is said of this case."""

NO_REST: Final = (
    "可先行开展其他工作，不予挂起",
    "理由不充分，请按时办理",
    "不影响办理，不同意挂起",
)
EXTENSIONS: Final = (
    "涉及多个产权单位，需逐户确认，申请延期",
    "备件采购周期较长，申请延长办理时限",
    "整改工程量较大，原时限内无法完成",
)
NO_EXTENSION: Final = (
    "前期推进不力，不同意延期",
    "尚有余量，请在原时限内办结",
    "同类事项均能按期办理，不予延期",
)
AMENDED: Final = "按调整后的复杂事项时限执行"
EXCLUSIONS: Final = (
    (ExclusionCause.FORCE_MAJEURE, "台风期间道路封闭，承办单位无法到场"),
    (ExclusionCause.SYSTEM_FAULT, "平台升级期间工单未能送达承办单位"),
)
COUNTED_AGAIN: Final = "经复核，当日已恢复通行，恢复计入"
