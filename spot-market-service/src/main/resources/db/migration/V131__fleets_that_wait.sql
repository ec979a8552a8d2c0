-- In which zones' families a fleet would launch more: news of their capacity have it planned.
CREATE TABLE spot_fleet_wish (
    family   text NOT NULL,
    fleet_id text NOT NULL,
    PRIMARY KEY (family, fleet_id)
);
CREATE INDEX spot_fleet_wish_fleet ON spot_fleet_wish (fleet_id);
