"""With whom a case is shared, and the guard that looks at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from domain.command import Circumstances
from domain.refusal import Refusal

if TYPE_CHECKING:  # a case holds shares
    from domain.case.state import Case


@dataclass(frozen=True)
class Share:
    """A unit that is shown parts of a case until a time."""

    unit: str
    expires: datetime


class NotShared(Refusal):
    """Nothing of the case is shared with unit {unit}."""

    code = "NOT_SHARED"


class ShareNeedless(Refusal):
    """Unit {unit} leads the case or helps with it, and sees it anyway."""

    code = "SHARE_NEEDLESS"


class ShareExpiresTooSoon(Refusal):
    """A share ends later than it begins, at {at}."""

    code = "SHARE_EXPIRES_TOO_SOON"


class NothingShared(Refusal):
    """The case is shared with nobody."""

    code = "NOTHING_SHARED"


def check_shared(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse to end what is not there."""
    if not case.shares:
        raise NothingShared
