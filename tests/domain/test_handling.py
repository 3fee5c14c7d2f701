import pytest

from domain.case import handling
from domain.case.vocabulary import Audience
from domain.identity import Role
from tests.domain.histories import CLOSED, IN_PROGRESS, registered
from tests.domain.people import NEIGHBOUR, OFFICER, REPORTER, person
from tests.domain.scenario import Fact, ask, events_of, given, happened


def noted(audience: Audience) -> Fact:
    return happened(handling.NoteAdded, text="Call after six.", audience=audience)


def note(audience: Audience | None = None) -> handling.AddNote:
    return ask(handling.AddNote, text="Call after six.", audience=audience)


def test_progress_is_recorded_while_the_case_is_handled() -> None:
    given(*IN_PROGRESS).when(ask(handling.RecordProgress, text="Measured."), by=OFFICER).then(
        happened(handling.ProgressRecorded, text="Measured.")
    )


@pytest.mark.parametrize(
    "command", [ask(handling.RecordProgress, text=" "), ask(handling.AddNote, text="\n")]
)
def test_saying_nothing_is_refused(command: handling.RecordProgress | handling.AddNote) -> None:
    given(*IN_PROGRESS).when(command).refused("INVALID_INPUT", path=["text"])


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [
        (None, Audience.INTERNAL),
        (Audience.INTERNAL, Audience.INTERNAL),
        (Audience.REPORTER, Audience.REPORTER),
    ],
)
def test_staff_write_among_themselves_or_to_the_reporter(
    asked: Audience | None, recorded: Audience
) -> None:
    given(*CLOSED).when(note(asked), by=OFFICER).then(noted(recorded))


@pytest.mark.parametrize("asked", [None, Audience.REPORTER])
def test_a_reporter_writes_what_they_may_read(asked: Audience | None) -> None:
    given(registered()).when(note(asked), by=REPORTER).then(noted(Audience.REPORTER))


def test_a_reporter_writes_no_internal_notes() -> None:
    given(registered()).when(note(Audience.INTERNAL), by=REPORTER).refused(
        "AUDIENCE_NOT_OPEN", audience="INTERNAL", allowed="REPORTER"
    )


def test_a_member_of_staff_who_also_reports_writes_as_staff() -> None:
    both = person("resident", Role.REPORTER, Role.OFFICER)
    given(registered()).when(note(), by=both).then(noted(Audience.INTERNAL))


@pytest.mark.parametrize("audience", Audience)
def test_it_is_read_by_whom_it_is_for(audience: Audience) -> None:
    (event,) = events_of([noted(audience)])
    assert isinstance(event, handling.NoteAdded)
    assert event.readers() is audience


def test_a_note_on_somebody_elses_case_finds_no_case() -> None:
    given(registered()).when(note(), by=NEIGHBOUR).refused("NOT_FOUND")
