-- Answers to rows that were sent are kept for a day only: there are many, and sent again the rows change nothing anyway.

-- apply

ALTER TABLE idempotency_keys ADD COLUMN expires_at BIGINT; -- null: as retention says
CREATE INDEX idempotency_keys_by_end ON idempotency_keys (expires_at);
