"""The longest texts that the domain lets through fit an entry, whatever they are written in."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app.commands import CommandHandler
from domain.case import correction, handling, intake, outcome, routing
from domain.case.vocabulary import Channel, ResolutionOutcome
from domain.command import Command
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from tests.db.journal.making import STAFF, registration

REASON = "😀" * REASON_LIMIT
LETTERS = ["😀", "夜", '"', "\n"]


@pytest.mark.parametrize("letter", LETTERS)
async def test_the_longest_commands_are_recorded(handler: CommandHandler, letter: str) -> None:
    case_id, text, code = uuid4(), letter * (TEXT_LIMIT - 2), letter * (CODE_LIMIT - 4)
    commands: list[Command] = [
        intake.RegisterCase(
            command_id=uuid4(),
            case_id=case_id,
            reason=REASON,
            case_no=case_id.hex,
            channel=Channel.WEB,
            title="a" + letter * (TITLE_LIMIT - 1),
            description=f"a{text}",
            type_code=f"a{code}",
            area=f"a{code}",
        ),
        correction.CorrectCase(
            command_id=uuid4(), case_id=case_id, reason=REASON, description=f"b{text}"
        ),
        intake.AcceptCase(command_id=uuid4(), case_id=case_id),
        routing.DispatchCase(
            command_id=uuid4(),
            case_id=case_id,
            reason=REASON,
            lead_unit=f"a{code}",
            co_units=tuple(f"{n:02}{code}" for n in range(routing.MOST_CO_UNITS)),
        ),
        routing.SignForCase(command_id=uuid4(), case_id=case_id),
        handling.AddNote(command_id=uuid4(), case_id=case_id, reason=REASON, text=f"a{text}"),
        outcome.SubmitResolution(
            command_id=uuid4(),
            case_id=case_id,
            reason=REASON,
            outcome=ResolutionOutcome.RESOLVED,
            measures=f"a{text}",
            basis=f"a{text}",
        ),
    ]
    for version, command in enumerate(commands, 1):
        assert (await handler.execute(command, STAFF)).last_version == version


@pytest.mark.parametrize("text", ["half \ud83d of a character", "a NUL \x00 in it"])
async def test_what_no_entry_can_hold_is_refused(handler: CommandHandler, text: str) -> None:
    with pytest.raises(InvalidInput):
        await handler.execute(replace(registration(), description=text), STAFF)
