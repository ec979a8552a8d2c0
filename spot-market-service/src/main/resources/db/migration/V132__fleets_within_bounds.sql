-- When a fleet that wants more was planned last: news of capacity have it planned once a second at most.
ALTER TABLE spot_fleet ADD COLUMN planned_at timestamptz;

-- A fleet lives longer than its requests: each plan reads those that are alive, not all there ever were.
CREATE INDEX spot_request_of_fleet ON spot_request (fleet_id, request_id) WHERE fleet_id IS NOT NULL AND bid <> 'NONE';
CREATE INDEX spot_request_fleet_failed ON spot_request (fleet_id) WHERE fleet_id IS NOT NULL AND state = 'FAILED';
CREATE INDEX spot_request_fleet_blocked ON spot_request (fleet_id, pool, blocked_at_capacity)
    WHERE fleet_id IS NOT NULL AND blocked_at_capacity > 0;

CREATE INDEX spot_fleet_living ON spot_fleet (account, region) WHERE state NOT IN ('deleted', 'deleted-terminating');
