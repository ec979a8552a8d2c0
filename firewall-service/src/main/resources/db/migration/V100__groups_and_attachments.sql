-- Security groups. A change locks the group's row, so that its versions and events have one order.
CREATE TABLE security_group (
    id          text PRIMARY KEY,
    account     text NOT NULL,
    region      text NOT NULL,
    vpc_id      text NOT NULL,
    name        text NOT NULL,
    description text NOT NULL,
    version     bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    tags        jsonb NOT NULL,
    UNIQUE (account, region, vpc_id, name)
);
CREATE INDEX security_group_owner ON security_group (account, region, id);

CREATE TABLE security_group_rule (
    id          text PRIMARY KEY,
    ordinal     bigint GENERATED ALWAYS AS IDENTITY,
    group_id    text NOT NULL REFERENCES security_group ON DELETE CASCADE,
    account     text NOT NULL,
    region      text NOT NULL,
    direction   text NOT NULL CHECK (direction IN ('ingress', 'egress')),
    protocol    text NOT NULL,
    from_port   integer,
    to_port     integer,
    icmp_type   integer,
    icmp_code   integer,
    peer_cidr   text,
    peer_group  text,
    description text,
    CHECK (num_nonnulls(peer_cidr, peer_group) = 1)
);
CREATE INDEX security_group_rule_group ON security_group_rule (group_id);
CREATE INDEX security_group_rule_peer ON security_group_rule (peer_group) WHERE peer_group IS NOT NULL;

-- A copy of what the instance service owns: which instance has which groups. Rows of terminated instances stay a while,
-- so that an old event that comes again doesn't bring them back.
CREATE TABLE attachment (
    instance_id        text PRIMARY KEY,
    account            text NOT NULL,
    region             text NOT NULL,
    private_ip_address text,
    group_ids          text[] NOT NULL,
    version            bigint NOT NULL,
    gone               boolean NOT NULL,
    seen_at            timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 90);
CREATE INDEX attachment_address ON attachment (account, region, private_ip_address) WHERE NOT gone;
CREATE INDEX attachment_gone ON attachment (seen_at) WHERE gone;
