"""The fold: what each event of a case adds to the figures. Pure, in the order of recording.

What is recorded late counts by the time at which it happened. A view keeps the result, and a
recomputation from the journal comes to the same.
"""

from typing import Final

import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.closing import CaseClosed
from domain.case.confidentiality import ConfidentialityChanged
from domain.case.correction import CaseDetailCorrected, CaseReclassified, DispatchRecalled
from domain.case.emergency import AcceptanceSkipped
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.feedback import FeedbackReceived, FeedbackRequested
from domain.case.imported import HistoryImported, RecordImported
from domain.case.intake import CaseAccepted, CaseRegistered
from domain.case.linking import CasesLinked, CasesUnlinked
from domain.case.merging import CaseMergedInto, MergeReversed
from domain.case.officers import ResponsibilityHandedOver
from domain.case.outcome import ResolutionSubmitted, ReworkOrdered
from domain.case.publication import (
    PublicationApproved,
    PublicationProposed,
    PublicationRefused,
    PublicationWithdrawn,
)
from domain.case.referral import DeliveryFailed
from domain.case.reopening import CaseReopened
from domain.case.returns import ResponsibilityArbitrated, ReturnRequested, ReturnUpheld
from domain.case.routing import CaseDispatched
from domain.case.state import CaseEvent, CaseOpened
from domain.case.verification import FieldVerificationRequested
from domain.case.vocabulary import Detail, LinkKind, ResolutionOutcome
from domain.case.voiding import CaseVoided
from domain.identity import Actor
from domain.metrics import supervised
from domain.metrics.clocked import clocks_running, clocks_taken_in, due_of, led_by
from domain.metrics.rows import History, Row, Taken, key_of, on
from domain.metrics.vocabulary import Fact, Population
from domain.vocabulary import Channel, Confidentiality

SATISFIED_FROM: Final = 4
"""Of 5."""

SAME_DEMAND: Final = frozenset({LinkKind.FOLLOW_UP, LinkKind.SAME_CAUSE})

THE_CASE: Final = key_of(Population.CASE, "1")

replace: Final = msgspec.structs.replace


def opened(event: CaseOpened) -> History:
    """The history after the event that opens a case."""
    if isinstance(event, CaseRegistered | RecordImported):
        history = History(event.channel, event.type_code, event.area)
    else:
        history = History(Channel.IMPORT)
    if isinstance(event, HistoryImported):
        history = replace(history, source=event.source)
    first = Row(Population.CASE, "1", began=event.timestamp, facts=(Fact.REGISTERED,))
    history = _of_case(history.with_row(first))
    return clocks_running(history, event.sets_clocks() if isinstance(event, RecordImported) else ())


def after(history: History, event: CaseEvent, actor: Actor) -> History:
    """The history after one more event of the case; the same one where it changes nothing.

    actor: who did it: position, or principal without one, is kept with what they decided.
    """
    if history.voided:
        return history
    if isinstance(event, CaseVoided):
        return replace(history, voided=True, rows={}, clocks={})
    taken = TAKEN_IN.get(type(event))
    if taken is not None:
        history = taken(history, event, actor.position or actor.principal)
    return clocks_taken_in(history, event)


def _of_case(history: History) -> History:
    row = history.rows[THE_CASE]
    row = row.unmarked(Fact.PROACTIVE, Fact.REPEATED)
    if history.channel is Channel.GRID_PATROL:
        row = row.marked(Fact.PROACTIVE)
    if history.merged or history.repeats:
        row = row.marked(Fact.REPEATED)
    return history.with_row(replace(row, unit=history.lead))


def _led(history: History, lead: str | None) -> History:
    """Another unit has the case, or nobody."""
    history = replace(history, lead=lead)
    row = history.row(Population.CYCLE, str(history.cycle))
    if row is not None and row.ended is None:
        history = history.with_row(replace(row, unit=lead))
    return led_by(_of_case(history))


def _released(history: History, _: CaseEvent, __: str) -> History:
    return _led(history, None)


def _taken_on(history: History, event: CaseEvent, _: str) -> History:
    if history.cycle:
        return history
    return _cycle(replace(history, cycle=1), event)


def _cycle(history: History, event: CaseEvent) -> History:
    row = Row(
        Population.CYCLE,
        str(history.cycle),
        began=event.timestamp,
        facts=(Fact.TAKEN_ON,),
        unit=history.lead,
    )
    return history.with_row(row)


def _ours_again(history: History, event: DeliveryFailed, by: str) -> History:
    return _taken_on(_led(history, None), event, by)


def _reopened(history: History, event: CaseReopened, _: str) -> History:
    history = _marked(history, Fact.REOPENED)
    return _cycle(_led(replace(history, cycle=event.cycle, claimed=False), None), event)


def _marked(history: History, *facts: Fact) -> History:
    """The cycle with these facts too."""
    row = history.row(Population.CYCLE, str(history.cycle))
    return history if row is None else history.with_row(row.marked(*facts))


def _dispatched(history: History, event: CaseDispatched, _: str) -> History:
    cycle = f"{history.cycle}/"
    before = history.of(Population.DISPATCH, cycle)
    facts = {Fact.DISPATCHED} if before else _FIRST
    row = Row(
        Population.DISPATCH,
        f"{cycle}{len(before) + 1}",
        began=event.timestamp,
        facts=(),
        unit=event.lead_unit,
    )
    history = history.with_row(row.marked(*facts))
    if before and before[0].unit != event.lead_unit:
        history = history.with_row(before[0].unmarked(Fact.NEVER_REDISPATCHED))
    return _led(history, event.lead_unit)


_FIRST: Final = {Fact.DISPATCHED, Fact.FIRST_DISPATCHED, Fact.NEVER_REDISPATCHED}


def _return_asked(history: History, _: ReturnRequested, __: str) -> History:
    return _dispatch_marked(history, Fact.RETURN_ASKED)


def _return_upheld(history: History, _: ReturnUpheld, __: str) -> History:
    return _led(_dispatch_marked(history, Fact.RETURN_UPHELD), None)


def _dispatch_marked(history: History, fact: Fact) -> History:
    dispatches = history.of(Population.DISPATCH, f"{history.cycle}/")
    return history.with_row(dispatches[-1].marked(fact)) if dispatches else history


def _arbitrated(history: History, event: ResponsibilityArbitrated, _: str) -> History:
    """A unit that wanted to give the case back, and is told to keep it."""
    asked = [
        row
        for row in history.of(Population.DISPATCH, f"{history.cycle}/")
        if row.unit == event.lead_unit and Fact.RETURN_ASKED in row.facts
    ]
    return history.with_row(asked[-1].marked(Fact.SHIRKED)) if asked else history


def _resolved(history: History, event: ResolutionSubmitted, _: str) -> History:
    history = replace(history, claimed=event.outcome is ResolutionOutcome.RESOLVED)
    return _marked(history, Fact.RESOLVED)


def _reworked(history: History, _: ReworkOrdered, __: str) -> History:
    return _marked(history, Fact.REWORKED)


def _closed(history: History, event: CaseClosed, _: str) -> History:
    row = history.row(Population.CYCLE, str(history.cycle))
    if row is None:
        return history
    return history.with_row(replace(row, ended=event.timestamp).marked(Fact.CLOSED))


def _asked(history: History, event: FeedbackRequested, _: str) -> History:
    row = Row(
        Population.FEEDBACK,
        str(history.cycle),
        began=event.timestamp,
        facts=(Fact.FEEDBACK_ASKED,),
        unit=history.lead,
        due=due_of(history),
    )
    return history.with_row(row.marked(Fact.CLAIMED_RESOLVED) if history.claimed else row)


def _answered(history: History, event: FeedbackReceived, _: str) -> History:
    row = history.row(Population.FEEDBACK, str(history.cycle))
    if row is None or not event.contacted:
        return history
    facts = {
        Fact.FEEDBACK_ANSWERED: True,
        Fact.RESOLUTION_ANSWERED: event.resolved is not None,
        Fact.SAID_RESOLVED: event.resolved is True,
        Fact.RATED: event.satisfaction is not None,
        Fact.SATISFIED: (event.satisfaction or 0) >= SATISFIED_FROM,
    }
    given = [fact for fact, holds in facts.items() if holds]
    return history.with_row(replace(row, ended=event.timestamp).marked(*given))


def _handed_over(history: History, event: ResponsibilityHandedOver, _: str) -> History:
    return _next(history, Population.HAND_OVER, event, Fact.HANDED_OVER)


def _next(history: History, population: Population, event: CaseEvent, *facts: Fact) -> History:
    row = Row(
        population,
        str(len(history.of(population)) + 1),
        began=event.timestamp,
        facts=facts,
        unit=history.lead,
    )
    return history.with_row(row)


def _proposed(history: History, event: PublicationProposed, _: str) -> History:
    return _next(history, Population.PUBLICATION, event, Fact.PUBLICATION_PROPOSED)


def _released_to_all(history: History, event: PublicationApproved, _: str) -> History:
    history = _marked(history, Fact.PUBLISHED)
    return _proposal_ended(history, event, Fact.PUBLICATION_RELEASED)


def _refused(history: History, event: PublicationRefused, _: str) -> History:
    return _proposal_ended(history, event)


def _withdrawn(history: History, event: PublicationWithdrawn, _: str) -> History:
    row = history.row(Population.CYCLE, str(history.cycle))
    if row is not None:
        history = history.with_row(row.unmarked(Fact.PUBLISHED))
    return _proposal_ended(history, event)


def _proposal_ended(history: History, event: CaseEvent, *facts: Fact) -> History:
    proposals = [row for row in history.of(Population.PUBLICATION) if row.ended is None]
    if not proposals:
        return history
    return history.with_row(replace(proposals[-1], ended=event.timestamp).marked(*facts))


def _corrected(history: History, event: CaseDetailCorrected, _: str) -> History:
    if event.field is Detail.AREA:
        return replace(history, area=None if event.new is None else str(event.new))
    if event.field is Detail.CHANNEL:
        return _of_case(replace(history, channel=Channel(str(event.new))))
    return history


def _linked(history: History, event: CasesLinked, _: str) -> History:
    left = tuple(each for each in history.repeats if each != event.other_case)
    # Whoever asked first asked once.
    says_again = event.kind in SAME_DEMAND and event.is_later is not False
    repeats = (*left, event.other_case) if says_again else left
    return _of_case(replace(history, repeats=repeats))


def _unlinked(history: History, event: CasesUnlinked, _: str) -> History:
    left = tuple(each for each in history.repeats if each != event.other_case)
    return _of_case(replace(history, repeats=left))


def _kept_from(history: History, event: ConfidentialityChanged, _: str) -> History:
    return replace(history, confidential=event.level is not Confidentiality.NORMAL)


TAKEN_IN: Final[dict[type[AggregateEvent], Taken]] = dict(
    (
        on(CaseAccepted, _taken_on),
        on(AcceptanceSkipped, _taken_on),
        on(CaseReopened, _reopened),
        on(DeliveryFailed, _ours_again),
        on(CaseDispatched, _dispatched),
        on(DispatchRecalled, _released),
        on(FallbackOwnerAssigned, lambda history, event, _: _led(history, event.unit)),
        on(ReturnRequested, _return_asked),
        on(ReturnUpheld, _return_upheld),
        on(ResponsibilityArbitrated, _arbitrated),
        on(ResponsibilityHandedOver, _handed_over),
        on(ResolutionSubmitted, _resolved),
        on(ReworkOrdered, _reworked),
        on(CaseClosed, _closed),
        on(FeedbackRequested, _asked),
        on(FeedbackReceived, _answered),
        on(PublicationProposed, _proposed),
        on(PublicationApproved, _released_to_all),
        on(PublicationRefused, _refused),
        on(PublicationWithdrawn, _withdrawn),
        on(CaseReclassified, lambda history, event, _: replace(history, type_code=event.new)),
        on(CaseDetailCorrected, _corrected),
        on(FieldVerificationRequested, lambda history, event, _: replace(history, area=event.area)),
        on(ConfidentialityChanged, _kept_from),
        on(CasesLinked, _linked),
        on(CasesUnlinked, _unlinked),
        on(CaseMergedInto, lambda history, _, __: _of_case(replace(history, merged=True))),
        on(MergeReversed, lambda history, _, __: _of_case(replace(history, merged=False))),
        *supervised.TAKEN_IN,
    )
)
"""What an event does, beside what it does to clocks."""
