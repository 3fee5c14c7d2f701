"""The mutations of the configuration: one for each command, each with one `input`."""

import strawberry

from domain.calendar.commands import ProposeCalendar, PublishCalendar, RetireCalendar
from domain.catalogue.commands import ProposeCatalogue, PublishCatalogue, RetireCatalogue
from domain.routing_policy.commands import ProposeRouting, PublishRouting, RetireRouting
from schema.configuration import calendar_inputs, inputs
from schema.configuration.result import CALENDAR, CATALOGUE, ROUTING


@strawberry.type
class ConfigurationMutation:
    """The mutations of every configuration."""

    draft_catalogue = CATALOGUE.draft(inputs.DraftCatalogueInput)
    propose_catalogue = CATALOGUE.propose(ProposeCatalogue, inputs.ProposeCatalogueInput)
    publish_catalogue = CATALOGUE.publish(PublishCatalogue, inputs.PublishCatalogueInput)
    retire_catalogue = CATALOGUE.retire(RetireCatalogue, inputs.RetireCatalogueInput)

    draft_routing = ROUTING.draft(inputs.DraftRoutingInput)
    propose_routing = ROUTING.propose(ProposeRouting, inputs.ProposeRoutingInput)
    publish_routing = ROUTING.publish(PublishRouting, inputs.PublishRoutingInput)
    retire_routing = ROUTING.retire(RetireRouting, inputs.RetireRoutingInput)

    draft_calendar = CALENDAR.draft(calendar_inputs.DraftCalendarInput)
    propose_calendar = CALENDAR.propose(ProposeCalendar, calendar_inputs.ProposeCalendarInput)
    publish_calendar = CALENDAR.publish(PublishCalendar, calendar_inputs.PublishCalendarInput)
    retire_calendar = CALENDAR.retire(RetireCalendar, calendar_inputs.RetireCalendarInput)
