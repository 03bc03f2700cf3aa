-- Who is told what: channels and rules, what has yet to be told, what was, and each delivery until it was received.

-- apply

-- One row: a way to reach people or a system. Its secret is a name in the server's environment, or sealed.
CREATE TABLE notification_channels (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('email', 'slack', 'teams', 'webhook')),
  settings TEXT NOT NULL,
  secret TEXT, -- null: it needs none
  is_enabled INTEGER NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- One row: a rule that says which events are told through which channels.
CREATE TABLE notification_rules (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- One row: something that is to be told by a rule, and waits for more or for the end of quiet hours.
CREATE TABLE notification_pending (
  rule_id TEXT NOT NULL REFERENCES notification_rules (id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  subject TEXT NOT NULL, -- the key of a discrepancy, the id of a run or an alert
  size DOUBLE PRECISION NOT NULL, -- what comes first in a message: |value| in minor units, -1 where no cost is known
  document TEXT NOT NULL,
  at BIGINT NOT NULL, -- since when it waits
  PRIMARY KEY (rule_id, topic, subject)
);

-- One row: a discrepancy that was told by a rule.
CREATE TABLE notification_told (
  rule_id TEXT NOT NULL REFERENCES notification_rules (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  size DOUBLE PRECISION NOT NULL, -- as it was told last
  told_at BIGINT NOT NULL,
  gone_at BIGINT, -- since when it is in sync again; null: it is not
  PRIMARY KEY (rule_id, subject)
);

-- One row: a message on its way through a channel. Whoever holds lease_token until lease_until sends it.
CREATE TABLE notification_deliveries (
  id TEXT NOT NULL PRIMARY KEY, -- receivers know a repetition by it
  rule_id TEXT NOT NULL,
  rule_name TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  channel_name TEXT NOT NULL,
  topic TEXT NOT NULL,
  message TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'dead')),
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  lease_token BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT,
  answer TEXT, -- what the receiver said last, or why there was no answer
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX notification_deliveries_by_state ON notification_deliveries (state, next_at);
CREATE INDEX notification_deliveries_by_creation ON notification_deliveries (created_at, id);

-- Up to which event what is to be told is known. What happened before there were rules is told to nobody.
INSERT INTO counters (name, value) SELECT 'notified', value FROM counters WHERE name = 'events';
INSERT INTO live_keeper (name, worker, lease_until) VALUES ('notify', '', 0);

-- after

SELECT 'the position among the events is missing' AS problem
WHERE NOT EXISTS (SELECT 1 FROM counters WHERE name = 'notified');
