"""The mutations of the case: one for each command, each with one `input`."""

import strawberry

from schema.case.mutations.asking import AskingMutation
from schema.case.mutations.beyond import BeyondMutation
from schema.case.mutations.ending import EndingMutation
from schema.case.mutations.examining import ExaminingMutation
from schema.case.mutations.exclusion import ExclusionMutation
from schema.case.mutations.handling import HandlingMutation
from schema.case.mutations.holding import HoldingMutation
from schema.case.mutations.intake import IntakeMutation
from schema.case.mutations.outcome import OutcomeMutation
from schema.case.mutations.publication import PublicationMutation
from schema.case.mutations.responsibility import ResponsibilityMutation
from schema.case.mutations.routing import RoutingMutation
from schema.case.mutations.sharing import SharingMutation
from schema.case.mutations.structure import StructureMutation
from schema.case.mutations.supervision import SupervisionMutation
from schema.case.mutations.timing import TimingMutation
from schema.case.tracking import TrackingMutation


@strawberry.type
class CaseMutation(
    IntakeMutation,
    ExaminingMutation,
    RoutingMutation,
    ResponsibilityMutation,
    BeyondMutation,
    HandlingMutation,
    AskingMutation,
    HoldingMutation,
    OutcomeMutation,
    EndingMutation,
    SharingMutation,
    PublicationMutation,
    SupervisionMutation,
    TimingMutation,
    ExclusionMutation,
    StructureMutation,
    TrackingMutation,
):
    """The mutations of the case."""
