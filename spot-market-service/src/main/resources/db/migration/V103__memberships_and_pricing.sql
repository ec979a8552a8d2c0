-- What requests share a fate with, and how prices of pools come about.
ALTER TABLE spot_request ADD COLUMN launch_group text;
ALTER TABLE spot_request ADD COLUMN zone_group text;
ALTER TABLE spot_request ADD COLUMN fleet_id text;
ALTER TABLE spot_request ADD COLUMN rebalance_recommended boolean NOT NULL DEFAULT false;
CREATE INDEX spot_request_fleet ON spot_request (fleet_id) WHERE fleet_id IS NOT NULL;
CREATE INDEX spot_request_zone_group ON spot_request (account, zone_group) WHERE zone_group IS NOT NULL;

-- How many events were told of its present instance, which their versions count: until now a warning and an eviction for
-- each interruption. Of a unit that was warned and isn't evicted yet the eviction is still to come.
ALTER TABLE spot_request RENAME COLUMN interruptions TO told;
UPDATE spot_request SET told = 2 * told - CASE
    WHEN bid = 'LEAVING' AND interruption_at IS NOT NULL AND EXISTS (
        SELECT FROM timer WHERE timer.kind = 'spot.eviction' AND timer.subject = request_id) THEN 1
    ELSE 0 END
WHERE told > 0;

-- The reasons of interruptions are names of their own: what offered less than the floor left because of the price.
UPDATE spot_request SET interruption_reason = 'PRICE' WHERE interruption_reason = 'BELOW_FLOOR';

-- Null: the configured share of on-demand, and on-demand.
ALTER TABLE pool ADD COLUMN floor numeric;
ALTER TABLE pool ADD COLUMN cap numeric;
-- Null: auction. Else JSON.
ALTER TABLE pool ADD COLUMN policy text;

ALTER TABLE family_capacity ADD COLUMN reclaimed text NOT NULL DEFAULT '{}'; -- JSON: units by type/os
