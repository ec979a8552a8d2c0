-- Who is in which group, by network interface: the copy of attachments knew of one address for each instance.

-- What was last told of an instance. Rows of terminated instances stay a while, so that an old event that comes again
-- doesn't bring them back.
CREATE TABLE member_instance (
    instance_id text PRIMARY KEY,
    version     bigint NOT NULL,
    gone        boolean NOT NULL,
    seen_at     timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 90);
CREATE INDEX member_instance_gone ON member_instance (seen_at) WHERE gone;

-- An interface that changes hands is with both instances until both have told of it.
CREATE TABLE member (
    instance_id  text NOT NULL,
    interface_id text NOT NULL,
    account      text NOT NULL,
    region       text NOT NULL,
    vpc_id       text NOT NULL,
    host_id      text,
    addresses    text[] NOT NULL,
    group_ids    text[] NOT NULL,
    told_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance_id, interface_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 90);
CREATE INDEX member_owner ON member (account, region, interface_id);
CREATE INDEX member_host ON member (host_id) WHERE host_id IS NOT NULL;
CREATE INDEX member_group ON member USING gin (group_ids);

-- The same address is in many accounts, so that an index of addresses alone would find all of theirs.
CREATE TABLE member_address (
    account      text NOT NULL,
    region       text NOT NULL,
    address      text NOT NULL,
    instance_id  text NOT NULL,
    interface_id text NOT NULL,
    PRIMARY KEY (account, region, address, instance_id, interface_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

INSERT INTO member_instance (instance_id, version, gone, seen_at)
SELECT instance_id, version, gone, seen_at FROM attachment;

-- Until now all were in their account's default VPC, whose id is derived as the kernel's ResourceKind does. On which host
-- an instance runs is told with its next event, or by a rebuild of this copy.
INSERT INTO member (instance_id, interface_id, account, region, vpc_id, addresses, group_ids)
SELECT instance_id, 'eni' || substr(instance_id, strpos(instance_id, '-')), account, region,
    'vpc-' || substr(encode(sha256(
        convert_to('vpc', 'UTF8') || '\x00' || convert_to(account, 'UTF8') || '\x00' || convert_to(region, 'UTF8')),
        'hex'), 1, 17),
    array_remove(ARRAY[private_ip_address], NULL), group_ids
FROM attachment WHERE NOT gone;

INSERT INTO member_address (account, region, address, instance_id, interface_id)
SELECT account, region, unnest(addresses), instance_id, interface_id FROM member;

DROP TABLE attachment;
