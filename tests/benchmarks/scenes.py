"""Where cases of the mixed day are, and who there is for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final


@dataclass(frozen=True)
class Scene:
    """Where a case of the benchmark is, and whose by the routing of the demonstration's pack."""

    type: str
    similar: str
    unit: str
    area: str
    community: str
    title: str


SCENES: Final = (
    Scene(
        "urban.facility.street-lamp",
        "urban.facility.bench",
        "urban-management",
        "yl-chengxi-1-1",
        "qinghe",
        "路灯整晚不亮",
    ),
    Scene(
        "transport.parking.illegal",
        "transport.signal.crossing",
        "traffic-police",
        "yl-songjian-2-3",
        "tingsong",
        "人行道违章停车",
    ),
    Scene(
        "environment.air.odour",
        "environment.air.dust",
        "ecology",
        "yl-luting-1-2",
        "luhua",
        "夜间有刺鼻气味",
    ),
    Scene(
        "housing.property.service",
        "housing.property.owners-committee",
        "housing",
        "yl-jihu-3-4",
        "xinghe",
        "物业不派人打扫",
    ),
    Scene(
        "commerce.consumer.refund",
        "commerce.consumer.price",
        "market-supervision",
        "yl-tongwu-2-2",
        "wuli",
        "商家拒绝退款",
    ),
)


@dataclass(frozen=True)
class Facts:
    """What texts of a life are formatted with. number: of the life, 0, 1, 2 ... over all clients.

    holders: who holds each post now. other_case: the id of a case that is open.
    """

    number: int
    holders: Mapping[str, str]
    other_case: str

    def names(self) -> Mapping[str, object]:
        """By the names that the lives use."""
        scene, turn = SCENES[self.number % len(SCENES)], self.number // len(SCENES)
        other = SCENES[(self.number + 1) % len(SCENES)]
        return vars(scene) | {
            "number": self.number,
            "other_unit": other.unit,
            "helper": "legal-aid",
            "clerk": turn % 6 + 1,
            "first": turn % 3 + 1,
            "second": (turn + 1) % 3 + 1,
            "officer": self.holders[f"{scene.unit}-officer-1"],
            "colleague": self.holders[f"{scene.unit}-officer-2"],
            "other_case": self.other_case,
            "later": (datetime.now(UTC) + timedelta(days=2)).isoformat(),
        }
