-- Few cases are confidential, few are shared, and not many have helping units; whoever may see those
-- finds them by these indexes.
-- Totals count confidential cases apart, for whoever may see all but them.
SET ROLE wardbook_service;

CREATE INDEX ON views.cases (case_id) WHERE confidential;
CREATE INDEX ON views.cases USING gin (co_units) WHERE co_units <> '{}';
CREATE INDEX ON views.cases USING gin (shared_with) WHERE shared_with <> '{}';

-- No case was confidential before.
ALTER TABLE views.case_totals_cases ADD COLUMN confidential boolean NOT NULL DEFAULT false;
ALTER TABLE views.case_totals
    ADD COLUMN confidential boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT case_totals_month_stage_type_code_lead_unit_channel_area_so_key,
    ADD UNIQUE NULLS NOT DISTINCT (
        month, stage, type_code, lead_unit, channel, area, source, closed, publication, confidential
    );

RESET ROLE;
