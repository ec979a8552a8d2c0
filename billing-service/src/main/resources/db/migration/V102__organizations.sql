-- Accounts that share their commitments and have one payer.
CREATE TABLE organization (
    id                 text        PRIMARY KEY,
    management_account text        NOT NULL,
    created_at         timestamptz NOT NULL,
    deleted_at         timestamptz
);

-- Every stay of an account in an organization, past ones too: bills of past months need them.
CREATE TABLE organization_member (
    id              uuid        PRIMARY KEY,
    organization_id text        NOT NULL REFERENCES organization,
    account         text        NOT NULL,
    joined_at       timestamptz NOT NULL,
    left_at         timestamptz,
    CHECK (left_at >= joined_at)
);
CREATE UNIQUE INDEX organization_member_now ON organization_member (account) WHERE left_at IS NULL;
CREATE INDEX organization_member_by_account ON organization_member (account);
CREATE INDEX organization_member_by_organization ON organization_member (organization_id, account);

CREATE TABLE organization_invitation (
    id              text        PRIMARY KEY,
    organization_id text        NOT NULL REFERENCES organization,
    account         text        NOT NULL,
    state           text        NOT NULL,
    invited_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL
);
CREATE INDEX organization_invitation_by_account ON organization_invitation (account, id);
CREATE INDEX organization_invitation_by_organization ON organization_invitation (organization_id, id);
