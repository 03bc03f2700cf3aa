-- Views of the console's pages that people keep: what is asked for, and the columns that are shown.

-- apply

-- One row: a view of one owner (who made it); shared ones are seen by all.
CREATE TABLE views (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  columns TEXT NOT NULL, -- JSON: names in their order
  is_shared INTEGER NOT NULL CHECK (is_shared IN (0, 1)),
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (owner, page, name)
);

CREATE INDEX shared_views ON views (is_shared, page);
