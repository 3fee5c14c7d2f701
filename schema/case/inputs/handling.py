"""What the mutations of handling take."""

import strawberry
from strawberry import field

from domain.case.vocabulary import Audience
from schema.case.inputs.base import TEXT, CaseInput


@strawberry.input(description="Say what was done about a case in progress.")
class RecordProgressInput(CaseInput):
    """recordProgress."""

    text: str = field(description=f"What was done{TEXT}.")


@strawberry.input(description="Add a note to a case.")
class AddNoteInput(CaseInput):
    """addNote."""

    text: str = field(description=f"The note{TEXT}.")
    audience: Audience | None = field(
        default=None, description="Who may read it; left out, the writer's own side."
    )
