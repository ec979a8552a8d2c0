-- Copy of the Scheduled Reserved Instances of all accounts, from billing.commitments, and which of them an instance was
-- launched into.
CREATE TABLE scheduled_instance_copy (
    scheduled_instance_id text        PRIMARY KEY,
    account               text        NOT NULL,
    version               bigint      NOT NULL,
    az                    text        NOT NULL,
    instance_type         text        NOT NULL,
    os                    text        NOT NULL,
    instance_count        integer     NOT NULL,
    starts_at             timestamptz NOT NULL,
    ends_at               timestamptz NOT NULL,
    frequency             text        NOT NULL,
    recurrence_interval   integer     NOT NULL,
    occurrence_days       integer[]   NOT NULL,
    slot_hours            integer     NOT NULL
);

ALTER TABLE instance ADD COLUMN scheduled_instance_id text;
CREATE INDEX instance_scheduled ON instance (scheduled_instance_id)
    WHERE scheduled_instance_id IS NOT NULL AND terminated_at IS NULL;
