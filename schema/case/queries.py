"""Reading cases: one, a list, and totals."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.refusal import InvalidInput
from domain.wording import optional
from projections import as_of as moments
from projections.cases import DEFAULT_ORDER, NO_FILTER, case_id_of, count_cases, list_cases
from projections.paging import page_request
from schema import ids
from schema.as_of import AsOfArgument, as_of_value
from schema.case.criteria import CaseFilterArgument, CaseOrderInput
from schema.case.duplicates import (
    DuplicateCandidate,
    DuplicateInput,
    HowMany,
    candidates_of,
)
from schema.case.find import case_at
from schema.case.group import CaseGroup
from schema.case.types import Case, case_of, cases_of
from schema.ids import CaseKey
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of

CaseId = Annotated[
    strawberry.ID | None, argument(name="id", description="The id of a case or past state.")
]
CaseNo = Annotated[str | None, argument(description="The number that people use.")]
Order = Annotated[
    CaseOrderInput | None, argument(description="The order; the newest request first by default.")
]


@strawberry.type
class CaseQuery:
    """The queries of the case."""

    @field(description="One case, by id or by number, now or in a past state.")
    async def case(
        self,
        info: Info,
        wanted_id: CaseId = None,
        case_no: CaseNo = None,
        as_of: AsOfArgument = None,
    ) -> Case | None:
        context, wanted = info.context, as_of_value(as_of)
        if (wanted_id is None) == (case_no is None):
            raise InvalidInput(["id"], "Give either id or caseNo.")
        if wanted_id is not None:
            return await case_at(context, ids.parse_case(wanted_id, "id"), wanted)
        number = optional(["caseNo"], case_no)
        async with context.reads.acquire() as connection:
            case_id = await case_id_of(connection, context.scope, number or "")
        return None if case_id is None else await case_at(context, CaseKey(case_id), wanted)

    @field(description="Cases that match a filter, in an order, now or as of a past moment.")
    async def cases(
        self,
        info: Info,
        *,
        criteria: CaseFilterArgument = None,
        order_by: Order = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[Case]:
        context = info.context
        wanted = criteria.value() if criteria else NO_FILTER
        order = order_by.value() if order_by else DEFAULT_ORDER
        page = page_request(first, after, last, before)
        async with context.reads.acquire() as connection:
            moment = await moments.resolve(connection, as_of_value(as_of))
            found = await list_cases(connection, context.scope, wanted, order, page, moment)
        group = CaseGroup(context, context.scope, [case.case_id for case in found.rows], moment)

        async def count() -> int:
            async with context.reads.acquire() as connection:
                return await count_cases(connection, context.scope, wanted, moment)

        return connection_of(found.map(lambda state: case_of(state, group)), count)

    @field(
        description="Cases that may be about the same as a request that is about to be registered, "
        "of those that the caller sees; each with what speaks for it."
    )
    async def duplicate_candidates(
        self,
        info: Info,
        given: Annotated[
            DuplicateInput, argument(name="input", description="The request, as far as known.")
        ],
        first: HowMany = 5,
    ) -> list[DuplicateCandidate]:
        context = info.context
        return await candidates_of(context, given.request(), first, cases_of(context))
