-- What the host was told may not fit the copy of members: it is told in full before anything else.
ALTER TABLE host_ruleset ADD COLUMN stale boolean NOT NULL DEFAULT false;

-- Rebuilds that have to come before hosts are told anything; they run when the service starts.
CREATE TABLE awaited_rebuild (
    name text PRIMARY KEY
);

-- Members that an earlier version knew of have no host yet: a ruleset made now would cut off all the host's other instances.
-- Stopped ones have none either; a rebuild more does no harm.
INSERT INTO awaited_rebuild SELECT 'attachments' WHERE EXISTS (SELECT FROM member WHERE host_id IS NULL);
