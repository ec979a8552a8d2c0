-- Public halves of key pairs. The private one is told once, when a pair is made, and kept nowhere.
CREATE TABLE key_pair (
    key_pair_id text PRIMARY KEY,
    account text NOT NULL,
    region text NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    fingerprint text NOT NULL,
    public_key text NOT NULL,
    tags jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (account, region, name)
);
