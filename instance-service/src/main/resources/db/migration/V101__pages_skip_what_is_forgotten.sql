-- Terminated instances are kept for ever but seen for an hour. A page of a busy account must not read past all that it
-- ever had: what lives is read along one index, what ended lately along another. The column changes once in a life, so
-- the updates before that still touch no index.
ALTER TABLE instance ADD COLUMN terminated_at timestamptz;
UPDATE instance SET terminated_at = state_entered_at WHERE state = 'terminated';
DROP INDEX instance_owner;
CREATE INDEX instance_living ON instance (account, region, instance_id) WHERE terminated_at IS NULL;
CREATE INDEX instance_ended ON instance (account, region, terminated_at) WHERE terminated_at IS NOT NULL;
