"""What is refused about whether a case is ours, and who handles it (intake and routing)."""

from domain.refusal import Refusal


class NotVerified(Refusal):
    """The field verification has not said anything yet; accept it with a reason, or wait."""

    code = "NOT_VERIFIED"


class ProposerRejects(Refusal):
    """Whoever proposed the rejection may not decide it; another person must."""

    code = "PROPOSER_REJECTS"


class LeadNotCompetent(Refusal):
    """Unit {unit} is not competent for {type}; say that the case is to be dispatched anew."""

    code = "LEAD_NOT_COMPETENT"


class SimpleCasesOnly(Refusal):
    """A grid worker handles simple cases only; {type} is not one."""

    code = "SIMPLE_CASES_ONLY"


class OfficerAssigned(Refusal):
    """The case has an officer of the lead unit; only a hand-over changes that."""

    code = "OFFICER_ASSIGNED"


class OfficerNotInLeadUnit(Refusal):
    """The officer holds no such position in the lead unit {unit}."""

    code = "OFFICER_NOT_IN_LEAD_UNIT"


class OfficerNotQualified(Refusal):
    """The officer of a case of {type} needs these qualifications: {missing}."""

    code = "OFFICER_NOT_QUALIFIED"


class NoOfficer(Refusal):
    """Nobody was assigned to the case who could hand it over."""

    code = "NO_OFFICER"


class NotTheOfficer(Refusal):
    """Only the officer of the case, or a leader of the unit, offers to hand it over."""

    code = "NOT_THE_OFFICER"


class NoHandOverOffered(Refusal):
    """Nobody was asked to take the case over."""

    code = "NO_HAND_OVER_OFFERED"


class NotTheReceiver(Refusal):
    """Only whoever was asked to take the case over answers that."""

    code = "NOT_THE_RECEIVER"


class ReturnPending(Refusal):
    """Whose case it is has not been decided yet: {state}."""

    code = "RETURN_PENDING"


class NoReturnRequested(Refusal):
    """The lead unit has not asked to give the case back."""

    code = "NO_RETURN_REQUESTED"


class NotInArbitration(Refusal):
    """Nobody has asked for an arbitration."""

    code = "NOT_IN_ARBITRATION"


class AlreadyArbitrated(Refusal):
    """The lead was fixed by arbitration."""

    code = "ALREADY_ARBITRATED"


class ReturnWindowOver(Refusal):
    """The case could be given back until {until}; now only an arbitration decides."""

    code = "RETURN_WINDOW_OVER"


class ReturnsExhausted(Refusal):
    """The case was asked to be given back {most} times; now only an arbitration decides."""

    code = "RETURNS_EXHAUSTED"


class ReturnStillPossible(Refusal):
    """The lead unit can still ask to give the case back; an arbitration comes after that."""

    code = "RETURN_STILL_POSSIBLE"


class RequesterDecides(Refusal):
    """Whoever asked for it may not decide it; another person must."""

    code = "REQUESTER_DECIDES"


class NoEmergency(Refusal):
    """No emergency is declared."""

    code = "NO_EMERGENCY"


class StepsOpen(Refusal):
    """Steps that an emergency let pass must be regularised first: {steps}."""

    code = "STEPS_OPEN"


class NothingToRegularise(Refusal):
    """No such step was passed over in this case."""

    code = "NOTHING_TO_REGULARISE"


class SkipperRegularises(Refusal):
    """Whoever passed a step over may not regularise it; another person must."""

    code = "SKIPPER_REGULARISES"


class UrgedTooSoon(Refusal):
    """The case was urged already; it can be urged again from {possible_at}."""

    code = "URGED_TOO_SOON"
