-- The On-Demand part of a fleet. Its instances are launched at the instance service, outside a transaction.
ALTER TABLE spot_fleet
    ADD COLUMN on_demand_target    numeric NOT NULL DEFAULT 0,
    ADD COLUMN on_demand_fulfilled numeric NOT NULL DEFAULT 0,
    ADD COLUMN on_demand_left      int     NOT NULL DEFAULT 0,
    ADD COLUMN on_demand_asked     boolean NOT NULL DEFAULT false;

-- A launch that was decided on and whose outcome isn't known yet; repeated under its token until it is.
CREATE TABLE fleet_launch (
    fleet_id text PRIMARY KEY,
    token    text NOT NULL,
    position int  NOT NULL, -- of the override
    count    int  NOT NULL
);

CREATE TABLE fleet_instance (
    instance_id   text        PRIMARY KEY,
    fleet_id      text        NOT NULL,
    instance_type text        NOT NULL,
    zone          text        NOT NULL,
    weight        numeric     NOT NULL,
    stage         text        NOT NULL, -- alive, ending or over
    launched_at   timestamptz NOT NULL
);
CREATE INDEX fleet_instance_fleet ON fleet_instance (fleet_id, instance_id);
