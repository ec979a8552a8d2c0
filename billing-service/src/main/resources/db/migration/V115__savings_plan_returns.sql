-- A Savings Plan that was bought by mistake is given back: it ends with the hour before its first.
ALTER TABLE commitment
    DROP CONSTRAINT commitment_retired_because_check,
    ADD CONSTRAINT commitment_retired_because_check
        CHECK (retired_because IN ('modified', 'exchanged', 'sold', 'returned'));
