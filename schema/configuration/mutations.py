"""The mutations of the configuration: one for each command, each with one `input`."""

import strawberry

from domain.calendar.commands import ProposeCalendar, PublishCalendar, RetireCalendar
from domain.catalogue.commands import ProposeCatalogue, PublishCatalogue, RetireCatalogue
from domain.escalation_policy.commands import (
    ProposeEscalationPolicy,
    PublishEscalationPolicy,
    RetireEscalationPolicy,
)
from domain.metric_definitions.commands import (
    ProposeMetricDefinitions,
    PublishMetricDefinitions,
    RetireMetricDefinitions,
)
from domain.routing_policy.commands import ProposeRouting, PublishRouting, RetireRouting
from domain.sla_policy.commands import ProposeSlaPolicy, PublishSlaPolicy, RetireSlaPolicy
from schema.configuration import calendar_inputs, inputs, metric_inputs, policy_inputs
from schema.configuration.result import (
    CALENDAR,
    CATALOGUE,
    ESCALATION_POLICY,
    METRIC_DEFINITIONS,
    ROUTING,
    SLA_POLICY,
)


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

    draft_sla_policy = SLA_POLICY.draft(policy_inputs.DraftSlaPolicyInput)
    propose_sla_policy = SLA_POLICY.propose(ProposeSlaPolicy, policy_inputs.ProposeSlaPolicyInput)
    publish_sla_policy = SLA_POLICY.publish(PublishSlaPolicy, policy_inputs.PublishSlaPolicyInput)
    retire_sla_policy = SLA_POLICY.retire(RetireSlaPolicy, policy_inputs.RetireSlaPolicyInput)

    draft_escalation_policy = ESCALATION_POLICY.draft(policy_inputs.DraftEscalationPolicyInput)
    propose_escalation_policy = ESCALATION_POLICY.propose(
        ProposeEscalationPolicy, policy_inputs.ProposeEscalationPolicyInput
    )
    publish_escalation_policy = ESCALATION_POLICY.publish(
        PublishEscalationPolicy, policy_inputs.PublishEscalationPolicyInput
    )
    retire_escalation_policy = ESCALATION_POLICY.retire(
        RetireEscalationPolicy, policy_inputs.RetireEscalationPolicyInput
    )

    draft_metric_definitions = METRIC_DEFINITIONS.draft(metric_inputs.DraftMetricDefinitionsInput)
    propose_metric_definitions = METRIC_DEFINITIONS.propose(
        ProposeMetricDefinitions, metric_inputs.ProposeMetricDefinitionsInput
    )
    publish_metric_definitions = METRIC_DEFINITIONS.publish(
        PublishMetricDefinitions, metric_inputs.PublishMetricDefinitionsInput
    )
    retire_metric_definitions = METRIC_DEFINITIONS.retire(
        RetireMetricDefinitions, metric_inputs.RetireMetricDefinitionsInput
    )
