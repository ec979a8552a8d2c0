-- Fleets of spot requests; their units are rows of spot_request. A fleet's row is locked by whoever plans it, before any pool.
CREATE TABLE spot_fleet (
    fleet_id     text        PRIMARY KEY,
    account      text        NOT NULL,
    region       text        NOT NULL,
    type         text        NOT NULL,
    terms        text        NOT NULL, -- JSON: what it was made with
    state        text        NOT NULL,
    target       numeric     NOT NULL,
    keeps_excess boolean     NOT NULL,
    activity     text        NOT NULL,
    fulfilled    numeric     NOT NULL,
    memory       text        NOT NULL, -- JSON: what it remembers from one plan to the next
    created_at   timestamptz NOT NULL,
    version      bigint      NOT NULL
);
CREATE INDEX spot_fleet_owner ON spot_fleet (account, region, fleet_id);

-- What happened to a fleet; written by whoever makes it happen, without the fleet's lock.
CREATE TABLE spot_fleet_happening (
    number      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fleet_id    text        NOT NULL,
    at          timestamptz NOT NULL,
    type        text        NOT NULL,
    subtype     text        NOT NULL,
    description text        NOT NULL,
    instance_id text,
    request_id  text
);
CREATE INDEX spot_fleet_happening_fleet ON spot_fleet_happening (fleet_id, number);
