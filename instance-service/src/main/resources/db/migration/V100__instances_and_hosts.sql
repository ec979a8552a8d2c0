-- What the instance service owns: hosts, who holds their capacity, instances, private addresses; and its copies of
-- what the firewall and the spot market tell.

-- One row for each Availability Zone that was ever written to. Its lock lets one committer at a time change the zone;
-- its version tells a committer whether another replica has written since.
CREATE TABLE az_fleet (
    az      text   PRIMARY KEY,
    version bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE host (
    host_id            text    PRIMARY KEY,
    seq                bigint  GENERATED ALWAYS AS IDENTITY UNIQUE, -- the order of first fit
    az                 text    NOT NULL,
    family             text    NOT NULL,
    state              text    NOT NULL CHECK (state IN ('available', 'draining', 'removed')),
    version            bigint  NOT NULL,
    sockets            integer NOT NULL,
    cores              integer NOT NULL,
    vcpus              integer NOT NULL,
    memory_mib         bigint  NOT NULL,
    local_storage_gb   bigint  NOT NULL,
    gpus               integer NOT NULL,
    used_vcpus            integer NOT NULL DEFAULT 0,
    used_memory_mib       bigint  NOT NULL DEFAULT 0,
    used_local_storage_gb bigint  NOT NULL DEFAULT 0,
    used_gpus             integer NOT NULL DEFAULT 0,
    -- The committer decides in memory; a mistake of its must fail here rather than overfill a host.
    CONSTRAINT host_vcpus_not_overfilled CHECK (used_vcpus BETWEEN 0 AND vcpus),
    CONSTRAINT host_memory_not_overfilled CHECK (used_memory_mib BETWEEN 0 AND memory_mib),
    CONSTRAINT host_storage_not_overfilled CHECK (used_local_storage_gb BETWEEN 0 AND local_storage_gb),
    CONSTRAINT host_gpus_not_overfilled CHECK (used_gpus BETWEEN 0 AND gpus)
) WITH (fillfactor = 70);
CREATE INDEX host_az ON host (az);

CREATE TABLE instance (
    instance_id            text        PRIMARY KEY,
    account                text        NOT NULL,
    region                 text        NOT NULL,
    az                     text        NOT NULL,
    version                bigint      NOT NULL,
    run                    integer     NOT NULL,
    state                  text        NOT NULL,
    state_entered_at       timestamptz NOT NULL,
    reservation_id         text        NOT NULL,
    launch_index           integer     NOT NULL,
    image_id               text        NOT NULL,
    os                     text        NOT NULL,
    architecture           text        NOT NULL,
    vpc_id                 text        NOT NULL,
    subnet_id              text        NOT NULL,
    key_name               text,
    instance_type          text        NOT NULL,
    max_price              text,
    spot_request_id        text,
    interruption_behavior  text,
    interruption_action_at timestamptz,
    host_id                text,
    private_address        text,
    group_ids              text[]      NOT NULL,
    tags                   jsonb       NOT NULL,
    termination_protected  boolean     NOT NULL,
    launch_time            timestamptz NOT NULL,
    reason_code            text,
    reason_message         text
) WITH (fillfactor = 75); -- room for the updates that follow each insert
-- Pages are read along this; no index holds what changes with the state, so that such updates touch no index.
CREATE INDEX instance_owner ON instance (account, region, instance_id);
CREATE INDEX instance_tags ON instance USING gin (tags jsonb_path_ops) WITH (fastupdate = on);

-- Base64 as it came; apart, so that reading instances never reads it.
CREATE TABLE instance_user_data (
    instance_id text PRIMARY KEY,
    user_data   text NOT NULL
);

-- Who holds how much of a host. An instance has its row from its launch or start until it is stopped or gone.
CREATE TABLE allocation (
    holder_kind      text    NOT NULL,
    holder_id        text    NOT NULL,
    host_id          text    NOT NULL,
    az               text    NOT NULL,
    family           text    NOT NULL,
    spot_units_key   text, -- type and system of a spot instance, such as m4.large/linux
    vcpus            integer NOT NULL,
    memory_mib       bigint  NOT NULL,
    local_storage_gb bigint  NOT NULL,
    gpus             integer NOT NULL,
    PRIMARY KEY (holder_id, holder_kind)
);
CREATE INDEX allocation_spot ON allocation (az, family, spot_units_key) WHERE spot_units_key IS NOT NULL;

-- An address belongs to one instance at a time: the key says so.
CREATE TABLE private_address (
    subnet_id      text    NOT NULL,
    address_offset integer NOT NULL,
    instance_id    text    NOT NULL,
    PRIMARY KEY (subnet_id, address_offset)
);

-- Copy of the firewall's groups, from firewall.groups.
CREATE TABLE security_group_copy (
    group_id text    PRIMARY KEY,
    account  text    NOT NULL,
    region   text    NOT NULL,
    version  bigint  NOT NULL,
    deleted  boolean NOT NULL
);

-- Copy of the market's current prices, from spot.prices.
CREATE TABLE spot_price_copy (
    pool    text   PRIMARY KEY,
    version bigint NOT NULL,
    price   text   NOT NULL
);
