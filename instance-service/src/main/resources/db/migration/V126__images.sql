-- Images of accounts; public ones of the catalog aren't here. A row stays when its image is deregistered: instances were launched
-- from it.
CREATE TABLE image (
    image_id text PRIMARY KEY,
    account text NOT NULL,
    region text NOT NULL,
    name text NOT NULL,
    description text,
    os text NOT NULL,
    architecture text NOT NULL,
    root_device_name text NOT NULL,
    source_instance_id text,
    source_image_id text,
    source_image_region text,
    state text NOT NULL,
    is_public boolean NOT NULL,
    launch_accounts text[] NOT NULL,
    deprecated_at timestamptz,
    tags jsonb NOT NULL,
    created_at timestamptz NOT NULL
);

-- A name is an account's once in a region, as long as the image is there.
CREATE UNIQUE INDEX image_name ON image (account, region, name) WHERE state <> 'deregistered';
CREATE INDEX image_launch_accounts ON image USING gin (launch_accounts) WHERE state <> 'deregistered';
CREATE INDEX image_public ON image (region) WHERE is_public AND state <> 'deregistered';
