"""What people in the district bring up: how often, in which months, where, and in which words."""

from dataclasses import dataclass
from typing import Final

Months = tuple[float, float, float, float, float, float, float, float, float, float, float, float]

EVER: Final[Months] = (1,) * 12
SUMMER: Final[Months] = (0.3, 0.3, 0.5, 0.8, 1.3, 2.2, 2.8, 2.8, 1.6, 0.8, 0.4, 0.3)
WINTER: Final[Months] = (4.0, 3.0, 1.2, 0.1, 0, 0, 0, 0, 0, 0.2, 2.5, 4.0)
SNOW: Final[Months] = (3.0, 2.0, 0.3, 0, 0, 0, 0, 0, 0, 0, 0.3, 2.0)
RAIN: Final[Months] = (0.2, 0.2, 0.5, 1.0, 1.5, 2.2, 2.5, 2.2, 1.5, 0.6, 0.3, 0.2)
SCHOOL: Final[Months] = (0.5, 0.8, 1.0, 1.2, 1.6, 2.2, 1.8, 2.4, 1.2, 0.6, 0.5, 0.5)
YEAR_END: Final[Months] = (2.6, 1.6, 0.7, 0.7, 0.7, 0.8, 0.8, 0.8, 0.8, 0.9, 1.2, 2.2)
FIREWORKS: Final[Months] = (4.0, 4.0, 0.5, 0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.3, 1.0)


@dataclass(frozen=True)
class Matter:
    """One type of case.

    weight: how often, against the others. where: a key of `PLACES`. words: what is wrong.
    """

    code: str
    weight: float
    months: Months
    where: str
    words: tuple[str, ...]


PLACES: Final = {
    "road": ("{road}{n}号门前", "{road}与{road2}交叉口", "{road}{community}社区段"),
    "estate": ("{estate}{n}号楼", "{estate}{n}号楼{m}单元", "{estate}南门"),
    "shop": ("{road}{n}号沿街商铺", "{community}便民市场", "{road}{n}号一家餐馆"),
    "site": ("{road}在建工地", "{community}社区旧改工地"),
    "school": ("{community}小学", "{community}幼儿园", "{community}社区培训机构"),
    "hospital": ("{street}社区卫生服务中心", "{community}社区卫生站"),
    "river": ("芦溪河{community}段", "{street}霁湖岸边"),
    "park": ("{street}口袋公园", "{community}社区小广场"),
    "centre": ("{street}办事大厅", "{community}社区居委会"),
    "firm": ("{road}{n}号{firm}公司",),
}

_TABLE: Final = (
    ("urban.appearance.graffiti", 16, EVER, "estate", "楼道贴满小广告|墙面被喷涂小广告"),
    ("urban.appearance.litter", 26, SUMMER, "road", "垃圾堆放无人清运|垃圾桶满溢有异味"),
    ("urban.appearance.clutter", 12, EVER, "estate", "楼道堆放杂物|废旧家具长期堆放"),
    ("urban.appearance.construction-waste", 9, EVER, "road", "有人偷倒建筑垃圾|装修垃圾无人清理"),
    ("urban.appearance.public-toilet", 5, EVER, "park", "公厕脏乱无人打扫"),
    ("urban.order.street-vending", 18, SUMMER, "road", "流动摊贩占道经营|傍晚摊贩聚集影响通行"),
    ("urban.order.shop-overflow", 15, EVER, "shop", "店外摆放桌椅占用人行道|货物摆到盲道上"),
    ("urban.order.barbecue", 9, SUMMER, "shop", "露天烧烤油烟扰民|烧烤摊经营到凌晨"),
    ("urban.order.noise-vendor", 9, SUMMER, "shop", "高音喇叭循环叫卖|店铺音响声音过大"),
    ("urban.order.bicycle-parking", 16, EVER, "road", "共享单车堵住人行道|单车堆积在路口"),
    ("urban.building.extension", 10, EVER, "estate", "一楼住户私搭彩钢房|有人圈占绿地搭建"),
    ("urban.building.rooftop", 5, EVER, "estate", "楼顶加建阳光房"),
    ("urban.building.ground-lock", 6, EVER, "estate", "有人私装地锁霸占车位"),
    ("urban.facility.street-lamp", 18, YEAR_END, "road", "路灯不亮|一排路灯整晚不亮"),
    ("urban.facility.manhole", 9, RAIN, "road", "井盖缺失很危险|井盖松动车过响声很大"),
    ("urban.facility.pavement", 13, EVER, "road", "人行道地砖破损|地砖松动下雨溅水"),
    ("urban.facility.drain", 8, RAIN, "road", "雨水口被堵排水不畅"),
    ("urban.facility.bench", 4, EVER, "park", "座椅损坏|护栏断裂"),
    ("transport.road.pothole", 12, RAIN, "road", "路面坑洼|路面塌陷一块"),
    ("transport.road.marking", 4, EVER, "road", "斑马线看不清"),
    ("transport.road.roadworks", 7, EVER, "road", "施工占道没有引导"),
    ("transport.road.congestion", 7, EVER, "school", "门口早晚高峰拥堵"),
    ("transport.signal.traffic-light", 7, EVER, "road", "红绿灯故障"),
    ("transport.signal.timing", 5, EVER, "road", "绿灯时间太短过不了街"),
    ("transport.parking.illegal", 30, EVER, "road", "违停车辆占道|车辆长期违停"),
    ("transport.parking.fire-lane", 11, EVER, "estate", "私家车占用消防通道"),
    ("transport.parking.shortage", 9, EVER, "estate", "停车位严重不足"),
    ("transport.public.bus-route", 7, EVER, "road", "建议增设公交线路"),
    ("transport.public.bus-service", 5, EVER, "road", "公交车到站不停"),
    ("environment.noise.construction", 20, SUMMER, "site", "夜间施工噪音大|半夜浇筑混凝土影响休息"),
    ("environment.noise.neighbour", 10, SUMMER, "estate", "楼上深夜吵闹|宠物犬整夜吠叫"),
    ("environment.noise.square-dance", 13, SUMMER, "park", "广场舞音量过大|跳舞音响从早放到晚"),
    ("environment.air.fumes", 12, SUMMER, "shop", "餐馆油烟直排|油烟管道对着居民窗户"),
    ("environment.air.dust", 8, EVER, "site", "扬尘严重没有苫盖"),
    ("environment.air.odour", 6, SUMMER, "road", "有刺鼻异味"),
    ("environment.water.river", 6, SUMMER, "river", "河水发黑发臭|岸边漂着垃圾"),
    ("environment.water.sewage", 7, RAIN, "estate", "污水从井口外溢"),
    ("environment.greening.pruning", 9, SUMMER, "estate", "树枝遮挡窗户需要修剪"),
    ("environment.greening.pests", 5, SUMMER, "estate", "树上虫害严重"),
    ("education.enrolment.primary", 9, SCHOOL, "school", "咨询新生入学政策|询问学区划分"),
    ("education.enrolment.transfer", 5, SCHOOL, "school", "咨询转学手续"),
    ("education.school.canteen", 4, EVER, "school", "家长反映食堂饭菜质量差"),
    ("education.school.fees", 3, SCHOOL, "school", "家长反映收费项目不清"),
    ("education.training.refund", 8, SCHOOL, "school", "培训机构拒不退费|机构停课联系不上"),
    ("labour.wages.arrears", 17, YEAR_END, "firm", "拖欠工资三个月|离职后工资一直没结"),
    ("labour.contract.no-contract", 5, EVER, "firm", "入职半年未签劳动合同"),
    ("labour.contract.dismissal", 5, EVER, "firm", "被口头辞退没有补偿"),
    ("labour.insurance.unpaid", 6, EVER, "firm", "单位没有缴纳社保"),
    ("labour.insurance.pension", 5, EVER, "centre", "咨询养老金领取"),
    ("commerce.consumer.refund", 13, EVER, "shop", "商家不给退货|退款迟迟不到账"),
    ("commerce.consumer.prepaid", 11, EVER, "shop", "健身房关门预付卡不退|理发店换老板会员卡作废"),
    ("commerce.consumer.quality", 7, EVER, "shop", "买到的商品质量有问题"),
    ("commerce.food.restaurant", 8, SUMMER, "shop", "后厨卫生差|餐具不干净"),
    ("commerce.food.expired", 5, EVER, "shop", "售卖过期食品"),
    ("commerce.licence.unlicensed", 4, EVER, "shop", "疑似无照经营"),
    ("health.hospital.appointment", 6, EVER, "hospital", "挂号难"),
    ("health.hospital.attitude", 4, EVER, "hospital", "窗口人员态度差"),
    ("health.insurance.reimbursement", 8, EVER, "centre", "咨询异地就医报销"),
    ("health.public.mosquitoes", 11, SUMMER, "estate", "蚊虫太多请求消杀|积水滋生蚊虫"),
    ("health.public.vaccination", 5, EVER, "hospital", "咨询老人疫苗接种"),
    ("civil.assistance.minimum-living", 4, EVER, "centre", "申请最低生活保障"),
    ("civil.assistance.temporary", 4, YEAR_END, "centre", "家中突发困难申请临时救助"),
    ("civil.elderly.home-care", 5, EVER, "estate", "独居老人需要上门照料"),
    ("civil.elderly.meals", 6, EVER, "centre", "希望开办老年食堂|助餐点菜品单一"),
    ("civil.disability.access", 4, EVER, "road", "坡道太陡轮椅上不去|盲道被占"),
    ("civil.community.volunteer", 3, EVER, "centre", "想报名做志愿者"),
    ("civil.community.party-service", 3, EVER, "centre", "建议延长服务中心开放时间"),
    ("housing.property.service", 19, EVER, "estate", "物业不作为|保洁几天不来一次"),
    ("housing.property.fees", 9, YEAR_END, "estate", "物业费涨价没有公示"),
    ("housing.property.lift", 10, EVER, "estate", "电梯频繁故障|电梯停运老人下不了楼"),
    ("housing.property.garbage-sorting", 6, EVER, "estate", "垃圾分类点位设置不合理"),
    ("housing.property.maintenance-fund", 3, EVER, "estate", "申请使用维修资金"),
    ("housing.repair.leak", 11, RAIN, "estate", "外墙渗水|屋顶漏雨"),
    ("housing.repair.old-estate", 7, EVER, "estate", "希望纳入老旧小区改造"),
    ("housing.utility.water-outage", 8, SUMMER, "estate", "突然停水|水压太低上不了楼"),
    ("housing.utility.power-outage", 8, SUMMER, "estate", "整栋楼停电|电压不稳跳闸"),
    ("housing.utility.gas", 4, WINTER, "estate", "燃气表欠压打不着火"),
    ("housing.utility.heating", 26, WINTER, "estate", "暖气不热|室内温度不达标"),
    ("housing.renting.deposit", 6, EVER, "estate", "房东不退押金"),
    ("housing.renting.group-renting", 5, EVER, "estate", "隔断群租存在隐患"),
    ("safety.fire.blocked-exit", 7, EVER, "estate", "疏散通道被堵"),
    ("safety.fire.ebike", 14, EVER, "estate", "电动车推进楼道充电|飞线充电"),
    ("safety.fire.equipment", 4, EVER, "estate", "灭火器过期|消火栓没有水"),
    ("safety.production.gas-leak", 1.5, EVER, "estate", "怀疑燃气泄漏"),
    ("safety.order.dog", 7, SUMMER, "estate", "遛狗不牵绳|大型犬无人看管"),
    ("safety.order.throwing", 5, EVER, "estate", "高空抛物"),
    ("safety.order.fireworks", 6, FIREWORKS, "estate", "有人违规燃放烟花"),
    ("safety.disaster.snow", 5, SNOW, "road", "路面结冰行人滑倒"),
    ("dispute.neighbour.noise", 8, SUMMER, "estate", "与楼上因噪音起争执请求调解"),
    ("dispute.neighbour.leak", 7, RAIN, "estate", "楼上漏水赔偿谈不拢"),
    ("dispute.neighbour.shared-space", 5, EVER, "estate", "邻居占用公共过道"),
    ("dispute.family.support", 3, EVER, "centre", "子女赡养问题请求调解"),
    ("dispute.property.parking", 4, EVER, "estate", "车位归属有争议"),
    ("dispute.collective.relocation", 1.5, EVER, "centre", "多户居民反映拆迁补偿"),
)

_STORM: Final = (
    ("urban.facility.fallen-tree", 10, EVER, "road", "大树被风刮倒砸到车|树倒横在路上"),
    ("transport.road.flooding", 9, EVER, "road", "积水没过轮胎|下穿通道积水"),
    ("safety.disaster.flood", 5, EVER, "estate", "地下车库进水"),
    ("housing.repair.facade", 4, EVER, "estate", "外墙瓷砖被风刮落"),
    ("housing.utility.power-outage", 6, EVER, "estate", "台风后整栋楼停电"),
    ("urban.facility.drain", 5, EVER, "road", "雨水口被落叶堵死"),
    ("urban.appearance.signboard", 4, EVER, "road", "广告牌被吹得快掉下来"),
)

Row = tuple[str, float, Months, str, str]


def _matters(rows: tuple[Row, ...]) -> tuple[Matter, ...]:
    return tuple(
        Matter(code, weight, months, where, tuple(words.split("|")))
        for code, weight, months, where, words in rows
    )


MATTERS: Final = _matters(_TABLE)
STORM: Final = _matters(_STORM)
"""What a typhoon brings."""
