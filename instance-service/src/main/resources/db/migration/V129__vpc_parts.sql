-- What belongs to VPCs beside subnets: DHCP options, route tables, gateways, network ACLs; and what owners set of VPCs and
-- subnets.
CREATE TABLE dhcp_options (
    dhcp_options_id text        PRIMARY KEY,
    account         text        NOT NULL,
    region          text        NOT NULL,
    options         jsonb       NOT NULL, -- values by key, commas between several
    tags            jsonb       NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX dhcp_options_owner ON dhcp_options (account, region);

CREATE TABLE route_table (
    route_table_id text        PRIMARY KEY,
    account        text        NOT NULL,
    region         text        NOT NULL,
    vpc_id         text        NOT NULL REFERENCES vpc,
    is_main        boolean     NOT NULL,
    routes         jsonb       NOT NULL, -- targets by destination, without the local ones
    tags           jsonb       NOT NULL,
    created_at     timestamptz NOT NULL
);
CREATE INDEX route_table_owner ON route_table (account, region);
CREATE INDEX route_table_vpc ON route_table (vpc_id);
CREATE UNIQUE INDEX route_table_main ON route_table (vpc_id) WHERE is_main;

CREATE TABLE internet_gateway (
    gateway_id     text        PRIMARY KEY,
    account        text        NOT NULL,
    region         text        NOT NULL,
    egress_only    boolean     NOT NULL,
    vpc_id         text        REFERENCES vpc,
    route_table_id text        REFERENCES route_table, -- for what comes in through it
    tags           jsonb       NOT NULL,
    created_at     timestamptz NOT NULL,
    CHECK (vpc_id IS NOT NULL OR NOT egress_only)
);
CREATE INDEX internet_gateway_owner ON internet_gateway (account, region);
CREATE INDEX internet_gateway_table ON internet_gateway (route_table_id);
CREATE UNIQUE INDEX internet_gateway_attached ON internet_gateway (vpc_id) WHERE NOT egress_only;

CREATE TABLE network_acl (
    network_acl_id text        PRIMARY KEY,
    account        text        NOT NULL,
    region         text        NOT NULL,
    vpc_id         text        NOT NULL REFERENCES vpc,
    is_default     boolean     NOT NULL,
    tags           jsonb       NOT NULL,
    created_at     timestamptz NOT NULL
);
CREATE INDEX network_acl_owner ON network_acl (account, region);
CREATE INDEX network_acl_vpc ON network_acl (vpc_id);
CREATE UNIQUE INDEX network_acl_default ON network_acl (vpc_id) WHERE is_default;

CREATE TABLE network_acl_entry (
    network_acl_id text    NOT NULL REFERENCES network_acl ON DELETE CASCADE,
    egress         boolean NOT NULL,
    rule_number    integer NOT NULL CHECK (rule_number BETWEEN 1 AND 32766),
    protocol       integer NOT NULL,
    allow          boolean NOT NULL,
    block          text    NOT NULL,
    from_port      integer,
    to_port        integer,
    icmp_type      integer,
    icmp_code      integer,
    PRIMARY KEY (network_acl_id, egress, rule_number)
);

ALTER TABLE vpc
    ADD COLUMN instance_tenancy text NOT NULL DEFAULT 'default',
    ADD COLUMN enable_dns_support boolean NOT NULL DEFAULT true,
    ADD COLUMN enable_dns_hostnames boolean NOT NULL DEFAULT false,
    ADD COLUMN enable_usage_metrics boolean NOT NULL DEFAULT false,
    -- Checked at the end: the first VPC and its options are made together.
    ADD COLUMN dhcp_options_id text REFERENCES dhcp_options DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX vpc_dhcp_options ON vpc (dhcp_options_id);

-- Without a table or ACL of its own a subnet has its VPC's main table and default ACL.
ALTER TABLE subnet
    ADD COLUMN route_table_id text REFERENCES route_table,
    ADD COLUMN network_acl_id text REFERENCES network_acl,
    ADD COLUMN map_public_ip boolean NOT NULL DEFAULT false,
    ADD COLUMN dns64 boolean NOT NULL DEFAULT false,
    ADD COLUMN hostname_type text NOT NULL DEFAULT 'ip-name',
    ADD COLUMN resource_name_a boolean NOT NULL DEFAULT false,
    ADD COLUMN resource_name_aaaa boolean NOT NULL DEFAULT false;
CREATE INDEX subnet_route_table ON subnet (route_table_id);
CREATE INDEX subnet_network_acl ON subnet (network_acl_id);

-- VPCs that are there already get what new ones are made with. The id of an account's first options follows from account and
-- region, as ids that are derived do elsewhere.
UPDATE vpc SET enable_dns_hostnames = true WHERE is_default;
UPDATE subnet SET map_public_ip = true WHERE is_default;

INSERT INTO dhcp_options (dhcp_options_id, account, region, options, tags, created_at)
SELECT 'dopt-' || substr(encode(sha256(convert_to('dopt', 'UTF8') || '\x00'::bytea || convert_to(account, 'UTF8')
        || '\x00'::bytea || convert_to(region, 'UTF8')), 'hex'), 1, 17),
    account, region,
    jsonb_build_object('domain-name',
        CASE region WHEN 'us-east-1' THEN 'ec2.internal' ELSE region || '.compute.internal' END,
        'domain-name-servers', 'AmazonProvidedDNS'),
    '{}', min(created_at)
FROM vpc GROUP BY account, region;

UPDATE vpc SET dhcp_options_id = o.dhcp_options_id FROM dhcp_options o
WHERE o.account = vpc.account AND o.region = vpc.region AND vpc.deleted_at IS NULL;
-- Index and constraint checks that are still to come would forbid further changes of the tables.
SET CONSTRAINTS ALL IMMEDIATE;

INSERT INTO internet_gateway (gateway_id, account, region, egress_only, vpc_id, tags, created_at)
SELECT 'igw-' || substr(md5('igw' || vpc_id), 1, 17), account, region, false, vpc_id, '{}', created_at
FROM vpc WHERE is_default AND deleted_at IS NULL;

INSERT INTO route_table (route_table_id, account, region, vpc_id, is_main, routes, tags, created_at)
SELECT 'rtb-' || substr(md5('rtb' || vpc.vpc_id), 1, 17), vpc.account, vpc.region, vpc.vpc_id, true,
    CASE WHEN g.gateway_id IS NULL THEN '{}' ELSE jsonb_build_object('0.0.0.0/0', g.gateway_id) END, '{}', vpc.created_at
FROM vpc LEFT JOIN internet_gateway g USING (vpc_id) WHERE vpc.deleted_at IS NULL;

INSERT INTO network_acl (network_acl_id, account, region, vpc_id, is_default, tags, created_at)
SELECT 'acl-' || substr(md5('acl' || vpc_id), 1, 17), account, region, vpc_id, true, '{}', created_at
FROM vpc WHERE deleted_at IS NULL;

INSERT INTO network_acl_entry (network_acl_id, egress, rule_number, protocol, allow, block)
SELECT network_acl_id, egress, rule_number, -1, true, block
FROM network_acl
    JOIN vpc USING (vpc_id)
    CROSS JOIN (VALUES (false), (true)) AS direction (egress)
    CROSS JOIN (VALUES (100, '0.0.0.0/0'), (101, '::/0')) AS family (rule_number, block)
WHERE rule_number = 100 OR vpc.ipv6_cidr_block IS NOT NULL;
