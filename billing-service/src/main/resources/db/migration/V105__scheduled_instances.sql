-- Scheduled Reserved Instances: bought like others, for time slots that recur; and which of them an instance was launched
-- into.
ALTER TABLE commitment
    ADD COLUMN frequency           text,
    ADD COLUMN recurrence_interval integer CHECK (recurrence_interval > 0),
    ADD COLUMN occurrence_days     text,
    ADD COLUMN slot_hours          integer CHECK (slot_hours > 0),
    DROP CONSTRAINT commitment_check2,
    ADD CONSTRAINT commitment_has_its_terms CHECK (CASE kind
        WHEN 'reserved-instances' THEN region IS NOT NULL AND instance_type IS NOT NULL AND os IS NOT NULL
            AND offering_class IS NOT NULL AND unit_count IS NOT NULL AND upfront IS NOT NULL AND hourly IS NOT NULL
        WHEN 'scheduled-instances' THEN region IS NOT NULL AND availability_zone IS NOT NULL
            AND instance_type IS NOT NULL AND os IS NOT NULL AND unit_count IS NOT NULL AND hourly IS NOT NULL
            AND frequency IS NOT NULL AND recurrence_interval IS NOT NULL AND occurrence_days IS NOT NULL
            AND slot_hours IS NOT NULL AND starts_at = date_trunc('hour', starts_at, 'UTC')
        WHEN 'ec2-instance-savings-plan' THEN region IS NOT NULL AND family IS NOT NULL AND commitment IS NOT NULL
        WHEN 'compute-savings-plan' THEN commitment IS NOT NULL
        ELSE false
    END);

ALTER TABLE lifecycle_fact ADD COLUMN scheduled_instance_id text;
ALTER TABLE usage_run ADD COLUMN scheduled_instance_id text;
