-- What has become of it. One that ran out with nothing launched stays a while, so that it isn't asked for again at once.
ALTER TABLE capacity_demand ADD COLUMN state text NOT NULL DEFAULT 'WAITING'
    CHECK (state IN ('WAITING', 'USED', 'RAN_OUT'));
