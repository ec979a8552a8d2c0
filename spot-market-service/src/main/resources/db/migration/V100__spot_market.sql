-- What the spot market owns: pools and their prices, spot requests; and its copy of the free capacity.

-- A pool's row is locked by whoever clears it or changes one of its requests: replicas take turns, and events of a
-- pool and of its requests keep their order.
CREATE TABLE pool (
    pool      text    PRIMARY KEY,
    family    text    NOT NULL, -- zone and family whose capacity it draws on
    price     numeric NOT NULL,
    version   bigint  NOT NULL, -- of the price
    priced_at timestamptz NOT NULL
);
CREATE INDEX pool_family ON pool (family);

-- Every price a pool ever had.
CREATE TABLE pool_price (
    pool      text        NOT NULL,
    version   bigint      NOT NULL,
    price     numeric     NOT NULL,
    in_force_from timestamptz NOT NULL,
    region    text        NOT NULL,
    PRIMARY KEY (pool, version)
);
CREATE INDEX pool_price_time ON pool_price (region, in_force_from, pool);

-- Newest capacity of each zone and family, from instances.capacity.
CREATE TABLE family_capacity (
    family     text   PRIMARY KEY,
    version    bigint NOT NULL,
    fits       text   NOT NULL, -- JSON: units by type
    spot_units text   NOT NULL  -- JSON: units by type/os
);

CREATE TABLE spot_request (
    request_id    text        PRIMARY KEY,
    account       text        NOT NULL,
    region        text        NOT NULL,
    pool          text        NOT NULL,
    max_price     numeric     NOT NULL,
    kind          text        NOT NULL,
    behavior      text        NOT NULL,
    valid_from    timestamptz,
    valid_until   timestamptz,
    created_at    timestamptz NOT NULL,
    launch        text        NOT NULL, -- JSON: how the instance is launched
    state         text        NOT NULL,
    status        text        NOT NULL,
    bid           text        NOT NULL,
    unit          integer     NOT NULL,
    instance_id   text,
    blocked_at_capacity bigint NOT NULL,
    interruption_reason text,
    interruption_at     timestamptz,
    cancelled     boolean     NOT NULL,
    adopted       boolean     NOT NULL,
    instance_version bigint   NOT NULL, -- newest lifecycle event of its instance that was applied
    version       bigint      NOT NULL
);
CREATE INDEX spot_request_owner ON spot_request (account, region, request_id);
CREATE INDEX spot_request_live ON spot_request (pool) WHERE bid <> 'NONE';
CREATE INDEX spot_request_instance ON spot_request (instance_id);
