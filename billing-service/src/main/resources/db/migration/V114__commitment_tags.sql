-- Tags are their owners' affair: they change no version and cause no event.
ALTER TABLE commitment ADD COLUMN tags jsonb NOT NULL DEFAULT '{}';
