-- The view `configuration` also holds SLA policies, escalation policies and metric definitions.
SET ROLE wardbook_service;

ALTER TABLE views.configuration_versions
    DROP CONSTRAINT configuration_versions_kind_check,
    ADD CONSTRAINT configuration_versions_kind_check CHECK (kind IN (
        'CATALOGUE', 'ROUTING', 'CALENDAR', 'SLA_POLICY', 'ESCALATION_POLICY', 'METRIC_DEFINITIONS'
    ));

RESET ROLE;
