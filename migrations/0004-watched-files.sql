-- What became of each file that was seen in a watched folder, and which imports a source has.

-- apply

-- One row: a file under the path of a source, as it was last looked at. A file of the same size and time is not looked at again.
CREATE TABLE watched_files (
  source TEXT NOT NULL,
  path TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  modified_ms TEXT NOT NULL, -- decimal, to fractions of a millisecond: it is held against the file system's
  state TEXT NOT NULL CHECK (state IN ('passed', 'imported', 'held', 'refused')),
  import_id TEXT, -- null: passed over
  reason TEXT,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (source, path)
);

CREATE INDEX imports_by_source ON imports (source, state, received_at);
