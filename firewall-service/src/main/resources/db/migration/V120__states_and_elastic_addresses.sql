-- What else is asked about a member: whether it runs, and under which elastic addresses it is reached. Those stand in
-- member_address too. Until an instance's next event, or a rebuild, one with a host is taken for running.
ALTER TABLE member ADD COLUMN state text NOT NULL DEFAULT 'running';
ALTER TABLE member ADD COLUMN public_addresses text[] NOT NULL DEFAULT '{}';
UPDATE member SET state = 'stopped' WHERE host_id IS NULL;
