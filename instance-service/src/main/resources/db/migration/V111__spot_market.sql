-- When the market said, in its present run, that an instance is at an elevated risk of being taken back.
ALTER TABLE instance ADD COLUMN rebalance_recommended_at timestamptz;

-- Room that on-demand waits for, since spot holds it. What is here is part of what a zone's committer remembers: it changes
-- under the lock of the zone alone.
CREATE TABLE capacity_demand (
    az            text        NOT NULL,
    account       text        NOT NULL,
    instance_type text        NOT NULL,
    count         integer     NOT NULL CHECK (count > 0),
    since         timestamptz NOT NULL,
    until         timestamptz NOT NULL,
    PRIMARY KEY (az, account, instance_type)
);
