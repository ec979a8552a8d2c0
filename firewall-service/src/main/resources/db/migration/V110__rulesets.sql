-- What each host was told. The text follows from members and rules; kept is what it is about, so that a change finds its hosts.
-- A change locks the rows of its hosts, so that a host's versions and events have one order.
CREATE TABLE host_ruleset (
    host_id      text PRIMARY KEY,
    region       text NOT NULL,
    version      bigint NOT NULL,
    deltas       integer NOT NULL,
    groups       text[] NOT NULL, -- that a member here has
    peers        text[] NOT NULL, -- groups that a rule of these names
    prefix_lists text[] NOT NULL, -- that a rule of these names
    told_at      timestamptz NOT NULL DEFAULT now() -- in full, by the real clock
) WITH (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 70);
CREATE INDEX host_ruleset_groups ON host_ruleset USING gin (groups);
CREATE INDEX host_ruleset_peers ON host_ruleset USING gin (peers);
CREATE INDEX host_ruleset_prefix_lists ON host_ruleset USING gin (prefix_lists);
CREATE INDEX host_ruleset_told ON host_ruleset (told_at);
