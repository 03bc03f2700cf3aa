-- Work state: who may do what, what is to be done, what was done. One row is one fact; results of runs are files in the data
-- directory. The same text serves SQLite and PostgreSQL, therefore: moments are milliseconds since 1970 (BIGINT), truth is
-- 0 or 1, lists and documents are JSON as text, quantities are decimals as text. null means unknown or not yet, never zero.

-- apply

-- Numbers that count up without gaps, taken inside the transaction that uses them: who reads numbers up to n has seen all.
CREATE TABLE counters (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);

-- One row: a person. A person of the identity provider has a subject and no password.
CREATE TABLE people (
  id TEXT NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT,
  subject TEXT UNIQUE,
  password_hash TEXT,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'approver', 'administrator')),
  sites TEXT, -- null: all sites
  is_enabled INTEGER NOT NULL DEFAULT 1,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);

-- One row: somebody signed in. Only the hash of the cookie's secret is kept.
CREATE TABLE sessions (
  secret_hash TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  csrf_token TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);

-- One row: a key of another system. Only the hash of its secret is kept.
CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'approver', 'administrator')),
  sites TEXT,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT,
  version BIGINT NOT NULL DEFAULT 1
);

-- One row: a link with which the first administrator is set up, once.
CREATE TABLE setup_tokens (
  secret_hash TEXT NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

-- One row: an account or an address that failed to sign in of late.
CREATE TABLE login_failures (
  subject TEXT NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

-- One row: work to be done once. Whoever holds lease_token until lease_until does it; a lease that ran out is taken over with
-- a higher lease_token, and what the former holder still says is refused.
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  dedupe_key TEXT UNIQUE, -- a second job of the same key is the first one
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  attempts_max BIGINT NOT NULL,
  lease_token BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT,
  worker TEXT,
  progress TEXT,
  result TEXT,
  failure TEXT,
  requested_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  cancel_requested_at BIGINT
);
CREATE INDEX jobs_by_state ON jobs (state, run_at);

-- One row: a run, from its request on. Its result is the folder runs/<id> of the data directory.
CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY,
  job_id TEXT UNIQUE REFERENCES jobs (id), -- null: made from the command line
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'complete', 'refused', 'failed', 'cancelled')),
  cause TEXT NOT NULL CHECK (cause IN ('request', 'schedule', 'arrival', 'catch-up', 'command-line')),
  schedule_id TEXT,
  slot_at BIGINT,
  requested_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  mapping_version BIGINT,
  summary TEXT, -- run.json without its lists
  failure TEXT
);
CREATE INDEX runs_by_creation ON runs (created_at, id);
CREATE INDEX runs_by_state ON runs (state, created_at);

-- One row: a rule that says when runs are made.
CREATE TABLE schedules (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL, -- what people edit: times or arrival, time zone, calendar, blackouts, filters
  is_enabled INTEGER NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  considered_until BIGINT NOT NULL -- slots up to here are decided
);

-- One row: a slot of a schedule that one server has taken, whatever the others see.
CREATE TABLE schedule_slots (
  schedule_id TEXT NOT NULL,
  slot_at BIGINT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('run', 'blackout', 'missed')),
  job_id TEXT,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (schedule_id, slot_at)
);

-- One row: a file or a batch that was brought in. The same content of the same kind and system is brought in once.
CREATE TABLE imports (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  system TEXT NOT NULL, -- empty: not of one system
  source TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  rows BIGINT,
  rejected BIGINT,
  as_of BIGINT,
  state TEXT NOT NULL CHECK (state IN ('accepted', 'held', 'refused', 'removed')),
  failure TEXT,
  path TEXT, -- below the data directory; null once retention removed it
  received_by TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  UNIQUE (kind, system, sha256)
);
CREATE INDEX imports_by_receipt ON imports (received_at, id);

-- One row: an answer that a repeated request gets again.
CREATE TABLE idempotency_keys (
  principal TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status BIGINT, -- null: the first request is still under way
  response TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (principal, idempotency_key)
);

-- One row: something that subscribers are told, in order.
CREATE TABLE events (
  number BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  site TEXT, -- null: of all sites
  document TEXT NOT NULL
);

-- One row: a change, chained by hashes to the one before it. Never updated, never deleted.
CREATE TABLE audit (
  number BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  before_document TEXT,
  after_document TEXT,
  request_id TEXT,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_by_entity ON audit (entity, entity_id, number);

-- One row: a state of the mapping of stock statuses onto categories, by whom and why.
CREATE TABLE mapping_versions (
  version BIGINT NOT NULL PRIMARY KEY,
  origin TEXT NOT NULL CHECK (origin IN ('file', 'edit', 'roll-back')),
  document TEXT NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('audit', 0), ('events', 0), ('mapping_versions', 0);
