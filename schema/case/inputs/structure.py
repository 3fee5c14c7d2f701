"""What the mutations of structure take."""

from typing import Any

import strawberry
from strawberry import field

from domain.case.vocabulary import LinkKind
from schema import ids
from schema.case.inputs.base import CODE, TEXT, TITLE, CaseInput


@strawberry.input
class TwoCasesInput(CaseInput):
    """What every command on two cases takes."""

    other_case_id: strawberry.ID = field(description="The caseId of the other case.")

    def common(self) -> dict[str, Any]:
        other_case = ids.parse_current_case(self.other_case_id, "otherCaseId")
        return super().common() | {"other_case": other_case}


@strawberry.input(
    description="Let a case go on in another one: otherCaseId is the survivor. Its reporter keeps "
    "it as their own, and is told there what becomes of the survivor."
)
class MergeCaseInput(TwoCasesInput):
    """mergeCase."""


@strawberry.input(description="Take a merged case out of its survivor again.")
class ReverseMergeInput(CaseInput):
    """reverseMerge."""


@strawberry.input(
    description="Let a part of a case go on as a case of its own, of the same reporter and brought "
    "at the same time; accepted where this one is."
)
class SplitCaseInput(CaseInput):
    """splitCase."""

    title: str = field(description=f"What the part is about, in one line{TITLE}.")
    description: str | None = field(default=None, description=f"The same in full{TEXT}.")
    type_code: str | None = field(
        default=None, description=f"The type of the part; left out: as that of the case{CODE}."
    )
    area: str | None = field(
        default=None, description=f"Where the part is; left out: where the case is{CODE}."
    )


@strawberry.input(description="Say that two cases have to do with each other.")
class LinkCasesInput(TwoCasesInput):
    """linkCases."""

    kind: LinkKind = field(
        description="What they have to do with each other; it takes the place of an earlier link."
    )


@strawberry.input(description="Say that two cases have nothing to do with each other after all.")
class UnlinkCasesInput(TwoCasesInput):
    """unlinkCases."""
