-- When accounts were reset last: what is told of them with an earlier time is no more metered, whenever it comes.
CREATE TABLE account_reset (
    account  text        PRIMARY KEY,
    reset_at timestamptz NOT NULL
);
-- Only by a reset, which names its account in its transaction, does anything go that is written once.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('cumulet.account_reset', true) <> '' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% of % is not allowed: it is written once', TG_OP, TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE INDEX lifecycle_fact_by_account ON lifecycle_fact (account, instance_id);
-- A payer's invoice outlives the commitment of a member that was reset.
ALTER TABLE invoice_charge DROP CONSTRAINT invoice_charge_commitment_id_fkey;
ALTER TABLE invoice_correction DROP CONSTRAINT invoice_correction_commitment_id_fkey;
