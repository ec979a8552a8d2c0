-- Whether a request bids or holds room, as a column of its own. An index whose condition named the bid made each of a
-- unit's updates write to all indexes of the table, though hardly any of them touches what is indexed: ten thousand
-- warnings cost six times as many WAL records. What takes part in a condition must not change for an update to be HOT.
-- Half of each page is kept free, since a pool may be warned as a whole, and then each page's rows are written anew.
ALTER TABLE spot_request SET (fillfactor = 50);
ALTER TABLE spot_request ADD COLUMN live boolean NOT NULL GENERATED ALWAYS AS (bid <> 'NONE') STORED;

DROP INDEX spot_request_live;
CREATE INDEX spot_request_live ON spot_request (pool) WHERE live;
DROP INDEX spot_request_of_fleet;
CREATE INDEX spot_request_of_fleet ON spot_request (fleet_id, request_id) WHERE fleet_id IS NOT NULL AND live;
