-- Launch templates: parameters of launches by name. A version never changes; next_version is never given twice, though versions
-- may be deleted.
CREATE TABLE launch_template (
    template_id text PRIMARY KEY,
    account text NOT NULL,
    region text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    default_version bigint NOT NULL,
    next_version bigint NOT NULL,
    tags jsonb NOT NULL,
    UNIQUE (account, region, name)
);

CREATE TABLE launch_template_version (
    template_id text NOT NULL REFERENCES launch_template ON DELETE CASCADE,
    version bigint NOT NULL,
    description text,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    -- RequestLaunchTemplateData by the names of EC2's model.
    data jsonb NOT NULL,
    PRIMARY KEY (template_id, version)
);
