"""What the public may read: written by one person, released by another."""

from domain.case import confidentiality, publication
from domain.case.regions import PublicationState
from domain.identity import Role
from domain.vocabulary import Confidentiality
from tests.domain.histories import CLOSED, IN_PROGRESS, proposed
from tests.domain.people import INTAKE, REGISTRAR, person
from tests.domain.scenario import ask, given, happened

INTAKE_AND_REGISTRAR = person("both", Role.INTAKE, Role.REGISTRAR)
APPROVE = ask(publication.ApprovePublication)


def test_what_somebody_wrote_is_proposed() -> None:
    command = ask(publication.ProposePublication, title="A noisy workshop", summary=" ")
    case = given(*CLOSED).when(command, by=INTAKE).then(proposed)
    assert case.publication_state is PublicationState.PROPOSED


def test_a_proposal_needs_words() -> None:
    command = ask(publication.ProposePublication, title=" ")
    given(*CLOSED).when(command, by=INTAKE).refused("INVALID_INPUT", path=["title"])


def test_another_person_releases_it() -> None:
    case = given(*CLOSED, proposed).when(APPROVE, by=REGISTRAR)
    assert (
        case.then(happened(publication.PublicationApproved)).publication_state
        is PublicationState.PUBLIC
    )


def test_whoever_proposed_it_neither_releases_nor_refuses_it() -> None:
    own = happened(
        publication.PublicationProposed,
        title="A noisy workshop",
        summary=None,
        proposer=REGISTRAR.principal,
    )
    for command in (APPROVE, ask(publication.RefusePublication)):
        given(*CLOSED, own).when(command, by=REGISTRAR).refused("PROPOSER_IS_RELEASER")


def test_only_what_is_proposed_is_decided() -> None:
    for command in (APPROVE, ask(publication.RefusePublication)):
        given(*IN_PROGRESS).when(command, by=REGISTRAR).refused("NOTHING_PROPOSED")


def test_what_is_refused_or_withdrawn_is_no_longer_proposed() -> None:
    for command, event, state in (
        (publication.RefusePublication, publication.PublicationRefused, PublicationState.PRIVATE),
        (
            publication.WithdrawPublication,
            publication.PublicationWithdrawn,
            PublicationState.WITHDRAWN,
        ),
    ):
        outcome = given(*CLOSED, proposed).when(ask(command), by=REGISTRAR)
        assert outcome.then(happened(event)).publication_state is state


def test_what_is_private_is_not_withdrawn() -> None:
    command = ask(publication.WithdrawPublication)
    given(*CLOSED).when(command, by=REGISTRAR).refused("NOTHING_PUBLISHED")


def test_what_fewer_people_may_see_is_not_published() -> None:
    restricted = happened(confidentiality.ConfidentialityChanged, level=Confidentiality.RESTRICTED)
    command = ask(publication.ProposePublication, title="A noisy workshop")
    given(*CLOSED, restricted).when(command, by=INTAKE_AND_REGISTRAR).refused(
        "CASE_IS_CONFIDENTIAL"
    )
