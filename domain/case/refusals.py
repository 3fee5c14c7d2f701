"""What is refused because directory, catalogue or routing policy say otherwise at that time."""

from domain.refusal import Refusal


class UnknownType(Refusal):
    """There was no case type {type} at {at}."""

    code = "UNKNOWN_TYPE"


class UnknownArea(Refusal):
    """There was no area {area} at {at}."""

    code = "UNKNOWN_AREA"


class UnitNotActive(Refusal):
    """There was no active unit {unit} at {at}."""

    code = "UNIT_NOT_ACTIVE"


class UnitNotCompetent(Refusal):
    """Unit {unit} was not competent for {type} in {area} at {at}; override needs a reason."""

    code = "UNIT_NOT_COMPETENT"


class OverrideWithoutReason(Refusal):
    """Unit {unit} is not where the rules send the case; say why it goes there."""

    code = "OVERRIDE_WITHOUT_REASON"


class SignerNotInLeadUnit(Refusal):
    """Whoever signs holds a position in the lead unit {unit}."""

    code = "SIGNER_NOT_IN_LEAD_UNIT"


class CheckerOfResolvingUnit(Refusal):
    """For {type} somebody of another unit than {units} checks the resolution."""

    code = "CHECKER_OF_RESOLVING_UNIT"
