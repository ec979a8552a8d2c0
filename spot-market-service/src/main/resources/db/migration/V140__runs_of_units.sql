-- When units ran and what ended them: how often a pool interrupts is counted from it. Kept for 90 days.
CREATE TABLE spot_run (
    run_id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id  text        NOT NULL,
    pool        text        NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz, -- null while it runs
    interrupted boolean     NOT NULL DEFAULT false -- by the market: for its price, or for want of room
);
CREATE INDEX spot_run_going_on ON spot_run (request_id) WHERE ended_at IS NULL;
CREATE INDEX spot_run_pool ON spot_run (pool, started_at);
CREATE INDEX spot_run_ended ON spot_run (ended_at) WHERE ended_at IS NOT NULL;
