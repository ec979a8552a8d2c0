-- Requests whose instance the market stopped before it knew how to start one again: they bid on from now.
UPDATE spot_request SET bid = 'WAITING'
WHERE state = 'DISABLED' AND bid = 'NONE' AND NOT cancelled
  AND status IN ('INSTANCE_STOPPED_BY_PRICE', 'INSTANCE_STOPPED_NO_CAPACITY');
