-- What lifecycle events said, kept by instance and version: any order and number of deliveries gives the same rows,
-- so this table is the inbox of metering too.
CREATE TABLE lifecycle_fact (
    instance_id       text        NOT NULL,
    version           bigint      NOT NULL,
    kind              text        NOT NULL,
    occurred_at       timestamptz NOT NULL,
    account           text        NOT NULL,
    availability_zone text        NOT NULL,
    instance_type     text        NOT NULL,
    os                text        NOT NULL,
    tenancy           text        NOT NULL,
    market            text        NOT NULL,
    host_id           text,
    event_id          text        NOT NULL,
    PRIMARY KEY (instance_id, version)
);

-- The runs that follow from the facts. It can be emptied and folded again at any time.
CREATE TABLE usage_run (
    instance_id       text        NOT NULL,
    run               integer     NOT NULL,
    account           text        NOT NULL,
    region            text        NOT NULL,
    availability_zone text        NOT NULL,
    instance_type     text        NOT NULL,
    os                text        NOT NULL,
    tenancy           text        NOT NULL,
    market            text        NOT NULL,
    host_id           text,
    started_at        timestamptz NOT NULL,
    ended_at          timestamptz,
    ended_by          text,
    seconds           bigint,
    provisional       boolean     NOT NULL,
    first_version     bigint      NOT NULL,
    last_version      bigint,
    -- The version of the last usage event about this run; 0 if none was published.
    usage_version     bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (instance_id, run),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((ended_at IS NULL) = (seconds IS NULL)),
    CHECK (seconds > 0),
    CHECK (ended_at > started_at)
);
CREATE INDEX usage_run_by_start ON usage_run (account, started_at, instance_id, run);

-- Every price of a spot pool, from when it was in force.
CREATE TABLE spot_price (
    availability_zone text        NOT NULL,
    instance_type     text        NOT NULL,
    os                text        NOT NULL,
    version           bigint      NOT NULL,
    occurred_at       timestamptz NOT NULL,
    price             text        NOT NULL,
    PRIMARY KEY (availability_zone, instance_type, os, version)
);
CREATE INDEX spot_price_by_time ON spot_price (availability_zone, instance_type, os, occurred_at);
