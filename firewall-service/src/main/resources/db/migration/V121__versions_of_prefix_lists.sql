-- What EC2 calls a prefix list's version counts changes of its entries alone, and each one can be had back.
ALTER TABLE prefix_list ADD COLUMN entries_version bigint NOT NULL DEFAULT 1;
ALTER TABLE prefix_list ADD COLUMN state text NOT NULL DEFAULT 'create-complete'
    CHECK (state IN ('create-complete', 'modify-complete', 'restore-complete'));
-- Until now both were one number, and callers know lists by it.
UPDATE prefix_list SET entries_version = version,
    state = CASE WHEN version = 1 THEN 'create-complete' ELSE 'modify-complete' END;
ALTER TABLE prefix_list ALTER COLUMN entries_version DROP DEFAULT;
ALTER TABLE prefix_list ALTER COLUMN state DROP DEFAULT;

CREATE TABLE prefix_list_version (
    prefix_list_id text NOT NULL REFERENCES prefix_list ON DELETE CASCADE,
    version        bigint NOT NULL,
    entries        jsonb NOT NULL,
    PRIMARY KEY (prefix_list_id, version)
);
INSERT INTO prefix_list_version (prefix_list_id, version, entries) SELECT id, entries_version, entries FROM prefix_list;
