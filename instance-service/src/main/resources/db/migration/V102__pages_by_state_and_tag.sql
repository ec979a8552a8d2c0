-- Whoever looks for a few stopped instances among 100,000 running ones must not read past all of these, so an index holds
-- the state after all. What it costs: an update of the state is no longer HOT, that is, it writes to each index of the
-- table, some 450 bytes of WAL more for each launch (1.1 KB for the row until now). An index that held all but pending
-- and running would cost next to nothing, but then the few that are pending aren't found among those that run.
CREATE INDEX instance_state ON instance (account, region, state, instance_id) WHERE terminated_at IS NULL;

-- Most launches have no tags, and nobody looks for "no tags": they stay out, as does what has ended, which is kept for ever
-- and found along instance_ended while it is still seen. jsonb_ops, other than the jsonb_path_ops
-- until now, finds keys with any value too.
DROP INDEX instance_tags;
CREATE INDEX instance_tags ON instance USING gin (tags jsonb_ops) WITH (fastupdate = on) WHERE tags <> '{}' AND terminated_at IS NULL;
