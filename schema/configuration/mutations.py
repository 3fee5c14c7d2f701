"""The mutations of the configuration: one for each command, each with one `input`."""

from typing import Annotated

import strawberry
from strawberry import argument, mutation

from domain.calendar.commands import ProposeCalendar, PublishCalendar, RetireCalendar
from domain.catalogue.commands import ProposeCatalogue, PublishCatalogue, RetireCatalogue
from domain.routing_policy.commands import ProposeRouting, PublishRouting, RetireRouting
from schema.configuration import calendar_inputs, inputs
from schema.configuration.result import (
    CalendarResult,
    CatalogueResult,
    RoutingResult,
    change_calendar,
    change_catalogue,
    change_routing,
)
from schema.info import Info

_INPUT = argument(name="input", description="The command's own fields.")


@strawberry.type
class ConfigurationMutation:
    """The mutations of catalogue, routing policy and work calendars."""

    @mutation(
        description="Write a version of the catalogue down; the same content again is no new one."
    )
    async def draft_catalogue(
        self, info: Info, given: Annotated[inputs.DraftCatalogueInput, _INPUT]
    ) -> CatalogueResult:
        return await change_catalogue(info.context, given.command())

    @mutation(description="Answer for a draft of the catalogue and ask for its publication.")
    async def propose_catalogue(
        self, info: Info, given: Annotated[inputs.ProposeCatalogueInput, _INPUT]
    ) -> CatalogueResult:
        command = ProposeCatalogue(**given.common(), number=given.number)
        return await change_catalogue(info.context, command)

    @mutation(description="Put a version of the catalogue in force that somebody else proposed.")
    async def publish_catalogue(
        self, info: Info, given: Annotated[inputs.PublishCatalogueInput, _INPUT]
    ) -> CatalogueResult:
        command = PublishCatalogue(
            **given.common(), number=given.number, valid_from=given.valid_from
        )
        return await change_catalogue(info.context, command)

    @mutation(
        description="End a version of the catalogue; where it was in force, the one before it is."
    )
    async def retire_catalogue(
        self, info: Info, given: Annotated[inputs.RetireCatalogueInput, _INPUT]
    ) -> CatalogueResult:
        command = RetireCatalogue(**given.common(), number=given.number)
        return await change_catalogue(info.context, command)

    @mutation(
        description="Write a version of the routing policy down; the same content again is no new "
        "one."
    )
    async def draft_routing(
        self, info: Info, given: Annotated[inputs.DraftRoutingInput, _INPUT]
    ) -> RoutingResult:
        return await change_routing(info.context, given.command())

    @mutation(description="Answer for a draft of the routing policy and ask for its publication.")
    async def propose_routing(
        self, info: Info, given: Annotated[inputs.ProposeRoutingInput, _INPUT]
    ) -> RoutingResult:
        command = ProposeRouting(**given.common(), number=given.number)
        return await change_routing(info.context, command)

    @mutation(description="Put a routing policy in force that somebody else proposed.")
    async def publish_routing(
        self, info: Info, given: Annotated[inputs.PublishRoutingInput, _INPUT]
    ) -> RoutingResult:
        command = PublishRouting(**given.common(), number=given.number, valid_from=given.valid_from)
        return await change_routing(info.context, command)

    @mutation(
        description="End a version of the routing policy; where it was in force, the one before it "
        "is."
    )
    async def retire_routing(
        self, info: Info, given: Annotated[inputs.RetireRoutingInput, _INPUT]
    ) -> RoutingResult:
        command = RetireRouting(**given.common(), number=given.number)
        return await change_routing(info.context, command)

    @mutation(
        description="Write a version of the work calendars down; the same content again is no new "
        "one."
    )
    async def draft_calendar(
        self, info: Info, given: Annotated[calendar_inputs.DraftCalendarInput, _INPUT]
    ) -> CalendarResult:
        return await change_calendar(info.context, given.command())

    @mutation(description="Answer for a draft of the work calendars and ask for its publication.")
    async def propose_calendar(
        self, info: Info, given: Annotated[calendar_inputs.ProposeCalendarInput, _INPUT]
    ) -> CalendarResult:
        command = ProposeCalendar(**given.common(), number=given.number)
        return await change_calendar(info.context, command)

    @mutation(description="Put work calendars in force that somebody else proposed.")
    async def publish_calendar(
        self, info: Info, given: Annotated[calendar_inputs.PublishCalendarInput, _INPUT]
    ) -> CalendarResult:
        command = PublishCalendar(
            **given.common(), number=given.number, valid_from=given.valid_from
        )
        return await change_calendar(info.context, command)

    @mutation(
        description="End a version of the work calendars; where it was in force, the one before it "
        "is."
    )
    async def retire_calendar(
        self, info: Info, given: Annotated[calendar_inputs.RetireCalendarInput, _INPUT]
    ) -> CalendarResult:
        command = RetireCalendar(**given.common(), number=given.number)
        return await change_calendar(info.context, command)
