"""The mutations of handling."""

from typing import Annotated

import strawberry
from strawberry import mutation

from domain.case.handling import AddNote, RecordProgress
from schema.case.inputs import handling as inputs
from schema.case.mutations.base import INPUT
from schema.case.result import CaseResult, carry_out
from schema.info import Info


@strawberry.type
class HandlingMutation:
    """Commands of `domain.case.handling`."""

    @mutation(description="Say what was done about a case in progress.")
    async def record_progress(
        self, info: Info, given: Annotated[inputs.RecordProgressInput, INPUT]
    ) -> CaseResult:
        command = RecordProgress(
            **given.common(),
            text=given.text,
        )
        return await carry_out(info.context, command)

    @mutation(description="Add a note to a case.")
    async def add_note(
        self, info: Info, given: Annotated[inputs.AddNoteInput, INPUT]
    ) -> CaseResult:
        command = AddNote(
            **given.common(),
            text=given.text,
            audience=given.audience,
        )
        return await carry_out(info.context, command)
