-- Movements and messages as they arrive one by one, until they are written to the lake's Parquet files.

-- apply

-- One row: a movement or a message line.
CREATE TABLE intake_rows (
  batch BIGINT NOT NULL, -- counts up without gaps, in the order of acknowledgement
  line BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('movements', 'messages')),
  system TEXT NOT NULL, -- of movements; of messages the sender
  at BIGINT NOT NULL, -- posted_at or sent_at
  site TEXT NOT NULL, -- common names; empty where the row names none
  item TEXT NOT NULL,
  message_id TEXT NOT NULL,
  reference TEXT NOT NULL,
  state TEXT NOT NULL, -- of messages
  document TEXT NOT NULL, -- the canonical row
  received_at BIGINT NOT NULL,
  PRIMARY KEY (batch, line)
);
CREATE INDEX intake_rows_by_item ON intake_rows (item, batch);
CREATE INDEX intake_rows_by_message ON intake_rows (message_id, item);
CREATE INDEX intake_rows_by_reference ON intake_rows (reference, item);

-- One row: a content that was taken in, by the hash of its kind, system and canonical row. It outlasts the row itself, so
-- that a resend is a no-op after the row went to the lake.
CREATE TABLE intake_hashes (
  content_hash TEXT NOT NULL PRIMARY KEY,
  received_at BIGINT NOT NULL
);

-- One row: somebody who sends: a system its movements, an interface its messages.
CREATE TABLE intake_feeds (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  rows BIGINT NOT NULL,
  first_at BIGINT NOT NULL, -- when the first and the last row were received
  last_at BIGINT NOT NULL,
  PRIMARY KEY (kind, name)
);

-- One row: a Parquet file of the lake with rows of these batches. All batches up to the counter intake_written are in parts.
CREATE TABLE intake_parts (
  path TEXT NOT NULL PRIMARY KEY, -- below the data directory
  kind TEXT NOT NULL,
  system TEXT NOT NULL, -- empty for messages
  first_batch BIGINT NOT NULL,
  last_batch BIGINT NOT NULL,
  rows BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  from_at BIGINT NOT NULL, -- earliest and latest posted_at or sent_at
  to_at BIGINT NOT NULL,
  written_at BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('intake', 0), ('intake_written', 0);
