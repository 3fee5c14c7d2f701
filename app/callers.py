"""Who a token's caller is at this moment: the directory of this process says it."""

from collections.abc import Callable
from datetime import UTC, datetime

from app.directory import CurrentDirectory
from domain.access import recognised
from domain.identity import Caller


def _now() -> datetime:
    return datetime.now(UTC)


def recogniser(
    directory: CurrentDirectory, clock: Callable[[], datetime] = _now
) -> Callable[[Caller], Caller]:
    """Asked for each request and each item of a subscription, so that a change counts at once."""

    def recognise(claimed: Caller) -> Caller:
        return recognised(claimed, directory.current(), directory.administrators, clock())

    return recognise
