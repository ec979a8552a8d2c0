-- Reserved Instances may end early, since something takes their place. What that costs for one unit may have no end as a
-- decimal, so that amounts are exact fractions, such as 127/3, or decimals.
ALTER TABLE commitment
    DROP CONSTRAINT commitment_check1,
    DROP CONSTRAINT commitment_upfront_check,
    DROP CONSTRAINT commitment_hourly_check,
    ALTER COLUMN upfront TYPE text USING upfront::text,
    ALTER COLUMN hourly TYPE text USING hourly::text,
    ADD COLUMN spread text,
    ADD COLUMN held_since timestamptz,
    ADD COLUMN agreed_end_at timestamptz,
    ADD COLUMN retired_because text CHECK (retired_because IN ('modified', 'exchanged', 'sold')),
    ADD COLUMN replaced_by text[];
UPDATE commitment SET spread = upfront, held_since = starts_at, agreed_end_at = ends_at;
ALTER TABLE commitment
    ALTER COLUMN held_since SET NOT NULL,
    ALTER COLUMN agreed_end_at SET NOT NULL,
    ADD CHECK (agreed_end_at > starts_at AND ends_at <= agreed_end_at),
    ADD CHECK ((retired_because IS NULL) = (ends_at = agreed_end_at) AND (retired_because IS NULL) = (replaced_by IS NULL)),
    ADD CHECK (upfront ~ '^[0-9]+([./][0-9]+)?$' AND spread ~ '^[0-9]+([./][0-9]+)?$' AND hourly ~ '^[0-9]+([./][0-9]+)?$'),
    ADD CHECK ((upfront IS NULL) = (spread IS NULL));

-- Modifications and exchanges: what took the place of what.
CREATE TABLE reserved_instances_change (
    id           text        PRIMARY KEY,
    account      text        NOT NULL,
    region       text        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('modification', 'exchange')),
    changed_at   timestamptz NOT NULL,
    effective_at timestamptz NOT NULL,
    retired      text[]      NOT NULL,
    successors   text[]      NOT NULL
);
CREATE INDEX reserved_instances_change_by_account ON reserved_instances_change (account, id);

-- What is for sale on the Marketplace. What is unsold is of one commitment; a sale leaves the rest in another.
CREATE TABLE reserved_instances_listing (
    id              text        PRIMARY KEY,
    account         text        NOT NULL,
    region          text        NOT NULL,
    commitment_id   text        NOT NULL REFERENCES commitment,
    state           text        NOT NULL CHECK (state IN ('active', 'cancelled', 'closed')),
    listed          integer     NOT NULL CHECK (listed > 0),
    sold            integer     NOT NULL CHECK (sold BETWEEN 0 AND listed),
    -- USD for one while so many whole months are left: the first for one month.
    prices          numeric[]   NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK (state <> 'active' OR sold < listed)
);
CREATE INDEX reserved_instances_listing_by_account ON reserved_instances_listing (account, id);
CREATE INDEX reserved_instances_listing_for_sale ON reserved_instances_listing (region) WHERE state = 'active';
-- What is listed isn't listed again.
CREATE UNIQUE INDEX reserved_instances_listing_once ON reserved_instances_listing (commitment_id) WHERE state = 'active';
