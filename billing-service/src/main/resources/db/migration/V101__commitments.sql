-- What accounts have bought. What it pays for isn't here: the rating decides that.
CREATE TABLE commitment (
    id                text        PRIMARY KEY,
    account           text        NOT NULL,
    kind              text        NOT NULL,
    version           bigint      NOT NULL,
    purchased_at      timestamptz NOT NULL,
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz NOT NULL,
    cancelled_at      timestamptz,
    years             integer     NOT NULL CHECK (years IN (1, 3)),
    payment_option    text        NOT NULL,
    region            text,
    availability_zone text,
    instance_type     text,
    family            text,
    os                text,
    offering_class    text,
    unit_count        integer CHECK (unit_count > 0),
    upfront           numeric CHECK (upfront >= 0),
    hourly            numeric CHECK (hourly >= 0),
    commitment        text,
    CHECK (starts_at >= purchased_at),
    CHECK (ends_at > starts_at),
    CHECK (CASE kind
        WHEN 'reserved-instances' THEN region IS NOT NULL AND instance_type IS NOT NULL AND os IS NOT NULL
            AND offering_class IS NOT NULL AND unit_count IS NOT NULL AND upfront IS NOT NULL AND hourly IS NOT NULL
        WHEN 'ec2-instance-savings-plan' THEN region IS NOT NULL AND family IS NOT NULL AND commitment IS NOT NULL
        WHEN 'compute-savings-plan' THEN commitment IS NOT NULL
        ELSE false
    END)
);
CREATE INDEX commitment_by_account ON commitment (account, id);
