-- The tags that an instance had from a moment on. A version whose tags are those of the version before it has no row, nor
-- has a first version without tags: no row at all means no tags ever.
CREATE TABLE instance_tags (
    instance_id text        NOT NULL,
    version     bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    tags        jsonb       NOT NULL,
    PRIMARY KEY (instance_id, version)
);
