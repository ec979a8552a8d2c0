-- VPCs, subnets, network interfaces, elastic addresses. A change of a subnet also counts its zone's version up (az_fleet), so
-- that committers read it anew.
CREATE TABLE vpc (
    vpc_id          text        PRIMARY KEY,
    account         text        NOT NULL,
    region          text        NOT NULL,
    cidr_blocks     text[]      NOT NULL, -- the primary first
    ipv6_cidr_block text        UNIQUE,
    is_default      boolean     NOT NULL,
    tags            jsonb       NOT NULL,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    -- The default VPC's id is derived: its row stays behind, so that versions go on when it is made anew, and so that it
    -- isn't made anew by whoever looks first. Others' rows are gone.
    deleted_at      timestamptz
);
CREATE INDEX vpc_owner ON vpc (account, region, vpc_id);
CREATE UNIQUE INDEX vpc_default ON vpc (account, region) WHERE is_default;

CREATE TABLE subnet (
    subnet_id       text        PRIMARY KEY,
    account         text        NOT NULL,
    region          text        NOT NULL,
    az              text        NOT NULL,
    vpc_id          text        NOT NULL REFERENCES vpc,
    cidr_block      text        NOT NULL,
    ipv6_cidr_block text        UNIQUE,
    is_default      boolean     NOT NULL,
    assign_ipv6     boolean     NOT NULL, -- whether each new interface gets an IPv6 address
    tags            jsonb       NOT NULL,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    deleted_at      timestamptz -- as of a VPC
);
CREATE INDEX subnet_owner ON subnet (account, region, subnet_id);
CREATE INDEX subnet_vpc ON subnet (vpc_id);

CREATE TABLE network_interface (
    interface_id          text        PRIMARY KEY,
    account               text        NOT NULL,
    region                text        NOT NULL,
    az                    text        NOT NULL,
    vpc_id                text        NOT NULL,
    subnet_id             text        NOT NULL,
    description           text        NOT NULL,
    private_addresses     text[]      NOT NULL, -- the primary first
    public_addresses      text[]      NOT NULL, -- of each private address the elastic one, or null
    ipv6_addresses        text[]      NOT NULL,
    group_ids             text[]      NOT NULL,
    source_dest_check     boolean     NOT NULL,
    tags                  jsonb       NOT NULL,
    version               bigint      NOT NULL,
    created_at            timestamptz NOT NULL,
    attachment_id         text,
    instance_id           text,
    device_index          integer,
    attached_at           timestamptz,
    delete_on_termination boolean,
    UNIQUE (instance_id, device_index)
) WITH (fillfactor = 90);
CREATE INDEX network_interface_owner ON network_interface (account, region, interface_id);

-- An address belongs to one interface at a time: the keys say so.
ALTER TABLE private_address RENAME COLUMN instance_id TO interface_id;
UPDATE private_address SET interface_id = 'eni' || substr(interface_id, 2);
CREATE TABLE ipv6_address (
    address      text PRIMARY KEY,
    subnet_id    text NOT NULL,
    interface_id text NOT NULL
);
CREATE INDEX ipv6_address_subnet ON ipv6_address (subnet_id);

CREATE TABLE elastic_address (
    allocation_id  text        PRIMARY KEY,
    account        text        NOT NULL,
    region         text        NOT NULL,
    public_address text        NOT NULL UNIQUE,
    association_id text,
    interface_id   text,
    private_address text,
    instance_id    text,
    tags           jsonb       NOT NULL,
    version        bigint      NOT NULL,
    allocated_at   timestamptz NOT NULL,
    CHECK (num_nonnulls(association_id, interface_id, private_address) IN (0, 3)),
    UNIQUE (interface_id, private_address)
);
CREATE INDEX elastic_address_owner ON elastic_address (account, region, allocation_id);

-- What lives already has its primary interface from now on. VPCs and subnets are made when their account is next seen.
INSERT INTO network_interface (interface_id, account, region, az, vpc_id, subnet_id, description, private_addresses,
    public_addresses, ipv6_addresses, group_ids, source_dest_check, tags, version, created_at, attachment_id, instance_id,
    device_index, attached_at, delete_on_termination)
SELECT 'eni' || substr(instance_id, 2), account, region, az, vpc_id, subnet_id, '', ARRAY[private_address],
    ARRAY[NULL]::text[], '{}', group_ids, true, '{}', 1, launch_time, 'eni-attach' || substr(instance_id, 2), instance_id,
    0, launch_time, true
FROM instance WHERE terminated_at IS NULL AND private_address IS NOT NULL;

-- The firewall's groups belong to a VPC; and one that the firewall is about to delete takes no new attachments.
ALTER TABLE security_group_copy ADD COLUMN vpc_id text;
ALTER TABLE security_group_copy ADD COLUMN retired_at_version bigint;
