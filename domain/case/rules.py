"""The guards of the commands, as data: what must hold whatever the command says itself.

One list for both: a command is refused by the first of its guards that does not hold
(`check`), and what a caller may do next is told by all of them (`domain.case.actions`).
What depends on the command's own input is checked where the command is decided.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from domain.case.asked import (
    check_co_replies,
    check_co_reply_awaited,
    check_first_contact,
    check_information_awaited,
    check_replier,
)
from domain.case.clocks.asking import check_clocks_run
from domain.case.endings import (
    check_appeal,
    check_appeal_open,
    check_feedback_asked,
    check_no_appeal_open,
    check_no_void_requested,
    check_reopening,
    check_retention,
    check_second_person,
    check_void_requested,
)
from domain.case.exclusions import check_left_out
from domain.case.exhibits import check_room
from domain.case.guards import check_checker, check_signer
from domain.case.holds import (
    check_extendable,
    check_extension_asked,
    check_no_extension_asked,
    check_no_suspension_asked,
    check_not_suspended,
    check_suspendable,
    check_suspended,
    check_suspension_asked,
)
from domain.case.lifecycle import LIFECYCLE
from domain.case.order_book import (
    check_no_open_order,
    check_order_open,
    check_order_to_reply,
    check_releasable,
)
from domain.case.others import check_linked, check_survivor
from domain.case.publishing import (
    check_proposed,
    check_publishable,
    check_published,
    check_releaser,
)
from domain.case.responsibility import (
    check_arbitrable,
    check_hands_over,
    check_in_arbitration,
    check_not_arbitrated,
    check_not_proposer,
    check_nothing_pending,
    check_receiver,
    check_return_requested,
    check_returnable,
    check_sign_off,
    check_simple,
    check_suited,
    check_unassigned,
)
from domain.case.shares import check_shared
from domain.case.shortcuts import check_emergency, check_regularised, check_regularises, may_skip
from domain.case.state import Case
from domain.case.urges import check_not_urged
from domain.command import Circumstances, Command, check_circumstances
from domain.refusal import OccurredBeforeRegistration, WrongStage

Guard = Callable[[Case, Circumstances], None]
"""Raises a Refusal where it does not hold."""

CLOSING: Final[tuple[Guard, ...]] = (check_regularised, check_no_open_order)
"""What must hold before a case may close, with the reporter's answer or without one."""

GUARDS: Final[dict[str, tuple[Guard, ...]]] = {
    "addEvidence": (check_room,),
    "amendClocks": (check_clocks_run,),
    "rejectCase": (check_not_proposer,),
    "dispatchCase": (check_nothing_pending,),
    "assignFallbackOwner": (check_nothing_pending,),
    "signForCase": (check_nothing_pending, check_simple, check_signer),
    "assignOfficer": (check_unassigned,),
    "offerHandOver": (check_hands_over,),
    "acceptHandOver": (check_receiver, check_suited),
    "declineHandOver": (check_receiver,),
    "requestReturn": (check_nothing_pending, check_not_arbitrated, check_returnable),
    "upholdReturn": (check_return_requested,),
    "rejectReturn": (check_return_requested,),
    "requestArbitration": (
        check_nothing_pending,
        check_not_suspended,
        check_not_arbitrated,
        check_arbitrable,
    ),
    "arbitrateResponsibility": (check_in_arbitration,),
    "recordProgress": (check_sign_off,),
    "submitResolution": (
        check_nothing_pending,
        check_not_suspended,
        check_simple,
        check_sign_off,
        check_co_replies,
    ),
    "requestSuspension": (check_suspendable, check_not_suspended, check_no_suspension_asked),
    # Another unit may be at it soon.
    "approveSuspension": (check_suspension_asked, check_suspendable, check_nothing_pending),
    "denySuspension": (check_suspension_asked,),
    "resumeCase": (check_suspended,),
    "requestExtension": (check_extendable, check_not_suspended, check_no_extension_asked),
    "approveExtension": (check_extension_asked, check_extendable),
    "denyExtension": (check_extension_asked,),
    "recordFirstContact": (check_first_contact,),
    "replyCoHandling": (check_co_reply_awaited, check_replier),
    "deemCoHandlingAgreed": (check_co_reply_awaited,),
    "receiveInformation": (check_information_awaited,),
    "recordFeedback": (check_feedback_asked,),
    "lapseFeedback": (check_feedback_asked,),
    "reopenCase": (check_reopening,),
    "fileAppeal": (check_appeal,),
    "decideAppeal": (check_appeal_open,),
    "requestVoid": (check_no_void_requested,),
    "approveVoid": (check_void_requested, check_second_person, check_no_open_order),
    "refuseVoid": (check_void_requested,),
    "archiveCase": (check_retention, check_no_appeal_open),
    "revokeShare": (check_shared,),
    "expireShare": (check_shared,),
    "endEmergency": (check_emergency,),
    "regulariseStep": (check_regularises,),
    "urgeCase": (check_not_urged,),
    "verifyResolution": (check_checker, *CLOSING),
    "orderRework": (check_checker,),
    "proposePublication": (check_publishable,),
    "approvePublication": (check_proposed, check_publishable, check_releaser),
    "refusePublication": (check_proposed, check_releaser),
    "withdrawPublication": (check_published,),
    # What takes a case out of work waits until its orders are released (`domain.case.orders`).
    "mergeCase": (check_no_open_order,),
    "referCaseOut": (check_no_open_order,),
    "replyToOrder": (check_order_to_reply,),
    "escalateOrder": (check_order_open,),
    "recordInterview": (check_order_open,),
    "releaseOrder": (check_releasable,),
    "revokeMetricExclusion": (check_left_out,),
    "reverseMerge": (check_survivor,),
    "unlinkCases": (check_linked,),
}
"""By command; one that is not here is bound by its stage alone."""

_SOURCES: Final = {
    command: sorted(stage.value for stage in rule.sources) for command, rule in LIFECYCLE.items()
}


def check(case: Case, command: Command, by: Circumstances) -> None:
    """Refuse a command outside the stages its row in the lifecycle table names, or by a guard.

    An earlier event of the case does not bound `by.at`: what is recorded late is backdated.
    """
    check_circumstances(command, by)
    if by.at < case.registered_at:
        raise OccurredBeforeRegistration(
            occurred_at=by.at.isoformat(), registered_at=case.registered_at.isoformat()
        )
    check_stage(case, command.NAME, by.at)
    for guard in GUARDS.get(command.NAME, ()):
        guard(case, by)


def check_stage(case: Case, command: str, at: datetime) -> None:
    """Refuse a command outside the stages of its row in the lifecycle table.

    An emergency that holds at that time lets it pass over the step that is missing.
    """
    if case.stage not in LIFECYCLE[command].sources and not may_skip(case, command, at):
        raise WrongStage(command=command, stage=case.stage.value, allowed=_SOURCES[command])
