"""Names of the made-up district 云澜区: no real place, body or person is meant."""

from typing import Final

from domain.directory.vocabulary import UnitKind

DISTRICT: Final = ("yl", "云澜区", "Yunlan District")

STREETS: Final = (
    ("chengxi", "澄溪街道", "Chengxi Street"),
    ("songjian", "松涧街道", "Songjian Street"),
    ("tongwu", "桐雾街道", "Tongwu Street"),
    ("luting", "芦汀街道", "Luting Street"),
    ("jihu", "霁湖街道", "Jihu Street"),
)

COMMUNITIES: Final = (
    ("青禾", "Qinghe"),
    ("望荷", "Wanghe"),
    ("石磬", "Shiqing"),
    ("晚枫", "Wanfeng"),
    ("听松", "Tingsong"),
    ("南枝", "Nanzhi"),
    ("桐荫", "Tongyin"),
    ("雾里", "Wuli"),
    ("竹里", "Zhuli"),
    ("芦花", "Luhua"),
    ("白鹭", "Bailu"),
    ("渔歌", "Yuge"),
    ("霁月", "Jiyue"),
    ("湖心", "Huxin"),
    ("星河", "Xinghe"),
)
"""Three for each street, in their order."""

GRIDS_OF_A_COMMUNITY: Final = 4

ROADS: Final = ("晚枫路", "澄心巷", "芦荻街", "听雨路", "桐荫路", "石磬街", "白鹭湾路", "南枝路")
ESTATES: Final = ("家苑", "雅居", "新村", "里小区", "花园", "公寓")

GOVERNMENT, COMPANY = UnitKind.GOVERNMENT, UnitKind.ENTERPRISE
SOCIAL, RESIDENTS = UnitKind.SOCIAL_ORGANISATION, UnitKind.RESIDENTS_BODY
COORDINATING: Final = UnitKind.COORDINATING_BODY

ROOT: Final = "district"
COMMAND_CENTRE: Final = "command-centre"

# The codes are those that the routing of pack cn-12345 names, and a few more.
UNITS: Final = (
    (ROOT, COORDINATING, "云澜区社会治理委员会", "Yunlan Governance Committee"),
    (COMMAND_CENTRE, COORDINATING, "区治理指挥中心", "District Command Centre"),
    ("party-service-centre", COORDINATING, "区党群服务中心", "Party and Public Service Centre"),
    ("urban-management", GOVERNMENT, "区城市管理局", "Urban Management Bureau"),
    ("transport", GOVERNMENT, "区交通运输局", "Transport Bureau"),
    ("traffic-police", GOVERNMENT, "区交警大队", "Traffic Police"),
    ("public-security", GOVERNMENT, "区公安分局", "Public Security Bureau"),
    ("ecology", GOVERNMENT, "区生态环境局", "Ecology and Environment Bureau"),
    ("water", GOVERNMENT, "区水务局", "Water Bureau"),
    ("parks", GOVERNMENT, "区园林绿化局", "Parks and Greening Bureau"),
    ("planning", GOVERNMENT, "区规划和自然资源局", "Planning Bureau"),
    ("education", GOVERNMENT, "区教育局", "Education Bureau"),
    ("human-resources", GOVERNMENT, "区人力资源和社会保障局", "Human Resources Bureau"),
    ("labour-inspection", GOVERNMENT, "区劳动监察大队", "Labour Inspection"),
    ("market-supervision", GOVERNMENT, "区市场监督管理局", "Market Supervision Bureau"),
    ("commerce", GOVERNMENT, "区商务局", "Commerce Bureau"),
    ("health", GOVERNMENT, "区卫生健康委员会", "Health Commission"),
    ("medical-insurance", GOVERNMENT, "区医疗保障局", "Medical Insurance Bureau"),
    ("civil-affairs", GOVERNMENT, "区民政局", "Civil Affairs Bureau"),
    ("housing", GOVERNMENT, "区住房和建设局", "Housing and Construction Bureau"),
    ("emergency", GOVERNMENT, "区应急管理局", "Emergency Management Bureau"),
    ("fire-rescue", GOVERNMENT, "区消防救援大队", "Fire and Rescue"),
    ("justice", GOVERNMENT, "区司法局", "Justice Bureau"),
    ("letters-and-visits", GOVERNMENT, "区信访局", "Letters and Visits Office"),
    ("bus-company", COMPANY, "云澜公交公司", "Yunlan Buses"),
    ("gas-company", COMPANY, "云澜燃气公司", "Yunlan Gas"),
    ("heating-company", COMPANY, "云澜热力公司", "Yunlan Heating"),
    ("power-company", COMPANY, "云澜供电公司", "Yunlan Power"),
    ("water-company", COMPANY, "云澜自来水公司", "Yunlan Waterworks"),
    ("disability-federation", SOCIAL, "区残疾人联合会", "Disabled Persons' Federation"),
    ("women-federation", SOCIAL, "区妇女联合会", "Women's Federation"),
    ("volunteers", SOCIAL, "云澜志愿者协会", "Yunlan Volunteers"),
    ("legal-aid", SOCIAL, "云澜法律援助社", "Yunlan Legal Aid"),
)

TRADES: Final = ("餐饮", "商贸", "物流", "装饰", "电子", "家政", "服装")
FIRMS: Final = ("禾木", "远舟", "青藤", "朗晴", "云朵", "小满", "拾光", "海棠")
SURNAMES: Final = "阮蒲闻裴晏祝尹苗柏岑艾卞邬谷褚宁池凌桑叶简厉"
GIVEN: Final = "知远若溪明岚书语清和子衡安然慕白晓棠亦舟怀瑾予宁念慈景行听澜"
