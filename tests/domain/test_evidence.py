import pytest

from domain.case import evidence
from domain.case.exhibits import MOST_EXHIBITS, MOST_OF_REPORTER, shows_handling
from domain.case.reopening import CaseReopened
from domain.case.vocabulary import Audience
from domain.identity import Role
from tests.domain.histories import CLOSED, IN_PROGRESS, history, registered
from tests.domain.people import ANONYMOUS, AUDITOR, NEIGHBOUR, OFFICER, REPORTER, person
from tests.domain.scenario import CASE, Fact, ask, events_of, fold, given, happened

PHOTO = "ab" * 32
OTHER = "cd" * 32


def added(
    sha256: str = PHOTO, audience: Audience = Audience.INTERNAL, *, by_reporter: bool = False
) -> Fact:
    return happened(
        evidence.EvidenceAdded,
        evidence_id=evidence.evidence_id(CASE, sha256, audience),
        sha256=sha256,
        size=7,
        media_type="image/jpeg",
        label="The bar at night",
        audience=audience,
        by_reporter=by_reporter,
    )


def add(
    sha256: str = PHOTO,
    audience: Audience | None = None,
    *,
    size: int = 7,
    media_type: str = "image/jpeg",
    label: str | None = "The bar at night",
) -> evidence.AddEvidence:
    return ask(
        evidence.AddEvidence,
        sha256=sha256,
        size=size,
        media_type=media_type,
        label=label,
        audience=audience,
    )


def exhibits(count: int, *, by_reporter: bool) -> list[Fact]:
    audience = Audience.REPORTER if by_reporter else Audience.INTERNAL
    return [added(f"{number:064x}", audience, by_reporter=by_reporter) for number in range(count)]


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [
        (None, Audience.INTERNAL),
        (Audience.INTERNAL, Audience.INTERNAL),
        (Audience.REPORTER, Audience.REPORTER),
    ],
)
def test_staff_add_evidence_for_themselves_or_for_the_reporter_too(
    asked: Audience | None, recorded: Audience
) -> None:
    given(*CLOSED).when(add(audience=asked), by=OFFICER).then(added(audience=recorded))


@pytest.mark.parametrize("asked", [None, Audience.REPORTER])
def test_a_reporter_adds_evidence_to_their_own_case(asked: Audience | None) -> None:
    given(registered()).when(add(audience=asked), by=REPORTER).then(
        added(audience=Audience.REPORTER, by_reporter=True)
    )


def test_a_reporter_adds_nothing_for_the_staff_alone() -> None:
    given(registered()).when(add(audience=Audience.INTERNAL), by=REPORTER).refused(
        "AUDIENCE_NOT_OPEN", audience="INTERNAL", allowed="REPORTER"
    )


def test_nobody_else_adds_evidence() -> None:
    given(registered()).when(add(), by=NEIGHBOUR).refused("NOT_FOUND")
    given(registered()).when(add(), by=AUDITOR).refused("NOT_PERMITTED")
    given(registered()).when(add(), by=ANONYMOUS).refused("NOT_PERMITTED")


def test_the_same_bytes_for_the_same_audience_are_there_already() -> None:
    given(registered(), added()).when(add(), by=OFFICER).then()


def test_the_same_bytes_are_other_evidence_for_another_audience_or_in_another_case() -> None:
    case = given(registered(), added()).when(add(audience=Audience.REPORTER), by=OFFICER)
    case.then(added(audience=Audience.REPORTER))
    assert evidence.evidence_id(CASE, PHOTO, Audience.INTERNAL) not in {
        evidence.evidence_id(CASE, PHOTO, Audience.REPORTER),
        evidence.evidence_id(CASE, OTHER, Audience.INTERNAL),
    }


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (add("AB" * 32), ["sha256"]),
        (add("ab" * 31), ["sha256"]),
        (add(size=0), ["size"]),
        (add(media_type="image"), ["mediaType"]),
        (add(media_type="image/jpeg; charset=utf-8"), ["mediaType"]),
        (add(label="x" * (evidence.LABEL_LIMIT + 1)), ["label"]),
        (add(label="half \ud83d"), ["label"]),
    ],
)
def test_what_is_no_evidence_is_refused(command: evidence.AddEvidence, path: list[str]) -> None:
    given(registered()).when(command, by=OFFICER).refused("INVALID_INPUT", path=path)


def test_evidence_needs_no_label() -> None:
    case = given(registered()).when(add(label=" "), by=OFFICER)
    event = case.events[0]
    assert isinstance(event, evidence.EvidenceAdded)
    assert event.label is None


def test_an_imported_history_takes_no_evidence() -> None:
    given(history()).when(add()).refused("WRONG_STAGE")


def test_a_case_holds_only_so_much_evidence() -> None:
    full = exhibits(MOST_EXHIBITS, by_reporter=False)
    given(registered(), *full[1:]).when(add(), by=OFFICER).then(added())
    given(registered(), *full).when(add(), by=OFFICER).refused(
        "TOO_MUCH_EVIDENCE", most=MOST_EXHIBITS
    )
    own = add(audience=Audience.REPORTER)
    given(registered(), *full).when(own, by=REPORTER).refused(
        "TOO_MUCH_EVIDENCE", most=MOST_EXHIBITS
    )


def test_a_reporter_gives_less_of_it_and_leaves_room_for_the_staff() -> None:
    given_by_them = exhibits(MOST_OF_REPORTER, by_reporter=True)
    given(registered(), *given_by_them[1:]).when(add(), by=REPORTER).then(
        added(audience=Audience.REPORTER, by_reporter=True)
    )
    given(registered(), *given_by_them).when(add(), by=REPORTER).refused(
        "TOO_MUCH_EVIDENCE", most=MOST_OF_REPORTER
    )
    given(registered(), *given_by_them).when(add(), by=OFFICER).then(added())


def test_a_member_of_staff_who_also_reports_adds_evidence_as_staff() -> None:
    both = person("resident", Role.REPORTER, Role.OFFICER)
    given(registered()).when(add(), by=both).then(added())


REOPENED = happened(CaseReopened, cycle=2, ground="It is as loud as before.", by=None)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ((), False),
        ((added(audience=Audience.REPORTER, by_reporter=True),), False),
        ((added(),), True),
        # Handing the reporter's own picture in again shows nothing of what was done.
        ((added(audience=Audience.REPORTER, by_reporter=True), added()), False),
        ((added(), REOPENED), False),
        ((added(), REOPENED, added(audience=Audience.REPORTER)), False),
        ((added(), REOPENED, added(OTHER)), True),
    ],
)
def test_what_shows_that_something_was_done_is_new_in_this_cycle_and_of_the_staff(
    facts: tuple[Fact, ...], *, shown: bool
) -> None:
    case = fold(events_of((*IN_PROGRESS, *facts)))
    assert case is not None
    assert shows_handling(case) is shown


@pytest.mark.parametrize("audience", Audience)
def test_whoever_may_see_it_reads_of_it(audience: Audience) -> None:
    events = events_of((*IN_PROGRESS, added(audience=audience)))
    assert isinstance(events[-1], evidence.EvidenceAdded)
    assert events[-1].readers() is audience
