-- The keys that accounts sign with.
CREATE TABLE access_key (
    access_key_id text PRIMARY KEY,
    account       text NOT NULL,
    secret        bytea NOT NULL, -- sealed with cumulet.access-keys.encryption-key
    status        text NOT NULL CHECK (status IN ('Active', 'Inactive')),
    policy        text,           -- statements as JSON; null: everything
    created_at    timestamptz NOT NULL
);
CREATE INDEX access_key_account ON access_key (account, access_key_id);

-- How many events of access.audit an account has had; whoever adds some, or changes the account's keys, holds the row.
CREATE TABLE access_audit_sequence (
    account text PRIMARY KEY,
    version bigint NOT NULL
);
