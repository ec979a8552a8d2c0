-- A copy of what the instance service owns: which VPCs there are. A deleted one stays, so that its default group doesn't
-- come back. Not each default VPC is here: it is there unless its deletion was told.
CREATE TABLE vpc_copy (
    vpc_id  text PRIMARY KEY,
    account text NOT NULL,
    region  text NOT NULL,
    version bigint NOT NULL,
    ipv6    boolean NOT NULL,
    gone    boolean NOT NULL
);

-- While the instance service is asked whether anything has the group, no rule can name it.
ALTER TABLE security_group ADD COLUMN deleting boolean NOT NULL DEFAULT false;
CREATE INDEX security_group_vpc ON security_group (vpc_id, id);

ALTER TABLE security_group_rule ADD COLUMN peer_prefix_list text;
ALTER TABLE security_group_rule ADD COLUMN tags jsonb NOT NULL DEFAULT '{}';
ALTER TABLE security_group_rule DROP CONSTRAINT security_group_rule_check;
ALTER TABLE security_group_rule
    ADD CONSTRAINT one_peer CHECK (num_nonnulls(peer_cidr, peer_group, peer_prefix_list) = 1);
CREATE INDEX security_group_rule_list ON security_group_rule (peer_prefix_list) WHERE peer_prefix_list IS NOT NULL;
CREATE INDEX security_group_rule_owner ON security_group_rule (account, region, id);

CREATE TABLE prefix_list (
    id             text PRIMARY KEY,
    account        text NOT NULL,
    region         text NOT NULL,
    name           text NOT NULL,
    address_family text NOT NULL CHECK (address_family IN ('IPv4', 'IPv6')),
    max_entries    integer NOT NULL,
    version        bigint NOT NULL,
    created_at     timestamptz NOT NULL,
    tags           jsonb NOT NULL,
    entries        jsonb NOT NULL
);
CREATE INDEX prefix_list_owner ON prefix_list (account, region, id);

-- A default group's id follows from its VPC's, and a default VPC can be made anew: then the group's versions go on.
CREATE TABLE deleted_default_group (
    id      text PRIMARY KEY,
    version bigint NOT NULL
);
