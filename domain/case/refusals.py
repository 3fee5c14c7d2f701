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


class TooMuchEvidence(Refusal):
    """No more than {most} pieces of evidence can be added to this case."""

    code = "TOO_MUCH_EVIDENCE"


class CheckerOfResolvingUnit(Refusal):
    """For {type} somebody of another unit than {units} checks the resolution."""

    code = "CHECKER_OF_RESOLVING_UNIT"


class CaseIsConfidential(Refusal):
    """Fewer people than usual may see this case: it is not published."""

    code = "CASE_IS_CONFIDENTIAL"


class NothingProposed(Refusal):
    """Nobody has proposed what the public may read of this case."""

    code = "NOTHING_PROPOSED"


class ProposerIsReleaser(Refusal):
    """Another person than the one who proposed it releases what the public may read."""

    code = "PROPOSER_IS_RELEASER"


class NothingPublished(Refusal):
    """The public does not read this case, and nobody has proposed it."""

    code = "NOTHING_PUBLISHED"


class TrackingRefused(Refusal):
    """No case is opened by this number and this tracking code."""

    code = "TRACKING_REFUSED"


class SurvivorNotActive(Refusal):
    """The case that it is to go on in is {stage}; it needs {allowed}."""

    code = "SURVIVOR_NOT_ACTIVE"


class SurvivorIsMerged(Refusal):
    """The case in which this one goes on was merged itself; that merge is reversed first."""

    code = "SURVIVOR_IS_MERGED"


class LinkNotByHand(Refusal):
    """A link of the kind {kind} comes from splitting a case; by hand it is {allowed}."""

    code = "LINK_NOT_BY_HAND"


class NotLinked(Refusal):
    """The case is not linked so that the link could be taken back."""

    code = "NOT_LINKED"


class BasisNeeded(Refusal):
    """The outcome {outcome} needs the rule that it rests on."""

    code = "BASIS_NEEDED"


class EvidenceNeeded(Refusal):
    """The resolution needs evidence of what was done in this cycle: {kinds}."""

    code = "EVIDENCE_NEEDED"


class ClockNotDue(Refusal):
    """The clock {clock} does not run, or has nothing to say yet."""

    code = "CLOCK_NOT_DUE"
