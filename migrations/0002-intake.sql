-- Movements and messages as they arrive one by one, until they are written to the lake's Parquet files.

-- apply

-- One row: a movement or a message line. The same content of the same kind and system is taken in once.
CREATE TABLE intake_rows (
  batch BIGINT NOT NULL, -- counts up without gaps, in the order of acknowledgement
  line BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('movements', 'messages')),
  system TEXT NOT NULL, -- of movements; empty for messages
  content_hash TEXT NOT NULL,
  at BIGINT NOT NULL, -- posted_at or sent_at
  site TEXT NOT NULL,
  item TEXT NOT NULL,
  document TEXT NOT NULL, -- the canonical row
  received_at BIGINT NOT NULL,
  PRIMARY KEY (batch, line)
);
CREATE UNIQUE INDEX intake_rows_once ON intake_rows (kind, system, content_hash);
CREATE INDEX intake_rows_by_item ON intake_rows (item, kind, at);

INSERT INTO counters (name, value) VALUES ('intake', 0);
