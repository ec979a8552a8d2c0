-- Months that are closed, and what was invoiced for them. Nothing here is ever changed or deleted: a correction is a line
-- of a later invoice.
CREATE TABLE invoice (
    id        text        PRIMARY KEY,
    payer     text        NOT NULL,
    month     date        NOT NULL,
    issued_at timestamptz NOT NULL,
    total     numeric     NOT NULL CHECK (total = round(total, 2)),
    UNIQUE (payer, month)
);

-- What is alike in consecutive hours is one row; costs and seconds are those of all its hours together.
CREATE TABLE invoice_charge (
    invoice_id        text        NOT NULL REFERENCES invoice,
    number            integer     NOT NULL,
    account           text        NOT NULL,
    category          text        NOT NULL,
    resource_id       text,
    commitment_id     text        REFERENCES commitment,
    availability_zone text,
    instance_type     text,
    os                text,
    tenancy           text,
    market            text,
    host_id           text,
    hourly_rate       text,
    charge_from       timestamptz NOT NULL,
    hours             bigint      NOT NULL CHECK (hours > 0),
    seconds           numeric,
    list_cost         numeric     NOT NULL,
    billed_cost       numeric     NOT NULL,
    effective_cost    numeric     NOT NULL,
    PRIMARY KEY (invoice_id, number)
);

CREATE INDEX invoice_charge_by_account ON invoice_charge (account, invoice_id);

-- What a line of an earlier month should have been more or less.
CREATE TABLE invoice_correction (
    invoice_id        text        NOT NULL REFERENCES invoice,
    number            integer     NOT NULL,
    corrected_month   date        NOT NULL,
    account           text        NOT NULL,
    category          text        NOT NULL,
    resource_id       text,
    commitment_id     text        REFERENCES commitment,
    region            text,
    availability_zone text,
    instance_type     text,
    os                text,
    tenancy           text,
    market            text,
    hourly_rate       text,
    charge_from       timestamptz NOT NULL,
    rated_rows        bigint      NOT NULL,
    seconds           numeric,
    list_cost         numeric     NOT NULL,
    billed_cost       numeric     NOT NULL,
    effective_cost    numeric     NOT NULL,
    PRIMARY KEY (invoice_id, number)
);

CREATE INDEX invoice_correction_by_account ON invoice_correction (account, invoice_id);

-- Up to which month a payer's bills are final.
CREATE TABLE closed_month (
    payer text PRIMARY KEY,
    month date NOT NULL
);

-- Usage of past months that came to be known late; the id changes with every piece of news.
CREATE SEQUENCE late_usage_id;
CREATE TABLE late_usage (
    account text   NOT NULL,
    month   date   NOT NULL,
    id      bigint NOT NULL DEFAULT nextval('late_usage_id'),
    PRIMARY KEY (account, month)
);

-- What a payer's invoices have dealt with.
CREATE TABLE late_usage_billed (
    payer   text   NOT NULL,
    account text   NOT NULL,
    month   date   NOT NULL,
    id      bigint NOT NULL,
    PRIMARY KEY (payer, account, month)
);

-- Double entry: a posting above 0 is a debit, below 0 a credit.
CREATE TABLE journal_entry (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account     text        NOT NULL,
    kind        text        NOT NULL,
    reference   text        NOT NULL,
    posted_at   timestamptz NOT NULL,
    UNIQUE (kind, reference)
);
CREATE INDEX journal_entry_by_account ON journal_entry (account, id);

CREATE TABLE posting (
    entry_id       bigint  NOT NULL REFERENCES journal_entry,
    ledger_account text    NOT NULL,
    amount         numeric NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (entry_id, ledger_account)
);

CREATE FUNCTION entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry bigint := CASE TG_TABLE_NAME WHEN 'posting' THEN (to_jsonb(NEW) ->> 'entry_id') ELSE (to_jsonb(NEW) ->> 'id') END;
    balance numeric;
BEGIN
    SELECT sum(amount) INTO balance FROM posting WHERE entry_id = entry;
    IF balance IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'Journal entry % does not balance: %', entry, balance USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
-- An entry without postings has no balance at all.
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON journal_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is not allowed: it is written once', TG_OP, TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON invoice_charge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON invoice_correction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
