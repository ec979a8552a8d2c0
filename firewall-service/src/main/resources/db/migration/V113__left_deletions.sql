-- By the real clock, as a process dies in real time: the stack's may stand still. What is older was left by a crash.
ALTER TABLE security_group ADD COLUMN deleting_since timestamptz;
UPDATE security_group SET deleting_since = now() WHERE deleting;
CREATE INDEX security_group_deleting ON security_group (deleting_since) WHERE deleting;
DELETE FROM timer WHERE kind = 'group-deletion';
