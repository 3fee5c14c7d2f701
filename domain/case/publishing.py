"""Guards of publication."""

from domain.case.refusals import (
    CaseIsConfidential,
    NothingProposed,
    NothingPublished,
    ProposerIsReleaser,
)
from domain.case.regions import PublicationState
from domain.case.state import Case
from domain.command import Circumstances


def check_publishable(case: Case, _by: Circumstances) -> None:
    """Refuse to publish what fewer people than usual may see."""
    if case.confidential:
        raise CaseIsConfidential


def check_proposed(case: Case, _by: Circumstances) -> None:
    """Refuse to decide where nothing is proposed."""
    if case.publication_state is not PublicationState.PROPOSED:
        raise NothingProposed


def check_releaser(case: Case, by: Circumstances) -> None:
    """Refuse a release by whoever proposed it."""
    if case.publication_proposer == by.actor.principal:
        raise ProposerIsReleaser


def check_published(case: Case, _by: Circumstances) -> None:
    """Refuse to withdraw what is neither public nor proposed."""
    if case.publication_state not in {PublicationState.PUBLIC, PublicationState.PROPOSED}:
        raise NothingPublished
