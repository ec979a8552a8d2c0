-- What an owner says of an instance besides what it is: monitoring, metadata options, protection from being stopped and the like.
-- Null: nothing, so that what is usual holds.
ALTER TABLE instance ADD COLUMN options jsonb;
