-- Limits on what a month costs.
CREATE TABLE budget (
    id               text        PRIMARY KEY,
    account          text        NOT NULL,
    name             text        NOT NULL,
    spending_limit   numeric     NOT NULL CHECK (spending_limit > 0),
    cost_type        text        NOT NULL,
    scope            text        NOT NULL,
    filter_dimension text,
    filter_values    text[],
    -- type/percent
    notifications    text[]      NOT NULL CHECK (cardinality(notifications) BETWEEN 1 AND 10),
    created_at       timestamptz NOT NULL,
    -- of its events
    version          bigint      NOT NULL DEFAULT 0,
    UNIQUE (account, name),
    CHECK ((filter_dimension IS NULL) = (filter_values IS NULL))
);

-- What was told; the key is what makes it happen once.
CREATE TABLE budget_alert (
    budget_id         text        NOT NULL REFERENCES budget ON DELETE CASCADE,
    month             date        NOT NULL,
    type              text        NOT NULL,
    threshold_percent integer     NOT NULL,
    spending_limit    numeric     NOT NULL,
    actual            numeric     NOT NULL,
    forecast          numeric     NOT NULL,
    told_at           timestamptz NOT NULL,
    PRIMARY KEY (budget_id, month, type, threshold_percent)
);

-- An account that ever had budgets. Its row is locked while they are changed or alerts are written; the number is that of the
-- latest evaluation that was written, so that an older one, which knew less, doesn't plan over it.
CREATE TABLE budgeted_account (
    account        text   PRIMARY KEY,
    evaluated      bigint NOT NULL DEFAULT 0,
    -- The month that was running when all its budgets were last judged: what it cost in the end is still to be judged.
    judged_through date
);
CREATE SEQUENCE budget_evaluation;

-- A new price concerns whoever runs in its pool, and with budgets that is asked for each price.
CREATE INDEX usage_run_spot ON usage_run (availability_zone, instance_type, os, ended_at) WHERE market = 'spot';
