"""Who brings a case: said once or little by little, for oneself or for another."""

import pytest

from domain.case import Case
from domain.case.intake import CaseRegistered
from domain.case.reporters import DETAIL_LIMIT, AttachReporter, ReporterAttached, ReporterDetails
from domain.case.vocabulary import Relation
from domain.event import EVENT_TYPES, Recorded, unseen
from domain.identity import Caller
from domain.personal_data import Category, access_log_of, checked_purpose, person_id
from domain.refusal import InvalidInput, Refusal
from tests.domain.histories import CLOSED, PERSON, REGISTRATION, registered
from tests.domain.people import ANONYMOUS, INTAKE, NEIGHBOUR, REPORTER
from tests.domain.scenario import CASE, Fact, ask, given, happened

LI_HUA = ReporterDetails(name="Li Hua", contact="555 0199", address="12 Elm Street")
OTHER = access_log_of(PERSON)


def attached(reporter_id: object, details: ReporterDetails = LI_HUA) -> Fact:
    texts = {
        Category.NAME: details.name,
        Category.CONTACT: details.contact,
        Category.ADDRESS: details.address,
    }
    return happened(
        ReporterAttached,
        reporter_id=reporter_id,
        categories=tuple(category for category, text in texts.items() if text),
        name=details.name,
        contact=details.contact,
        address=details.address,
    )


def attach(details: ReporterDetails = LI_HUA, *, another: bool = False) -> AttachReporter:
    return ask(AttachReporter, reporter_id=PERSON, details=details, another=another)


def registering(by: Caller, **said: object) -> tuple[type, Case | None, object]:
    command = vars(REGISTRATION) | {"reporter_id": PERSON, "reporter": LI_HUA} | said
    outcome = given().when(type(REGISTRATION)(**command), by=by)
    _, event = outcome.events
    assert isinstance(event, ReporterAttached)
    return type(outcome.events[0]), outcome.case, event.reporter_id


class TestRegistering:
    def test_says_who_brings_it_in_the_same_breath(self) -> None:
        first, case, reporter_id = registering(INTAKE)
        assert first is CaseRegistered
        assert case is not None
        assert case.reporter_id == reporter_id == PERSON

    def test_somebody_who_signed_in_has_one_key_for_all_their_cases(self) -> None:
        assert registering(REPORTER)[2] == person_id(REPORTER.principal)
        assert person_id(REPORTER.principal) != person_id(NEIGHBOUR.principal)

    def test_for_somebody_else_the_key_is_not_that_of_the_messenger(self) -> None:
        assert registering(REPORTER, on_behalf=True, relation=Relation.FAMILY)[2] == PERSON

    def test_a_stranger_without_a_token_has_a_key_of_their_own(self) -> None:
        assert registering(ANONYMOUS)[2] == PERSON


class TestAttaching:
    @pytest.mark.parametrize("details", [LI_HUA, ReporterDetails(contact="555 0199")])
    def test_what_is_given_is_named(self, details: ReporterDetails) -> None:
        given(registered()).when(attach(details), by=INTAKE).then(attached(PERSON, details))

    def test_blank_is_not_given(self) -> None:
        given(registered()).when(attach(ReporterDetails(name="Li Hua", address=" "))).then(
            attached(PERSON, ReporterDetails(name="Li Hua"))
        )

    def test_more_of_the_same_person_goes_under_the_same_key(self) -> None:
        given(registered(), attached(OTHER)).when(attach(), by=INTAKE).then(attached(OTHER))

    def test_another_person_has_another_key(self) -> None:
        given(registered(), attached(OTHER)).when(attach(another=True), by=INTAKE).then(
            attached(PERSON)
        )

    def test_the_reporter_says_it_of_themselves(self) -> None:
        given(registered()).when(attach(), by=REPORTER).then(
            attached(person_id(REPORTER.principal))
        )

    def test_or_of_whom_they_brought_it_for(self) -> None:
        given(registered(on_behalf=True, relation=Relation.FAMILY)).when(
            attach(), by=REPORTER
        ).then(attached(PERSON))

    def test_not_on_the_case_of_a_neighbour(self) -> None:
        given(registered()).when(attach(), by=NEIGHBOUR).refused("NOT_FOUND")

    @pytest.mark.parametrize("details", [ReporterDetails(), ReporterDetails(name=" ")])
    def test_nobody_is_no_reporter(self, details: ReporterDetails) -> None:
        given(registered()).when(attach(details)).refused("INVALID_INPUT", path=["reporter"])

    @pytest.mark.parametrize("category", list(Category))
    def test_no_more_than_a_line(self, category: Category) -> None:
        name = category.lower()
        details = ReporterDetails(**{name: "x" * (DETAIL_LIMIT + 1)})
        given(registered()).when(attach(details)).refused("INVALID_INPUT", path=["reporter", name])

    def test_no_more_is_collected_once_it_is_closed(self) -> None:
        given(*CLOSED).when(attach()).refused("WRONG_STAGE")


class TestPurpose:
    def test_is_kept_as_it_is_said(self) -> None:
        assert checked_purpose("To call back") == "To call back"

    @pytest.mark.parametrize("purpose", [None, "", " \n"])
    def test_is_needed(self, purpose: str | None) -> None:
        with pytest.raises(Refusal) as refused:
            checked_purpose(purpose)
        assert refused.value.code == "PURPOSE_NEEDED"

    def test_is_no_essay(self) -> None:
        with pytest.raises(InvalidInput):
            checked_purpose("x" * 201)


def test_no_representation_shows_who_it_is() -> None:
    for shown in (repr(LI_HUA), repr(attach())):
        assert "Li Hua" not in shown
        assert "555" not in shown


@pytest.mark.parametrize("topic", sorted(EVENT_TYPES))
def test_a_subject_is_a_plain_field_and_its_data_is_in_no_view(topic: str) -> None:
    kind = EVENT_TYPES[topic]
    assert issubclass(kind, Recorded)
    if kind.SUBJECT is None:
        assert not unseen(kind)
    else:
        assert kind.SUBJECT in kind.__dataclass_fields__
        assert kind.SUBJECT not in kind.PROTECTED
        assert unseen(kind) == kind.PROTECTED


def test_the_access_log_of_a_person_is_no_stream_of_a_case() -> None:
    assert access_log_of(PERSON) not in {PERSON, CASE}
