"""What the directory refuses."""

from domain.refusal import Refusal


class CodeTaken(Refusal):
    """The code {code} already names another {thing}."""

    code = "CODE_TAKEN"


class NotInForce(Refusal):
    """There is no {thing} {code} throughout the time from {valid_from} to {valid_to}."""

    code = "NOT_IN_FORCE"


class BelowItself(Refusal):
    """The {thing} {code} would lie below itself at {at}."""

    code = "BELOW_ITSELF"


class StillNeeded(Refusal):
    """The {thing} {code} is still needed after {valid_to}, by {needed_by}."""

    code = "STILL_NEEDED"


class EndsBeforeBeginning(Refusal):
    """It cannot end at {valid_to}: it begins at {valid_from}."""

    code = "ENDS_BEFORE_BEGINNING"


class PositionHeld(Refusal):
    """The position {position} has a single holder, and another appointment at {at}: {held_by}."""

    code = "POSITION_HELD"


class AlreadyAppointed(Refusal):
    """That person holds the position by the appointment {appointment} within that time."""

    code = "ALREADY_APPOINTED"


class AlreadyDelegated(Refusal):
    """Roles of the appointment are delegated to that person by {delegation} within that time."""

    code = "ALREADY_DELEGATED"


class AlreadyQualified(Refusal):
    """That person is qualified by the grant {grant} within that time."""

    code = "ALREADY_QUALIFIED"


class RolesNotHeld(Refusal):
    """The position {position} does not have the roles {roles} throughout that time."""

    code = "ROLES_NOT_HELD"
