-- Discrepancies as they stand now: the balances of the last complete run, carried forward by what was taken in since.

-- apply

-- One row: a state that is worked out (`is_current` 0) or told to others (1). The numbers of generations count up.
CREATE TABLE live_generations (
  generation BIGINT NOT NULL PRIMARY KEY,
  is_current INTEGER NOT NULL,
  run_id TEXT NOT NULL, -- whose balances it starts from
  basis TEXT NOT NULL, -- hash of configuration and master data that it rests on
  fed TEXT NOT NULL, -- the systems whose movements come in, as a JSON array
  horizon BIGINT NOT NULL, -- rows of before are not looked at
  batch BIGINT NOT NULL, -- rows up to this batch are counted in
  as_of BIGINT NOT NULL, -- never goes back
  created_at BIGINT NOT NULL
);

-- One row: who keeps the live state, until when.
CREATE TABLE live_keeper (
  name TEXT NOT NULL PRIMARY KEY,
  worker TEXT NOT NULL,
  lease_until BIGINT NOT NULL
);
INSERT INTO live_keeper (name, worker, lease_until) VALUES ('live', '', 0), ('compaction', '', 0);

-- One row: a key that is out of sync now, beyond tolerance or only for what is in flight.
CREATE TABLE live_lines (
  generation BIGINT NOT NULL,
  item TEXT NOT NULL,
  site TEXT NOT NULL,
  owner TEXT NOT NULL,
  lot TEXT NOT NULL,
  category TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('discrepancy', 'timing')),
  value_size DOUBLE PRECISION NOT NULL, -- |value| in minor units; -1 where no cost is known
  document TEXT NOT NULL, -- the line's figures
  opened_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (generation, item, site, owner, lot, category)
);
CREATE INDEX live_lines_by_value ON live_lines (generation, state, value_size, item);

-- One row: an item (or a message that names none) that may change at this moment though nothing arrives.
CREATE TABLE live_dues (
  generation BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('item', 'message')),
  name TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (generation, kind, name)
);
CREATE INDEX live_dues_by_moment ON live_dues (generation, due_at);

-- One row: something that asks for somebody. The same subject has one open alert at a time.
CREATE TABLE alerts (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('late-message', 'silent-feed')),
  subject TEXT NOT NULL,
  open_subject TEXT UNIQUE, -- kind and subject while it is open
  site TEXT NOT NULL, -- empty: of all sites, or not known
  item TEXT NOT NULL,
  document TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE INDEX alerts_by_opening ON alerts (opened_at, id);
CREATE INDEX alerts_by_item ON alerts (item, closed_at);
