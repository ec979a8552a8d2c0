-- How often the present instance of a request was warned: what versions of its interruptions' events are counted by.
ALTER TABLE spot_request ADD COLUMN interruptions integer NOT NULL DEFAULT 0;
