-- When accounts were reset last: a launch from before is no more taken over as a bid.
CREATE TABLE account_reset (
    account  text        PRIMARY KEY,
    reset_at timestamptz NOT NULL
);
