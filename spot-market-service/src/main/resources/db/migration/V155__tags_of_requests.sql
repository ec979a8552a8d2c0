-- Tags of requests that differ from those of their instances.
CREATE TABLE spot_request_tags (
    request_id text PRIMARY KEY,
    tags       jsonb NOT NULL
);
